fn main() -> std::process::ExitCode {
    harness::cargo_test::main(threads_lesson::LESSON, env!("CARGO_BIN_EXE_threads"))
}
