fn main() -> std::process::ExitCode {
    harness::cargo_test::main(connect_lesson::LESSON, env!("CARGO_BIN_EXE_connect"))
}
