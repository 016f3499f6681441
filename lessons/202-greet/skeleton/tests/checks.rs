fn main() -> std::process::ExitCode {
    harness::cargo_test::main(greet_lesson::LESSON, env!("CARGO_BIN_EXE_greet"))
}
