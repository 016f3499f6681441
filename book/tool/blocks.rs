//! Code in the chapters that nothing compiles.
//!
//! Good is: a block that is included from a file; one whose lines all stand in one file that the tests
//! compile; Python that compiles; and a block whose first line says why nothing compiles it:
//!
//! | word | meaning |
//! |---|---|
//! | `fragment` | lines out of a function, which mean nothing alone |
//! | `sketch` | leaves something out, on purpose |
//!
//! `text` and `console` are no code. A text that is drawn with lines says so, `text,picture`: the look in a
//! browser sees to it that a picture is never wider than a phone.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use pulldown_cmark::{CodeBlockKind, Event, Parser, Tag, TagEnd};

use crate::files::files;

/// Says why a block is not compiled.
const REASONS: [&str; 2] = ["fragment", "sketch"];
/// Signs of which pictures are made.
const DRAWN: [char; 10] = ['─', '│', '┌', '└', '═', '▶', '◀', '▲', '▼', '▤'];
/// Where the tests compile all there is.
const COMPILED: [&str; 3] = ["lessons", "solutions", "exercises"];

/// A block of code in a chapter.
#[derive(Debug)]
struct Block {
    /// `205-echo.md:120`.
    place: String,
    /// What follows the three marks: the language, then words.
    info: String,
    code: String,
}

/// All faults, each in a line.
pub(crate) fn faults(home: &Path) -> anyhow::Result<Vec<String>> {
    let chapters = home.join("book/src");
    let sources = sources(home)?;
    let mut faults = Vec::new();
    for path in files(&chapters, "md")? {
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let name = path.strip_prefix(&chapters).unwrap_or(&path).display();
        for block in blocks(&name.to_string(), &text) {
            let torn = torn(path.parent().unwrap_or(&path), &block.code)?;
            for fault in fault(&block, &sources)?.into_iter().chain(torn) {
                faults.push(format!("{}: {fault}", block.place));
            }
        }
    }
    Ok(faults)
}

fn fault(block: &Block, sources: &[BTreeSet<String>]) -> anyhow::Result<Option<String>> {
    let mut words = block.info.split([',', ' ']);
    let language = words.next().unwrap_or_default();
    if language == "text" && block.code.contains(DRAWN) && !words.any(|word| word == "picture") {
        return Ok(Some(
            "a picture that does not say so: `text,picture`".into(),
        ));
    }
    if block.code.contains("{{#include ") || words.any(|word| REASONS.contains(&word)) {
        return Ok(None);
    }
    Ok(match language {
        "text" | "console" => None,
        "python" => python_fault(&block.code)?,
        "rust" if is_taken_from(&block.code, sources) => None,
        "" => Some("a block of code without a language".into()),
        _ => Some(format!(
            "nothing compiles this {language}, and it does not say why: {REASONS:?}"
        )),
    })
}

/// Includes of some lines of a Rust file that begin or end in the middle of something: the file has got
/// other lines since.
fn torn(folder: &Path, code: &str) -> anyhow::Result<Vec<String>> {
    let mut faults = Vec::new();
    for include in code.split("{{#include ").skip(1) {
        let what = include.split("}}").next().unwrap_or_default();
        let mut parts = what.trim().split(':');
        let (name, from) = (parts.next().unwrap_or_default(), parts.next());
        let is_rust = Path::new(name).extension().is_some_and(|e| e == "rs");
        let Some(from) = from.filter(|_| is_rust) else {
            continue;
        };
        let path = folder.join(name);
        let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let (from, to) = (
            from.parse().unwrap_or(1),
            parts.next().and_then(|to| to.parse().ok()),
        );
        if !is_whole(&text, from, to.unwrap_or(usize::MAX)) {
            faults.push(format!("{what} begins or ends in the middle of a block"));
        }
    }
    Ok(faults)
}

/// Whether each brace in these lines, counted from 1, has its other one among them.
fn is_whole(text: &str, from: usize, to: usize) -> bool {
    let lines = text.lines().take(to).skip(from.saturating_sub(1));
    let mut open = 0_usize;
    for letter in lines.flat_map(str::chars) {
        match (letter, open) {
            ('{', _) => open += 1,
            ('}', 0) => return false,
            ('}', _) => open -= 1,
            _ => {}
        }
    }
    open == 0
}

/// The blocks of a chapter.
fn blocks(name: &str, text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut inside: Option<Block> = None;
    for (event, range) in Parser::new(text).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.into_string(),
                    // Only spaces in front of it, and no word about what it is.
                    CodeBlockKind::Indented => String::new(),
                };
                let line = text[..range.start].matches('\n').count() + 1;
                inside = Some(Block {
                    place: format!("{name}:{line}"),
                    info,
                    code: String::new(),
                });
            }
            Event::Text(code) => {
                if let Some(block) = &mut inside {
                    block.code.push_str(&code);
                }
            }
            Event::End(TagEnd::CodeBlock) => blocks.extend(inside.take()),
            _ => {}
        }
    }
    blocks
}

/// Each Rust file that the tests compile, as the set of its lines.
fn sources(home: &Path) -> anyhow::Result<Vec<BTreeSet<String>>> {
    let mut sources = Vec::new();
    for folder in COMPILED {
        for path in files(&home.join(folder), "rs")? {
            let text = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            sources.push(lines(&text));
        }
    }
    Ok(sources)
}

/// Whether all lines stand in one file.
fn is_taken_from(code: &str, sources: &[BTreeSet<String>]) -> bool {
    let lines = lines(code);
    sources.iter().any(|source| lines.is_subset(source))
}

/// Lines without comments and spaces. What is imported shows in the lines that use it.
fn lines(code: &str) -> BTreeSet<String> {
    let said = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default().trim());
    let said = said.filter(|line| !line.is_empty() && !line.starts_with("use "));
    said.map(|line| line.split_whitespace().collect()).collect()
}

/// What Python says to it, unless it compiles.
fn python_fault(code: &str) -> anyhow::Result<Option<String>> {
    let mut python = Command::new("python3")
        .args(["-c", "import ast, sys; ast.parse(sys.stdin.read())"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .context("python3, to compile the chapters' Python")?;
    let mut input = python.stdin.take().context("a pipe to python3")?;
    input.write_all(code.as_bytes())?;
    drop(input);
    let output = python.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().next_back().unwrap_or("python3 refuses it");
    Ok((!output.status.success()).then(|| last.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is said to the blocks of this chapter, where the tests compile `compiled`.
    fn said(chapter: &str, compiled: &str) -> Vec<String> {
        let sources = [lines(compiled)];
        let blocks = blocks("one.md", chapter);
        let said = blocks.iter().map(|block| fault(block, &sources));
        let said: anyhow::Result<Vec<_>> = said.collect();
        said.expect("python3 is there")
            .into_iter()
            .flatten()
            .collect()
    }

    #[test]
    fn lines_of_a_file_that_is_compiled_are_good() {
        let chapter = "```rust,ignore\nlet a = 1; // one\n```\n";
        assert_eq!(said(chapter, "fn f() {\n  let a = 1;\n}"), [""; 0]);
    }

    #[test]
    fn rust_that_nothing_compiles_is_a_fault_unless_it_says_why() {
        let chapter = "```rust,ignore\nlet b = 1;\n```\n\n```rust,ignore,sketch\nlet c = …;\n```\n";
        assert_eq!(
            said(chapter, "let a = 1;"),
            ["nothing compiles this rust, and it does not say why: [\"fragment\", \"sketch\"]"]
        );
    }

    #[test]
    fn lines_that_were_right_before_their_file_changed_are_noticed() {
        let file = "fn one() {\n    two();\n}\n\nfn two() {\n}\n";
        assert!(is_whole(file, 1, 3));
        assert!(is_whole(file, 2, 2));
        assert!(is_whole(file, 5, usize::MAX));
        assert!(!is_whole(file, 1, 2));
        assert!(!is_whole(file, 3, usize::MAX));
    }

    #[test]
    fn a_block_that_is_only_indented_says_nothing_about_itself() {
        let chapter = "A text.\n\n    let a = 1;\n\n";
        assert_eq!(
            said(chapter, "let a = 1;"),
            ["a block of code without a language"]
        );
    }

    #[test]
    fn a_picture_says_that_it_is_one() {
        let chapter = "```text\nalice ─▶ bob\n```\n\n```text,picture\nalice ─▶ bob\n```\n";
        assert_eq!(
            said(chapter, ""),
            ["a picture that does not say so: `text,picture`"]
        );
    }

    #[test]
    fn python_that_does_not_compile_is_a_fault() {
        let chapter = "```python\nprint(1)\n```\n\n```python\nprint(\n```\n";
        assert_eq!(said(chapter, ""), ["SyntaxError: '(' was never closed"]);
    }
}
