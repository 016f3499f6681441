//! What the course asks for, as far as a gradebook needs to know.

/// The lessons of a course.
#[derive(Clone, Debug, Default)]
pub struct Course {
    /// In order.
    pub lessons: Vec<CourseLesson>,
}

/// A lesson.
#[derive(Clone, Debug)]
pub struct CourseLesson {
    /// Its number.
    pub number: u16,
    /// Its name in folders and in the file.
    pub slug: String,
    /// Its heading.
    pub title: String,
    /// Its checks, in order.
    pub checks: Vec<CourseCheck>,
}

/// A check.
#[derive(Clone, Debug)]
pub struct CourseCheck {
    /// Its name.
    pub name: String,
    /// What it is worth.
    pub points: u32,
    /// What it sees, in one line.
    pub sees: String,
}

impl Course {
    /// The lesson of that slug.
    pub fn lesson(&self, slug: &str) -> Option<&CourseLesson> {
        self.lessons.iter().find(|lesson| lesson.slug == slug)
    }

    /// Only the lessons of these slugs; all if there are none.
    #[must_use]
    pub fn only(mut self, slugs: &[String]) -> Self {
        if !slugs.is_empty() {
            self.lessons.retain(|lesson| slugs.contains(&lesson.slug));
        }
        self
    }
}

impl CourseLesson {
    /// The sum of the checks' points.
    pub fn max_points(&self) -> u32 {
        self.checks.iter().map(|check| check.points).sum()
    }

    /// What tables call it: `205 echo`.
    pub fn heading(&self) -> String {
        format!("{} {}", self.number, self.slug)
    }
}
