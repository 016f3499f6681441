fn main() -> std::process::ExitCode {
    harness::cargo_test::main(send_file_lesson::LESSON, env!("CARGO_BIN_EXE_send-file"))
}
