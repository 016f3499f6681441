fn main() -> std::process::ExitCode {
    harness::cargo_test::main(echo_lesson::LESSON, env!("CARGO_BIN_EXE_echo"))
}
