fn main() -> std::process::ExitCode {
    harness::cargo_test::main(addresses_lesson::LESSON, env!("CARGO_BIN_EXE_addresses"))
}
