fn main() -> std::process::ExitCode {
    harness::cargo_test::main(frames_lesson::LESSON, env!("CARGO_BIN_EXE_frames"))
}
