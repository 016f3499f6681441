//! What is said at the prompt, and what comes of it, wherever the prompt is.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use harness::{Lesson, Role, Run};

use super::session::{SERVER, Session};
use super::words::{self, Words};

/// A session, and what was said in it.
pub(crate) struct Talk<'a> {
    pub(crate) run: &'a mut Run,
    pub(crate) session: Session,
    lesson: &'static Lesson,
    /// What was done, as it was typed: a script.
    said: Vec<String>,
}

/// What comes of a line.
pub(crate) enum Answer {
    /// Nothing: it was a comment.
    Nothing,
    /// Words for whoever has typed it.
    Told(String),
    /// Something was done, or could not be: why.
    Done(Result<(), String>),
    /// It ends here.
    Quit,
}

impl<'a> Talk<'a> {
    pub(crate) fn new(run: &'a mut Run, session: Session, lesson: &'static Lesson) -> Self {
        Self {
            run,
            session,
            lesson,
            said: Vec::new(),
        }
    }

    /// Does what `line` says.
    pub(crate) fn hear(&mut self, line: &str) -> Answer {
        let words = match words::parse(line) {
            Ok(Some(words)) => words,
            Ok(None) => return Answer::Nothing,
            Err(why) => return Answer::Told(why),
        };
        match &words {
            Words::Quit => Answer::Quit,
            Words::Help => Answer::Told(help(self.lesson)),
            Words::Save(file) => Answer::Told(match save(Path::new(file), &self.said) {
                Ok(()) => format!(
                    "saved; again: cargo socklings try {} --script {file}",
                    self.lesson.slug
                ),
                Err(error) => format!("{file} cannot be written: {error}"),
            }),
            _ => {
                let done = self.session.act(self.run, &words);
                if done.is_ok() && words != Words::Look {
                    self.said.push(line.to_owned());
                }
                Answer::Done(done)
            }
        }
    }

    /// How one begins.
    pub(crate) fn greeting(&self) -> String {
        let first = match self.lesson.role {
            Role::Client if is_udp(self.lesson) => format!(
                "Your program is the client; you are the {SERVER}. Say beforehand what it answers:\n\
                 {SERVER} answer \"fine\", and then: program start"
            ),
            Role::Client => format!("Your program is the client; you are the {SERVER}."),
            Role::Server | Role::Filter => "Begin with: alice connect".to_owned(),
        };
        format!("{first}\nhelp shows what one can say; quit ends.")
    }
}

/// Writes a script. A file that is there already is left alone.
fn save(file: &Path, said: &[String]) -> io::Result<()> {
    let mut script = fs::File::create_new(file)?;
    for line in said {
        writeln!(script, "{line}")?;
    }
    Ok(())
}

/// Whether programs of this lesson speak in datagrams.
pub(crate) fn is_udp(lesson: &Lesson) -> bool {
    lesson.verbs.contains(&"recvfrom")
}

/// What one can say, in this lesson.
fn help(lesson: &Lesson) -> String {
    let is_udp = is_udp(lesson);
    let is_client = lesson.role == Role::Client;
    let peer = if is_client { SERVER } else { "alice" };
    let mut lines: Vec<(String, &str)> = Vec::new();
    let mut act = |act: &str, meaning| lines.push((format!("{peer} {act}"), meaning));
    if !is_client {
        act("connect", "any name will do: bob connect");
    }
    act("send \"hel\\n\"", r#"as in Rust: \n \r \t \0 \x1f \\ \""#);
    if is_udp && is_client {
        act(
            "answer \"fine\"",
            "each question from now on, behind its id of two bytes",
        );
    }
    if is_udp {
        act(
            "lose 2",
            "the network loses the program's next two datagrams",
        );
    } else {
        act("end", "sends no more, and still receives");
        act("reset", "leaves as a program that crashes");
        act("pause", "receives nothing from now on; resume");
    }
    act("close", "");
    let mut other = |words: &str, meaning| lines.push((words.to_owned(), meaning));
    other(
        "program type \"text\\n\"",
        "on the program's standard input; program end",
    );
    if is_client {
        other("program start", "again; program start WORDS: with these");
    }
    other("(Enter)", "looks again");
    other("save FILE", "what was said so far, for --script FILE");
    other("quit", "");
    let line = |(words, meaning): &(String, &str)| format!("  {words:24} {meaning}");
    let lines: Vec<String> = lines
        .iter()
        .map(|both| line(both).trim_end().to_owned())
        .collect();
    lines.join("\n")
}
