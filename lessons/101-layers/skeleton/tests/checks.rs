fn main() -> std::process::ExitCode {
    harness::cargo_test::main(layers_lesson::LESSON, env!("CARGO_BIN_EXE_layers"))
}
