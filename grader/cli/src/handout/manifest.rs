//! Manifests without what students do not get.

use std::path::Path;

/// The manifest at `path` without solutions, and without targets that are left out: of a lesson's examples
/// only the chapters' demos stay.
pub(super) fn prepared(path: &Path, text: &str) -> String {
    let mut kept = String::new();
    for table in tables(text) {
        if !is_left_out(path, &table) {
            kept.push_str(&table);
        }
    }
    kept.replace(", \"solutions/*\"", "")
        .replace("\"book\", ", "")
}

/// The manifest, cut before each line that begins a table.
fn tables(text: &str) -> Vec<String> {
    let mut tables = vec![String::new()];
    for line in text.lines() {
        if line.starts_with('[') {
            tables.push(String::new());
        }
        if let Some(table) = tables.last_mut() {
            table.push_str(line);
            table.push('\n');
        }
    }
    tables
}

fn is_left_out(path: &Path, table: &str) -> bool {
    let is = |name: &str| table.starts_with(name);
    // A skeleton is an exercise, to the letter: `socklings reset` brings it back.
    if path.iter().nth(2).is_some_and(|part| part == "skeleton") {
        return false;
    }
    if path.starts_with("lessons") {
        let is_demo = table.contains("path = \"demo/");
        return (is("[[example]]") && !is_demo) || is("[[test]]");
    }
    path.starts_with("grader") && (is("[[example]]") || is("[[test]]") || is("[[bench]]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_demos_stay() {
        let text = "[package]\nname = \"echo-lesson\"\n\n[[example]]\nname = \"echo-demo-a\"\n\
                    path = \"demo/a.rs\"\n\n[[example]]\nname = \"echo-wrong-b\"\npath = \"wrong/b.rs\"\n";
        let kept = prepared(Path::new("lessons/205-echo/Cargo.toml"), text);
        assert!(
            kept.contains("echo-demo-a") && !kept.contains("wrong"),
            "{kept}"
        );
    }

    #[test]
    fn the_workspace_has_no_solutions() {
        let text = "members = [\"book\", \"exercises/*\", \"solutions/*\"]\n";
        let kept = prepared(Path::new("Cargo.toml"), text);
        assert_eq!(kept, "members = [\"exercises/*\"]\n");
    }

    #[test]
    fn a_skeleton_is_left_as_it_is() {
        let manifest =
            "[package]\nname = \"echo\"\n\n[[test]]\nname = \"checks\"\nharness = false\n";
        let path = Path::new("lessons/205-echo/skeleton/Cargo.toml");
        assert_eq!(prepared(path, manifest), manifest);
    }
}
