//! `course.toml`: how points become marks, and which checks are hidden.
//!
//! ```toml
//! [marks]
//! decimals = 1          # marks are rounded to so many digits, half away from zero; default 0
//!
//! [lessons.echo]
//! weight = 2            # a point of this lesson counts so much; default 1
//! hidden = ["ipv6"]     # counted, and kept from students
//! ```

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::course::Course;

/// How points become marks.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scheme {
    #[serde(default)]
    marks: Marks,
    #[serde(default)]
    lessons: BTreeMap<String, LessonScheme>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Marks {
    #[serde(default)]
    decimals: u8,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct LessonScheme {
    weight: Option<f64>,
    #[serde(default)]
    hidden: Vec<String>,
}

/// What is wrong with a `course.toml`.
#[derive(Debug, thiserror::Error)]
pub enum SchemeError {
    /// It is there and cannot be read.
    #[error("course.toml cannot be read: {0}")]
    Unreadable(std::io::Error),
    /// It is no TOML, or has a key that means nothing.
    #[error("course.toml: {0}")]
    Syntax(#[from] toml::de::Error),
    /// It speaks of a lesson that there is not.
    #[error("course.toml: there is no lesson \"{0}\"")]
    NoSuchLesson(String),
    /// It speaks of a check that there is not.
    #[error("course.toml: lesson {lesson} has no check \"{check}\"")]
    NoSuchCheck {
        /// The lesson.
        lesson: String,
        /// The check.
        check: String,
    },
    /// A weight must be a number that can count.
    #[error("course.toml: the weight of {0} must be a number, 0 or greater")]
    BadWeight(String),
    /// More digits than a mark can have.
    #[error("course.toml: decimals must be at most 6")]
    TooManyDecimals,
}

impl Scheme {
    /// The scheme in this file; without a file each point counts one. `course` is what it may speak of.
    pub fn read(path: &Path, course: &Course) -> Result<Self, SchemeError> {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(&text, course),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(SchemeError::Unreadable(error)),
        }
    }

    /// The scheme in this text.
    pub fn parse(text: &str, course: &Course) -> Result<Self, SchemeError> {
        let scheme: Self = toml::from_str(text)?;
        if scheme.marks.decimals > 6 {
            return Err(SchemeError::TooManyDecimals);
        }
        for (slug, lesson) in &scheme.lessons {
            let Some(known) = course.lesson(slug) else {
                return Err(SchemeError::NoSuchLesson(slug.clone()));
            };
            if lesson
                .weight
                .is_some_and(|weight| !weight.is_finite() || weight < 0.0)
            {
                return Err(SchemeError::BadWeight(slug.clone()));
            }
            for check in &lesson.hidden {
                if !known.checks.iter().any(|c| c.name == *check) {
                    return Err(SchemeError::NoSuchCheck {
                        lesson: slug.clone(),
                        check: check.clone(),
                    });
                }
            }
        }
        Ok(scheme)
    }

    /// How much a point of this lesson counts.
    pub fn weight(&self, lesson: &str) -> f64 {
        let scheme = self.lessons.get(lesson);
        scheme.and_then(|lesson| lesson.weight).unwrap_or(1.0)
    }

    /// Whether students may not see this check.
    pub fn is_hidden(&self, lesson: &str, check: &str) -> bool {
        self.hidden(lesson).iter().any(|hidden| hidden == check)
    }

    /// The checks of this lesson that students may not see.
    pub fn hidden(&self, lesson: &str) -> &[String] {
        let scheme = self.lessons.get(lesson);
        scheme.map_or(&[], |lesson| lesson.hidden.as_slice())
    }

    /// What `points` of this lesson count, rounded.
    pub fn mark(&self, lesson: &str, points: u32) -> f64 {
        self.round(f64::from(points) * self.weight(lesson))
    }

    /// Rounds half away from zero.
    pub fn round(&self, mark: f64) -> f64 {
        let factor = 10_f64.powi(self.marks.decimals.into());
        // A sum of weights such as 0.1 is off by a little; half a point must not be lost to that.
        let scaled = mark * factor;
        (scaled + scaled.signum() * 1e-9).round() / factor
    }

    /// A mark as text: with as many digits as it is rounded to.
    pub fn shown(&self, mark: f64) -> String {
        format!("{mark:.*}", usize::from(self.marks.decimals))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::{CourseCheck, CourseLesson};

    fn course() -> Course {
        let check = |name: &str, points| CourseCheck {
            name: name.into(),
            points,
            sees: String::new(),
        };
        Course {
            lessons: vec![CourseLesson {
                number: 205,
                slug: "echo".into(),
                title: "Send back what comes".into(),
                checks: vec![check("one-message", 1), check("ipv6", 2)],
            }],
        }
    }

    #[test]
    fn without_a_file_each_point_counts_one() {
        let scheme = Scheme::read(Path::new("/nowhere/course.toml"), &course()).expect("default");
        assert_eq!(scheme.shown(scheme.mark("echo", 3)), "3");
        assert!(!scheme.is_hidden("echo", "ipv6"));
    }

    #[test]
    fn points_are_weighted_and_rounded_half_up() {
        let text = "[marks]\ndecimals = 1\n[lessons.echo]\nweight = 0.15\nhidden = [\"ipv6\"]";
        let scheme = Scheme::parse(text, &course()).expect("it is right");
        // 0.15 × 3 = 0.45 in decimals, a little less in binary.
        assert_eq!(scheme.shown(scheme.mark("echo", 3)), "0.5");
        assert!(scheme.is_hidden("echo", "ipv6"));
    }

    #[test]
    fn slips_are_named() {
        let said = |text: &str| {
            Scheme::parse(text, &course())
                .expect_err("a slip")
                .to_string()
        };
        assert_eq!(
            said("[lessons.ehco]"),
            "course.toml: there is no lesson \"ehco\""
        );
        assert_eq!(
            said("[lessons.echo]\nhidden = [\"ipv4\"]"),
            "course.toml: lesson echo has no check \"ipv4\""
        );
        assert!(said("[lessons.echo]\nwieght = 2").contains("unknown field `wieght`"));
        assert!(said("[lessons.echo]\nweight = -1").contains("0 or greater"));
    }
}
