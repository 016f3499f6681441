//! Runs a command in a box: to look around in one.
//!
//! ```text
//! cargo run -p sandbox --example boxed -- [--light] [--read PATH]… -- ls -l /
//! ```

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use sandbox::{Kind, Limits, Spec, keeper, prepare};

fn main() -> std::io::Result<ExitCode> {
    keeper::run_if_asked();
    let mut spec = Spec::new("/bin/sh", &[], Limits::program());
    let mut arguments = std::env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.to_str() {
            Some("--light") => spec.kind = Kind::Light,
            Some("--read") => spec.readable.extend(arguments.next().map(Into::into)),
            Some("--") => break,
            _ => {
                eprintln!("boxed [--light] [--read PATH]… -- COMMAND");
                return Ok(ExitCode::from(2));
            }
        }
    }
    let mut command: Vec<OsString> = arguments.collect();
    if !command.is_empty() {
        spec.program = command.remove(0);
        spec.args = command;
    }
    let mut prepared = prepare(Path::new("/proc/self/exe"), &spec)?;
    let mut child = prepared.command.spawn()?;
    drop(prepared.command);
    let started = prepared.link.started();
    let status = child.wait()?;
    started?;
    for limit in prepared.link.ending().limits {
        eprintln!("the box ended it: {limit}");
    }
    println!("{status}");
    Ok(ExitCode::SUCCESS)
}
