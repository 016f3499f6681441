//! Servers that receive a message and never do anything again, each in a way of its own. All of these
//! must be called a stall, at once.
//!
//! ```text
//! stuck                  prints the names
//! stuck NAME ADDRESS     serves
//! ```

#![deny(unsafe_code)]
#![expect(
    clippy::needless_pass_by_value,
    clippy::unnecessary_wraps,
    reason = "they all have the same signature"
)]

#[cfg(target_os = "linux")]
mod calls;
#[cfg(target_os = "linux")]
mod names;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
#[path = "../raw.rs"]
mod raw;
#[cfg(target_os = "linux")]
mod room;
#[cfg(target_os = "linux")]
mod runtimes;
#[cfg(target_os = "linux")]
mod signals;
#[cfg(target_os = "linux")]
mod threads;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    names::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("these programs are for Linux");
}
