fn main() -> std::process::ExitCode {
    harness::cargo_test::main(udp_echo_lesson::LESSON, env!("CARGO_BIN_EXE_udp-echo"))
}
