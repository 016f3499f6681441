fn main() -> std::process::ExitCode {
    harness::cargo_test::main(chat_lesson::LESSON, env!("CARGO_BIN_EXE_chat"))
}
