//! How strong a box submissions get, and how a compiler is run in it; lessons' programs are started by
//! [`crate::launcher`].

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;

use anyhow::{Context as _, bail};
use gradebook::GradingRecord;
use harness::launch::{Direct, Launcher};
use sandbox::{Kind, Limit, Limits, Prepared, Spec, machine};

use crate::args::{ArenaChoice, BoxChoice};
use crate::launcher::{Boxed, KEEPER};

/// The box that all programs of one run get.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strength {
    /// None: there are no boxes.
    kind: Option<Kind>,
    /// Whether programs are in this machine's own network.
    in_hosts_network: bool,
}

/// There is no box as it was asked for. The doctor's page belongs below it.
#[derive(Debug, thiserror::Error)]
#[error(
    "this machine cannot build {what}: {reason}\nWhat it can do, and what to do about the rest (cargo \
     socklings doctor):"
)]
pub(crate) struct NoBox {
    what: &'static str,
    reason: String,
}

impl Strength {
    /// What was asked for; for submissions, where nothing was, the strongest that there is.
    pub(crate) fn for_submissions(choice: Option<BoxChoice>) -> Result<Self, NoBox> {
        if choice.is_some() {
            return Self::chosen(choice);
        }
        Self::chosen(Some(BoxChoice::Full)).or_else(|full| {
            let light = Self::chosen(Some(BoxChoice::Light));
            light.map_err(|light| NoBox {
                what: "a box, and runs no submission without one unless told to (--box none)",
                reason: format!(
                    "the full one: {}; the light one: {}",
                    full.reason, light.reason
                ),
            })
        })
    }

    /// What was asked for; no box where nothing was.
    pub(crate) fn chosen(choice: Option<BoxChoice>) -> Result<Self, NoBox> {
        let (kind, what) = match choice {
            None | Some(BoxChoice::None) => return Ok(Self::default()),
            Some(BoxChoice::Full) => (Kind::Full, "the full box"),
            Some(BoxChoice::Light) => (Kind::Light, "the light box"),
        };
        let tried = machine::try_box(Path::new(KEEPER), kind);
        tried.map(|()| Self::of(kind)).map_err(|error| NoBox {
            what,
            reason: error.to_string(),
        })
    }

    fn of(kind: Kind) -> Self {
        Self {
            kind: Some(kind),
            in_hosts_network: false,
        }
    }

    /// The same, with programs in this arena.
    pub(crate) fn with(self, arena: ArenaChoice) -> Self {
        Self {
            in_hosts_network: arena == ArenaChoice::Host,
            ..self
        }
    }

    /// `full`, `light` or `none`.
    pub(crate) fn name(self) -> &'static str {
        match self.kind {
            Some(Kind::Full) => "full",
            Some(Kind::Light) => "light",
            None => "none",
        }
    }

    /// The box that a stored grading was made in, if there is one of that name.
    pub(crate) fn of_grading(record: &GradingRecord) -> Option<Self> {
        let kind = match record.identity.boxed.as_str() {
            "full" => Some(Kind::Full),
            "light" => Some(Kind::Light),
            "none" => None,
            _ => return None,
        };
        Some(Self {
            kind,
            in_hosts_network: record.identity.arena == "host",
        })
    }

    /// What programs are not kept from, in words.
    pub(crate) fn does_not_promise(self) -> Vec<&'static str> {
        let open: &[_] = match self.kind {
            Some(kind) => kind.does_not_promise(),
            None => &["programs run as you, and may do all that you may do"],
        };
        let network = "programs are in this machine's own network (--arena host)";
        let network = (self.kind.is_some() && self.in_hosts_network).then_some(network);
        open.iter().copied().chain(network).collect()
    }

    /// Which box it is, for people.
    pub(crate) fn in_words(self) -> String {
        let mut words = format!("box: {}", self.name());
        let open = self.does_not_promise();
        if !open.is_empty() {
            words.push_str("; it does not keep programs from everything:");
        }
        for line in open {
            words.push_str("\n  - ");
            words.push_str(line);
        }
        words
    }

    /// A box for `program`, if there are boxes.
    pub(crate) fn spec(self, program: &OsStr, args: &[OsString], limits: Limits) -> Option<Spec> {
        self.kind.map(|kind| Spec {
            kind,
            ..Spec::new(program, args, limits)
        })
    }

    /// How programs are started.
    pub(crate) fn launcher(self) -> Arc<dyn Launcher> {
        match self.kind {
            Some(kind) => Arc::new(Boxed(kind)),
            None => Arc::new(Direct),
        }
    }
}

/// How a program that was run to its end has fared.
#[derive(Debug)]
pub(crate) enum Said {
    /// It ended with status 0.
    Good,
    /// It did not; what it printed on standard error, and which limits it ran into.
    Bad(String),
}

/// Runs a program in a box to its end. Its product goes to `output`.
pub(crate) fn run(
    spec: &Spec,
    environment: &[(&str, OsString)],
    output: File,
) -> anyhow::Result<Said> {
    let Prepared { mut command, link } =
        sandbox::prepare(Path::new(KEEPER), spec).context("cannot ask for a box")?;
    command
        .envs(environment.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(Stdio::piped());
    let mut child = command.spawn().context("cannot start a box")?;
    // With it goes our copy of what only the keeper holds.
    drop(command);
    let mut words = Vec::new();
    if let Some(stderr) = &mut child.stderr {
        let most = spec.limits.output;
        let read = stderr.take(most + 1).read_to_end(&mut words);
        if read.context("cannot read what is said in the box")? as u64 > most {
            link.strike(Limit::Output(most));
            words.truncate(FEEDBACK);
        }
    }
    let status = child.wait().context("cannot wait for a box")?;
    link.started().context("there is no box")?;
    let ending = link.ending();
    if status.success() && ending.limits.is_empty() {
        return Ok(Said::Good);
    }
    let mut words = String::from_utf8_lossy(&words).into_owned();
    for limit in &ending.limits {
        words.push_str(&format!("error: the box has limits: {limit}\n"));
    }
    match ending.error {
        Some(error) => bail!("{error}"),
        None => Ok(Said::Bad(words)),
    }
}

/// How much is kept of what a program prints without end, in bytes.
const FEEDBACK: usize = 64 << 10;
