//! What one says at the prompt: `alice send "hel"`.

use harness::payload::escape;

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Words {
    /// A peer does something.
    Peer {
        name: String,
        act: Act,
    },
    /// The program gets this on its standard input.
    Type(Vec<u8>),
    /// The program's standard input ends.
    EndInput,
    /// The program is started again: with these words, or with those of before.
    Start(Option<Vec<String>>),
    /// Only look again.
    Look,
    /// Write what was said so far to this file.
    Save(String),
    Help,
    Quit,
}

/// What a peer can do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    Connect,
    Send(Vec<u8>),
    /// Sends no more, and goes on receiving.
    End,
    Close,
    Reset,
    /// Receives nothing from now on, and again.
    Pause,
    Resume,
    /// Answers each question that comes with this, by itself.
    Answer(Vec<u8>),
    /// The network loses so many of the program's next datagrams.
    Lose(usize),
}

/// What one line says: nothing, if it is empty or a comment.
pub(crate) fn parse(line: &str) -> Result<Option<Words>, String> {
    let line = line.trim();
    if line.starts_with('#') {
        return Ok(None);
    }
    let (first, rest) = split(line);
    let words = match (first, rest) {
        ("help" | "?", "") => Words::Help,
        ("quit" | "exit" | "q", "") => Words::Quit,
        ("" | "look", "") => Words::Look,
        ("save", "") => return Err("save FILE: to which file?".into()),
        ("save", file) => Words::Save(file.to_owned()),
        ("program", rest) => match split(rest) {
            ("type", text) => Words::Type(bytes(text)?),
            ("end", "") => Words::EndInput,
            ("start", "") => Words::Start(None),
            ("start", rest) => Words::Start(Some(command_line(rest)?)),
            _ => {
                return Err(
                    "the program can be given input: program type \"text\\n\", program end. A client \
                     can be started again: program start"
                        .into(),
                );
            }
        },
        (name, rest) => Words::Peer {
            name: named(name)?,
            act: act(name, rest)?,
        },
    };
    Ok(Some(words))
}

fn act(name: &str, rest: &str) -> Result<Act, String> {
    let (verb, what) = split(rest);
    let act = match verb {
        "send" => return bytes(what).map(Act::Send),
        "answer" => return bytes(what).map(Act::Answer),
        "lose" => {
            return what
                .parse()
                .map(Act::Lose)
                .map_err(|_| format!("lose how many? For instance: {name} lose 2"));
        }
        "connect" => Act::Connect,
        "end" => Act::End,
        "close" => Act::Close,
        "reset" => Act::Reset,
        "pause" => Act::Pause,
        "resume" => Act::Resume,
        "" => return Err(format!("what should {name} do? `help` shows what there is")),
        other => {
            return Err(format!(
                "nobody knows how to {other}. `help` shows what there is"
            ));
        }
    };
    if what.is_empty() {
        Ok(act)
    } else {
        Err(format!(
            "{name} {verb} takes nothing more, and there is: {what}"
        ))
    }
}

fn named(name: &str) -> Result<String, String> {
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '-');
    if is_name {
        Ok(name.to_owned())
    } else {
        let shown = escape(name.as_bytes());
        Err(format!(
            "\"{shown}\" is no name. `help` shows what one can say"
        ))
    }
}

/// The first word, and what follows it.
fn split(text: &str) -> (&str, &str) {
    let (first, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    (first, rest.trim())
}

/// The words of a command line, each by itself or, with spaces in it, between quotation marks.
fn command_line(text: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (word, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted
                .split_once('"')
                .ok_or("a quotation mark has no other that closes it")?,
            None => split(rest),
        };
        words.push(word.to_owned());
        rest = after.trim();
    }
    Ok(words)
}

/// The bytes of `"hel\n"`, as Rust writes them in `b"…"`; characters beyond ASCII stand for their
/// UTF-8.
fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let inner = text
        .strip_prefix('"')
        .and_then(|text| text.strip_suffix('"'))
        .ok_or("what is sent stands between quotation marks: \"hello\\n\"")?;
    let mut bytes = Vec::new();
    let mut rest = inner.chars();
    while let Some(c) = rest.next() {
        match c {
            '"' => return Err("a quotation mark among the bytes is written \\\"".into()),
            '\\' => bytes.push(escaped(&mut rest)?),
            c => bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(bytes)
}

fn escaped(rest: &mut std::str::Chars<'_>) -> Result<u8, String> {
    Ok(match rest.next() {
        Some('n') => b'\n',
        Some('r') => b'\r',
        Some('t') => b'\t',
        Some('0') => 0,
        Some('\\') => b'\\',
        Some('"') => b'"',
        Some('x') => {
            let digits: String = rest.take(2).collect();
            u8::from_str_radix(&digits, 16)
                .map_err(|_| format!("\\x{digits}: two digits of a hexadecimal number are due"))?
        }
        other => {
            let other = other.map_or(String::new(), |c| c.to_string());
            return Err(format!(
                "\\{other} stands for nothing; there are \\n \\r \\t \\0 \\\\ \\\" and \\x1f"
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &str) -> Words {
        parse(line).expect("understood").expect("something")
    }

    fn not_understood(line: &str) -> String {
        parse(line).expect_err("it is nonsense")
    }

    #[test]
    fn bytes_are_written_as_in_rust() {
        let name = "alice".to_owned();
        let act = Act::Send(b"hel lo\n\0\xff\"\\".to_vec());
        assert_eq!(
            said(r#" alice  send "hel lo\n\0\xff\"\\" "#),
            Words::Peer { name, act }
        );
    }

    #[test]
    fn an_empty_line_looks_again_and_a_comment_does_nothing() {
        assert_eq!(said(""), Words::Look);
        assert_eq!(parse("# alice connect"), Ok(None));
    }

    #[test]
    fn a_word_with_spaces_stands_between_quotation_marks() {
        let words = ["receive", "two words", "", "3"].map(str::to_owned);
        assert_eq!(
            said(r#"program start receive "two words" "" 3"#),
            Words::Start(Some(words.to_vec()))
        );
        assert_eq!(said("program start"), Words::Start(None));
        assert!(not_understood("program start \"text").contains("no other that closes it"));
    }

    #[test]
    fn what_is_not_understood_is_said() {
        assert!(not_understood("alice").contains("what should alice do?"));
        assert!(not_understood("alice dance").contains("how to dance"));
        assert!(not_understood("alice send hello").contains("quotation marks"));
        assert!(not_understood(r#"alice send "\q""#).contains("\\q stands for nothing"));
        assert!(not_understood("alice close now").contains("takes nothing more"));
        assert!(not_understood("server lose all").contains("server lose 2"));
        assert!(not_understood("\u{1b}[2J connect").contains("is no name"));
    }
}
