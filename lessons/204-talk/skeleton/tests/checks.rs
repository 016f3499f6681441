fn main() -> std::process::ExitCode {
    harness::cargo_test::main(talk_lesson::LESSON, env!("CARGO_BIN_EXE_talk"))
}
