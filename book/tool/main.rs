//! The book: builds it, serves it while one writes, checks it.
//!
//! ```text
//! cargo book build           writes book/book/
//! cargo book serve           builds, serves on loopback, and builds again at each change
//! cargo book check           builds, and looks for what is broken
//! cargo book capture echo    makes the capture behind a diagram again
//! ```

#![forbid(unsafe_code)]

mod broken;
mod capture;
mod generated;
mod glossary;
mod ladder;
mod misconceptions;
mod packet;
mod parts;
mod render;
mod serve;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// Builds, serves and checks the book of the course.
#[derive(Debug, Parser)]
#[command(name = "cargo book")]
struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the book's pages to book/book/.
    Build,
    /// Show the book in a browser, and build it again when a chapter changes.
    Serve {
        /// The port on 127.0.0.1; 0 for any that is free.
        #[arg(long, default_value_t = 3000)]
        port: u16,
    },
    /// Build the book and report what is broken in it: links, includes, chapters that are nowhere.
    Check,
    /// Make the captures behind the diagrams again, in book/captures/.
    Capture {
        /// Which ones; all of them if none is named.
        names: Vec<String>,
        /// Write nothing; report whether the kept ones tell the same story.
        #[arg(long)]
        compare: bool,
    },
    /// What mdbook calls: fill in what the course knows.
    #[command(hide = true)]
    Preprocess {
        /// `supports RENDERER`, or nothing.
        words: Vec<String>,
    },
}

fn main() -> ExitCode {
    // mdBook says by this what it could not do, such as an include that finds no file.
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::WARN)
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .init();
    match run(&Args::parse().command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("book: {error:#}");
            ExitCode::from(3)
        }
    }
}

/// Whether all was well.
fn run(command: &Command) -> anyhow::Result<bool> {
    let book = home()?.join("book");
    match command {
        Command::Build => {
            let pages = render::build(&book)?;
            println!("{}", pages.join("index.html").display());
            Ok(true)
        }
        Command::Serve { port } => serve::serve(&book, *port).map(|()| true),
        Command::Check => {
            let pages = render::build(&book)?;
            let broken = broken::find(&book, &pages)?;
            for fault in &broken {
                println!("{fault}");
            }
            match broken.len() {
                0 => println!("the book is whole"),
                n => println!("{n} faults"),
            }
            Ok(broken.is_empty())
        }
        Command::Capture { names, compare } => capture::again(&book, names, *compare),
        Command::Preprocess { words } => {
            // Every renderer is supported: what is filled in is Markdown.
            if words.is_empty() {
                render::preprocess(std::io::stdin(), std::io::stdout())?;
            }
            Ok(true)
        }
    }
}

/// The folder of the course: the one above this package's.
fn home() -> anyhow::Result<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let home = here.parent().context("the package has no folder above")?;
    Ok(home.to_owned())
}
