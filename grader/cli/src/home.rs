//! Where the course is.

use std::path::{Path, PathBuf};

use crate::exit::Usage;

/// The course's folder: this one or one above it; or else where cargo runs the command from.
pub(crate) fn find() -> Result<PathBuf, Usage> {
    let here = std::env::current_dir().unwrap_or_default();
    let above = here.ancestors().find(|folder| is_course(folder));
    let of_cargo = || {
        let package = PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR")?);
        let course = package.ancestors().find(|folder| is_course(folder))?;
        Some(course.to_owned())
    };
    above
        .map(Path::to_owned)
        .or_else(of_cargo)
        .ok_or(Usage::NotTheCourse)
}

fn is_course(folder: &Path) -> bool {
    folder.join("lessons/course/Cargo.toml").is_file()
}
