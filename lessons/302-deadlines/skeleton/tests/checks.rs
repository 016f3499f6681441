fn main() -> std::process::ExitCode {
    harness::cargo_test::main(deadlines_lesson::LESSON, env!("CARGO_BIN_EXE_deadlines"))
}
