//! must: ungradable
#[path = "@COURSE@/solutions/205-echo/src/main.rs"]
mod solution;
fn main() -> std::process::ExitCode {
    solution::main()
}
