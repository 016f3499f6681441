//! Where a capture comes from: programs of the course that ran in an arena, or a script of calls.
//!
//! ```text
//! server: echo-demo-keep-echoing 127.0.0.1:9000
//! client: echo-demo-send-every-second 127.0.0.1:9000
//! ctrl-c: client in its sleep 2
//! ```
//!
//! Where `file: NAME CONTENT` stands, `{file}` is the path of such a file, and `{folder}` that of an empty folder.
//! `both: PROGRAM` is one program that holds both ends. `script: WHY` says why no program shows it.

use std::fmt;

use anyhow::{Context as _, bail};

use super::script::Side;

/// Where a capture comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// The programs, in the order in which they may act. None for a script.
    pub(crate) programs: Vec<Program>,
    /// Who is interrupted by Ctrl-C, and in which of its sleeps.
    pub(crate) interrupt: Option<(Side, u32)>,
    /// A file's name and content.
    pub(crate) file: Option<(String, String)>,
    /// Why it is a script.
    why: Option<String>,
}

/// A program with its arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Program {
    /// None if it holds both ends.
    pub(crate) side: Option<Side>,
    pub(crate) words: Vec<String>,
}

impl Source {
    /// Takes one line of a file's head.
    pub(crate) fn line(&mut self, key: &str, value: &str) -> anyhow::Result<()> {
        match key {
            "server" => self.program(Some(Side::Server), value),
            "client" => self.program(Some(Side::Client), value),
            "both" => self.program(None, value),
            "file" => {
                let (name, content) = value.split_once(' ').context("file: NAME CONTENT")?;
                self.file = Some((name.to_owned(), content.to_owned()));
            }
            "script" => self.why = Some(value.to_owned()),
            "ctrl-c" => {
                let number = value.strip_prefix("client in its sleep ");
                let number = number.context("ctrl-c is for `client in its sleep NUMBER`")?;
                self.interrupt = Some((Side::Client, number.parse()?));
            }
            _ => bail!("nothing of a capture is called {key:?}"),
        }
        Ok(())
    }

    fn program(&mut self, side: Option<Side>, words: &str) {
        self.programs.push(Program {
            side,
            words: words.split_whitespace().map(str::to_owned).collect(),
        });
    }

    /// Whether it is one of: a server and a client, a program for both, a script.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        let sides: Vec<Option<Side>> = self.programs.iter().map(|p| p.side).collect();
        match (sides.as_slice(), &self.why) {
            ([Some(Side::Server), Some(Side::Client)] | [None], None) | ([], Some(_)) => Ok(()),
            _ => bail!(
                "a capture needs a line `server: …` and then one `client: …`, or one `both: …`, or one `script: …`"
            ),
        }
    }
}

impl Program {
    /// What a reader knows it by: `python3 FILE …` by its file.
    pub(crate) fn name(&self) -> &str {
        let at = usize::from(self.words.first().is_some_and(|word| word == "python3"));
        let word = self.words.get(at).map_or("", String::as_str);
        word.rsplit('/').next().unwrap_or(word)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for program in &self.programs {
            let side = program.side.map_or("both".into(), |side| side.to_string());
            writeln!(f, "{side}: {}", program.words.join(" "))?;
        }
        if let Some((side, sleep)) = self.interrupt {
            writeln!(f, "ctrl-c: {side} in its sleep {sleep}")?;
        }
        if let Some((name, content)) = &self.file {
            writeln!(f, "file: {name} {content}")?;
        }
        match &self.why {
            Some(why) => writeln!(f, "script: {why}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[(&str, &str)]) -> anyhow::Result<Source> {
        let mut source = Source::default();
        for (key, value) in lines {
            source.line(key, value)?;
        }
        source.check()?;
        Ok(source)
    }

    #[test]
    fn a_program_is_known_by_its_own_name() {
        let server = ("server", "python3 lessons/204-talk/demo/sorts.py");
        let client = ("client", "talk-demo-asks-and-ends 127.0.0.1:9204");
        let source = read(&[server, client]).expect("it is a source");
        let names: Vec<&str> = source.programs.iter().map(Program::name).collect();
        assert_eq!(names, ["sorts.py", "talk-demo-asks-and-ends"]);
    }

    #[test]
    fn a_capture_comes_from_programs_or_from_a_script_and_not_from_both() {
        let (client, script) = (("client", "one"), ("script", "why"));
        assert!(read(&[client]).is_err());
        assert!(read(&[("both", "one"), script]).is_err());
        assert!(read(&[script]).is_ok());
    }

    #[test]
    fn what_a_capture_has_not_is_an_error_that_names_it() {
        let error = read(&[("sever", "one")]).expect_err("no such key");
        assert_eq!(
            error.to_string(),
            "nothing of a capture is called \"sever\""
        );
    }
}
