fn main() -> std::process::ExitCode {
    harness::cargo_test::main(listen_lesson::LESSON, env!("CARGO_BIN_EXE_listen"))
}
