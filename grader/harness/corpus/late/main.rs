//! Servers that look stalled and are not: each answers, or speaks unasked, only after a while, and
//! waits for that in a way of its own. Nothing here may ever be called a stall.
//!
//! ```text
//! late                            prints the names
//! late NAME ADDRESS [unasked]     serves; unasked, it speaks first
//! late NAME=WHO ADDRESS …         the same, waiting for somebody outside
//! ```

#![deny(unsafe_code)]
#![expect(clippy::unnecessary_wraps, reason = "they all have the same signature")]

#[cfg(target_os = "linux")]
mod files;
#[cfg(target_os = "linux")]
mod links;
#[cfg(target_os = "linux")]
mod locks;
#[cfg(target_os = "linux")]
mod names;
#[cfg(target_os = "linux")]
mod outside;
#[cfg(target_os = "linux")]
mod processes;
#[cfg(target_os = "linux")]
#[path = "../raw.rs"]
mod raw;
#[cfg(target_os = "linux")]
mod readiness;
#[cfg(target_os = "linux")]
mod rings;
#[cfg(target_os = "linux")]
mod runtimes;
#[cfg(target_os = "linux")]
mod serve;
#[cfg(target_os = "linux")]
mod servers;
#[cfg(target_os = "linux")]
mod sleeps;
#[cfg(target_os = "linux")]
mod tcp;
#[cfg(target_os = "linux")]
mod threads;
#[cfg(target_os = "linux")]
mod timers;

#[cfg(target_os = "linux")]
fn main() -> std::process::ExitCode {
    names::main()
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("these programs are for Linux");
}
