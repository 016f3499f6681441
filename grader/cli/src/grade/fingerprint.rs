//! What makes two gradings the same one: the content that was handed in, the lesson's version, and the
//! grader's.

use std::fs;
use std::io;
use std::path::Path;

use harness::Lesson;
use sha2::{Digest as _, Sha256};

/// The hash of all files in these folders and of these files, with their names. What is not there
/// counts as such.
fn of(paths: &[&Path]) -> io::Result<String> {
    let mut hash = Sha256::new();
    for path in paths {
        add(&mut hash, path)?;
    }
    Ok(hash
        .finalize()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}

fn add(hash: &mut Sha256, path: &Path) -> io::Result<()> {
    let metadata = match fs::symlink_metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            hash.update(b"none");
            return Ok(());
        }
        Err(error) => return Err(error),
    };
    if metadata.is_dir() {
        let entries = fs::read_dir(path)?.collect::<io::Result<Vec<_>>>()?;
        let mut names: Vec<_> = entries.iter().map(fs::DirEntry::file_name).collect();
        names.sort();
        hash.update(b"folder");
        hash.update((names.len() as u64).to_le_bytes());
        for name in names {
            let bytes = name.as_encoded_bytes();
            hash.update((bytes.len() as u64).to_le_bytes());
            hash.update(bytes);
            add(hash, &path.join(&name))?;
        }
        return Ok(());
    }
    let content = fs::read(path)?;
    hash.update(b"file");
    hash.update((content.len() as u64).to_le_bytes());
    hash.update(content);
    Ok(())
}

/// What was handed in, as it is laid out in `work` to be compiled.
pub(crate) fn content(work: &Path) -> io::Result<String> {
    of(&[&work.join("src")])
}

/// What something says that cannot be laid out: two that fail in the same way are the same.
pub(crate) fn content_of_text(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The lesson: its checks, its skeleton, and the dependencies that its programs may use.
pub(crate) fn lesson_version(course: &Path, lesson: &Lesson) -> io::Result<String> {
    let folder = lesson.folder();
    let version = of(&[
        &course.join("lessons").join(&folder).join("src"),
        &course.join("exercises").join(&folder).join("src"),
        &course.join("solutions").join(&folder).join("Cargo.toml"),
    ])?;
    Ok(version[..16].to_owned())
}

/// The grader: its version, and the sources of what runs and judges programs.
pub(crate) fn grader_version(course: &Path) -> io::Result<String> {
    let sources = of(&[
        &course.join("grader/harness/src"),
        &course.join("grader/sandbox/src"),
        &course.join("grader/cli/src/build.rs"),
        &course.join("grader/cli/src/submission.rs"),
        &course.join("grader/cli/src/grade/bench.rs"),
    ])?;
    Ok(format!("{}+{}", env!("CARGO_PKG_VERSION"), &sources[..16]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_bytes_count_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let source = folder.path().join("src");
        fs::create_dir(&source).expect("it is ours");
        fs::write(source.join("main.rs"), "fn main() {}").expect("it is ours");
        let first = content(folder.path()).expect("it is there");
        fs::write(source.join("main.rs"), "fn main() {}").expect("it is ours");
        assert_eq!(content(folder.path()).expect("it is there"), first);
        fs::write(source.join("main.rs"), "fn main() { }").expect("it is ours");
        assert_ne!(content(folder.path()).expect("it is there"), first);
        fs::write(source.join("main.rs"), "fn main() {}").expect("it is ours");
        fs::rename(source.join("main.rs"), source.join("Main.rs")).expect("it is ours");
        assert_ne!(content(folder.path()).expect("it is there"), first);
    }
}
