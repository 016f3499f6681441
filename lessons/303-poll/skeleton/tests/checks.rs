fn main() -> std::process::ExitCode {
    harness::cargo_test::main(poll_lesson::LESSON, env!("CARGO_BIN_EXE_poll"))
}
