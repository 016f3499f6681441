//! must: graded 0
use std::os::unix::process::CommandExt;
fn main() {
    let arguments = std::env::args_os().skip(1);
    let error = std::process::Command::new("@TARGET@/echo-solution").args(arguments).exec();
    eprintln!("{error}");
    std::process::exit(1);
}
