//! The conversations with the programs, and what came of them.

use harness::clock::Scale;
use harness::failure::{Actual, DecidedBy};
use harness::outcome::{CheckOutcome, Outcome};
use harness::{Check, Lesson, Role, Run, Settings, Target, Verdict, suite};

const LESSON: Lesson = Lesson {
    number: 100,
    slug: "stall",
    title: "Answer late, or never",
    role: Role::Server,
    verbs: &[],
    checks: &[
        Check::new("answers", 1, "a message comes back", answers),
        Check::new("silence", 1, "nothing comes unasked", silence),
    ],
    notes: &[],
    hints: &[],
};

fn answers(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let message = run.random().word();
    let mut alice = server.connect("alice")?;
    alice.send(message.as_bytes())?;
    alice.expect(message.as_bytes())
}

fn silence(run: &mut Run) -> Verdict {
    let server = run.start_server()?;
    let mut alice = server.connect("alice")?;
    alice.expect_silence()
}

/// How the harness judges here: no deadline is ever the reason of a verdict.
pub(crate) fn settings() -> Settings {
    const MORE_THAN_EVER_NEEDED: f64 = 4.0;
    let mut settings = Settings::with_scale(Scale::fixed(MORE_THAN_EVER_NEEDED));
    settings.isolated = std::env::var_os("SOCKLINGS_HOST_ARENA").is_none();
    settings
}

/// Talks to a program that answers late.
pub(crate) fn asked(target: &Target, settings: &Settings) -> CheckOutcome {
    talk("answers", target, settings)
}

/// Is silent towards a program that speaks.
pub(crate) fn unasked(target: &Target, settings: &Settings) -> CheckOutcome {
    talk("silence", target, settings)
}

fn talk(check: &str, target: &Target, settings: &Settings) -> CheckOutcome {
    let check = LESSON.check(check).expect("the lesson has this check");
    suite::run_check(&LESSON, check, target, settings)
}

/// Whether the program that speaks unasked was caught at it.
pub(crate) fn was_caught(outcome: &CheckOutcome) -> bool {
    outcome.report().is_some_and(|report| {
        matches!(&report.failure.actual, Actual::TooMuch { extra } if extra.shown == "late")
    })
}

/// How the failure was decided, if it failed.
pub(crate) fn decided_by(outcome: &CheckOutcome) -> Option<DecidedBy> {
    outcome.report().map(|report| report.failure.decided_by)
}

/// In one line.
pub(crate) fn in_words(outcome: &CheckOutcome) -> String {
    match &outcome.outcome {
        Outcome::Passed => "passed".into(),
        Outcome::Skipped(reason) => format!("skipped: {reason}"),
        Outcome::GraderError(error) => format!("grader error: {error}"),
        Outcome::Failed(report) => format!(
            "decided by {:?}: {} (doubt: {:?}, standard error: {:?})",
            report.failure.decided_by,
            report.headline,
            report.failure.evidence.doubt,
            report.failure.evidence.error,
        ),
    }
}
