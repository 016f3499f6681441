fn main() -> std::process::ExitCode {
    harness::cargo_test::main(records_lesson::LESSON, env!("CARGO_BIN_EXE_records"))
}
