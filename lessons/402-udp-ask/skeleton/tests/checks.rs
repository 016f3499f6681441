fn main() -> std::process::ExitCode {
    harness::cargo_test::main(udp_ask_lesson::LESSON, env!("CARGO_BIN_EXE_udp-ask"))
}
