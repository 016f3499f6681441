//! What a student is told, kept as files beside the programs that are told it.

use harness::Lesson;

use crate::built;
use crate::timeless::timeless;

/// Compares `report` with the snapshot called `name`, all but times and what the kernel chose.
pub(crate) fn assert(lesson: &Lesson, name: &str, report: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(
        built::course()
            .join("lessons")
            .join(lesson.folder())
            .join("told"),
    );
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, timeless(report, lesson.role)));
}
