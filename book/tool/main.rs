//! The book: builds it, serves it while one writes, checks it.
//!
//! ```text
//! cargo book build           writes book/book/
//! cargo book serve           builds, serves on loopback, and builds again at each change
//! cargo book check           builds, and looks for what is broken
//! cargo book capture echo    makes the capture behind a diagram again
//! ```

#![deny(unsafe_code)]

mod blocks;
mod broken;
mod browser;
mod capture;
mod errors;
mod files;
mod generated;
mod glossary;
mod ladder;
mod misconceptions;
mod packet;
mod parts;
mod prose;
mod render;
mod serve;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Parser, Subcommand};

/// Builds, serves and checks the book of the course.
#[derive(Debug, Parser)]
#[command(name = "book", bin_name = "cargo book")]
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
    /// Build the book and report what is broken in it.
    ///
    /// Links, includes, code that nothing compiles, words that the glossary lacks, chapters that are
    /// nowhere. Where Chromium is installed, every page is opened in it, at the widths of a phone and a
    /// desk, in both themes.
    Check {
        /// Open no browser.
        #[arg(long)]
        no_browser: bool,
    },
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
        Command::Check { no_browser } => check(&book, !no_browser),
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

/// Prints what is broken. Whether nothing is.
fn check(book: &Path, in_browser: bool) -> anyhow::Result<bool> {
    let pages = render::build(book)?;
    let mut faults = broken::find(book, &pages)?;
    faults.extend(blocks::faults(&home()?)?);
    match browser::find().filter(|_| in_browser) {
        Some(chromium) => {
            let report = browser::look(&chromium, &pages)?;
            println!(
                "{} looked at {} pages and stepped through {} diagrams",
                chromium.display(),
                report.pages,
                report.diagrams
            );
            faults.extend(report.faults);
        }
        None if in_browser => println!("no page was looked at: there is no Chromium here"),
        None => println!("no page was looked at in a browser"),
    }
    for fault in &faults {
        println!("{fault}");
    }
    match faults.len() {
        0 => println!("the book is whole"),
        n => println!("{n} faults"),
    }
    Ok(faults.is_empty())
}

/// The folder of the course: the one above this package's.
fn home() -> anyhow::Result<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let home = here.parent().context("the package has no folder above")?;
    Ok(home.to_owned())
}
