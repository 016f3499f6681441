//! Archives that students hand in: .zip, .tar.gz, .tgz. Whoever made one may mean harm, so nothing leaves
//! the folder, links are left out, and there are limits.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

use flate2::read::GzDecoder;
use jiff::civil;
use jiff::tz::TimeZone;

use crate::names;

/// How many files and folders an archive may hold.
const MOST_ENTRIES: usize = 20_000;
/// How many bytes it may hold when unpacked: a class of 500 with a megabyte each, and to spare.
const MOST_BYTES: u64 = 1 << 30;
/// How many times larger than the archive what it holds may be; text seldom shrinks to a twentieth.
const MOST_RATIO: u64 = 200;
/// Below so many bytes the ratio does not matter.
const SMALL: u64 = 10 << 20;

/// Why an archive is not unpacked. The student's fault, not the grader's.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("it holds more than {MOST_ENTRIES} files")]
    TooMany,
    #[error("it holds more than {} MiB", MOST_BYTES >> 20)]
    TooLarge,
    #[error("it is {MOST_RATIO} times larger when unpacked, as no program is")]
    TooDense,
    #[error("\"{0}\" in it leads out of it")]
    LeadsOut(String),
    #[error("\"{name}\" in it is no name for a file here: {reason}")]
    NoName {
        /// Fit to be printed, and not too long for it.
        name: String,
        /// What the system says.
        reason: String,
    },
    #[error("it cannot be unpacked: {0}")]
    Broken(String),
}

/// Whether a file's name is that of an archive.
pub(crate) fn is_archive(name: &str) -> bool {
    stem(name).is_some()
}

/// An archive's name without its ending.
pub(crate) fn stem(name: &str) -> Option<&str> {
    let lower = name.to_lowercase();
    let endings = [".zip", ".tar.gz", ".tgz"];
    let ending = endings.iter().find(|ending| lower.ends_with(**ending))?;
    name.get(..name.len() - ending.len())
}

/// Unpacks `archive` into the empty folder `into`.
pub(crate) fn unpack(archive: &Path, into: &Path) -> io::Result<Result<(), Refusal>> {
    let file = File::open(archive)?;
    let mut limits = Limits {
        into,
        entries: 0,
        bytes: 0,
        most: (file.metadata()?.len() * MOST_RATIO).clamp(SMALL, MOST_BYTES),
    };
    let is_zip = archive
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("zip"));
    let unpacked = if is_zip {
        zip(file, &mut limits)
    } else {
        tar(file, &mut limits)
    };
    match unpacked {
        Ok(()) => Ok(Ok(())),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Ours(error)) => Err(error),
    }
}

/// Why unpacking stops: the archive, or this machine.
enum Stop {
    Refused(Refusal),
    Ours(io::Error),
}

impl From<Refusal> for Stop {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

fn broken(error: &dyn std::fmt::Display) -> Stop {
    Stop::Refused(Refusal::Broken(error.to_string()))
}

/// What stops the making of the file or folder `place`: a name that there cannot be (too long, with a zero
/// in it, a file's where a folder is) is the archive's fault, and all else is this machine's.
fn cannot_make(place: &Path, error: io::Error) -> Stop {
    use io::ErrorKind as Kind;
    let is_the_names = matches!(
        error.kind(),
        Kind::InvalidInput
            | Kind::InvalidFilename
            | Kind::NotADirectory
            | Kind::IsADirectory
            | Kind::AlreadyExists
    );
    if !is_the_names {
        return Stop::Ours(error);
    }
    let name: String = names::shown(place).chars().take(60).collect();
    let reason = error.to_string();
    Stop::Refused(Refusal::NoName { name, reason })
}

struct Limits<'a> {
    into: &'a Path,
    entries: usize,
    bytes: u64,
    most: u64,
}

impl Limits<'_> {
    /// Where the entry of this name goes. `None`: nothing that belongs to a program.
    fn place(&mut self, name: &Path) -> Result<Option<PathBuf>, Stop> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(Refusal::TooMany.into());
        }
        let mut place = self.into.to_owned();
        for component in name.components() {
            match component {
                Component::Normal(part) => place.push(part),
                Component::CurDir => {}
                _ => return Err(Refusal::LeadsOut(super::collect::printable(name)).into()),
            }
        }
        // What macOS adds to every archive.
        let added = name.components().any(|c| c.as_os_str() == "__MACOSX");
        Ok((!added && place != self.into).then_some(place))
    }

    fn folder(place: &Path) -> Result<(), Stop> {
        fs::create_dir_all(place).map_err(|error| cannot_make(place, error))
    }

    fn file(
        &mut self,
        place: &Path,
        from: impl Read,
        time: Option<SystemTime>,
    ) -> Result<(), Stop> {
        if let Some(parent) = place.parent() {
            Self::folder(parent)?;
        }
        let mut file = match File::create_new(place) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(broken(&"two files in it have the same name"));
            }
            Err(error) => return Err(cannot_make(place, error)),
        };
        let mut from = from.take(self.most - self.bytes + 1);
        let mut buffer = vec![0; 64 << 10];
        loop {
            let got = from.read(&mut buffer).map_err(|e| broken(&e))?;
            if got == 0 {
                break;
            }
            self.bytes += got as u64;
            if self.bytes > self.most {
                let dense = self.most < MOST_BYTES;
                return Err(if dense {
                    Refusal::TooDense
                } else {
                    Refusal::TooLarge
                }
                .into());
            }
            io::Write::write_all(&mut file, &buffer[..got]).map_err(Stop::Ours)?;
        }
        if let Some(time) = time {
            file.set_modified(time).map_err(Stop::Ours)?;
        }
        Ok(())
    }
}

fn zip(file: File, limits: &mut Limits<'_>) -> Result<(), Stop> {
    let mut archive = zip::ZipArchive::new(file).map_err(|e| broken(&e))?;
    if archive.len() > MOST_ENTRIES {
        return Err(Refusal::TooMany.into());
    }
    for index in 0..archive.len() {
        let mut entry = archive.by_index(index).map_err(|e| broken(&e))?;
        let name = path_of(entry.name().map_err(|e| broken(&e))?.as_ref());
        let Some(place) = limits.place(&name)? else {
            continue;
        };
        if entry.is_dir() {
            Limits::folder(&place)?;
        } else if entry.is_file() {
            let time = zip_time(&entry);
            limits.file(&place, &mut entry, time)?;
        }
    }
    Ok(())
}

/// The path that a name in a zip means: its parts stand between slashes (APPNOTE.TXT 4.4.17.1), but some
/// programs for Windows write backslashes.
fn path_of(name: &str) -> PathBuf {
    if name.contains('/') {
        PathBuf::from(name)
    } else {
        PathBuf::from(name.replace('\\', "/"))
    }
}

/// When a file in a zip was changed. Its own field has this machine's time zone, two seconds apart
/// (APPNOTE.TXT 4.4.6); the extended timestamp, where there is one, is UTC.
fn zip_time<R: Read>(entry: &zip::read::ZipFile<'_, R>) -> Option<SystemTime> {
    let extended = entry.extra_data_fields().find_map(|field| match field {
        zip::ExtraField::ExtendedTimestamp(times) => times.mod_time(),
        _ => None,
    });
    if let Some(seconds) = extended {
        return Some(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds.into()));
    }
    let time = entry.last_modified()?;
    let part = |number: u8| i8::try_from(number).unwrap_or(0);
    let civil = civil::DateTime::new(
        i16::try_from(time.year()).ok()?,
        part(time.month()),
        part(time.day()),
        part(time.hour()),
        part(time.minute()),
        part(time.second()),
        0,
    );
    let here = civil.ok()?.to_zoned(TimeZone::system()).ok()?;
    Some(here.timestamp().into())
}

fn tar(file: File, limits: &mut Limits<'_>) -> Result<(), Stop> {
    let mut archive = tar::Archive::new(GzDecoder::new(file));
    for entry in archive.entries().map_err(|e| broken(&e))? {
        let entry = entry.map_err(|e| broken(&e))?;
        let name = entry.path().map_err(|e| broken(&e))?.into_owned();
        let kind = entry.header().entry_type();
        let Some(place) = limits.place(&name)? else {
            continue;
        };
        if kind.is_dir() {
            Limits::folder(&place)?;
        } else if kind.is_file() {
            let seconds = entry.header().mtime().unwrap_or(0);
            let time = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
            limits.file(&place, entry, time)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use tempfile::TempDir;
    use zip::write::SimpleFileOptions;

    use super::*;

    /// A zip with these files.
    fn zip_of(files: &[(&str, &[u8])]) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("work.zip");
        let mut writer = zip::ZipWriter::new(File::create(&path).expect("it is ours"));
        for (name, content) in files {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .expect("a file");
            writer.write_all(content).expect("there is room");
        }
        writer.finish().expect("there is room");
        (folder, path)
    }

    /// A .tar.gz with these entries; what begins with `->` is a link.
    fn tar_of(files: &[(&str, &str)]) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("work.tar.gz");
        let gzip = GzEncoder::new(
            File::create(&path).expect("it is ours"),
            Compression::fast(),
        );
        let mut builder = tar::Builder::new(gzip);
        for (name, content) in files {
            let mut header = tar::Header::new_gnu();
            // As an attacker would: the builder itself refuses such names.
            header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_mode(0o644);
            header.set_mtime(86_400);
            if let Some(target) = content.strip_prefix("->") {
                header.set_entry_type(tar::EntryType::Symlink);
                header.set_link_name(target).expect("it fits");
                header.set_size(0);
                header.set_cksum();
                builder.append(&header, io::empty()).expect("there is room");
            } else {
                header.set_size(content.len() as u64);
                header.set_cksum();
                builder
                    .append(&header, content.as_bytes())
                    .expect("there is room");
            }
        }
        builder
            .into_inner()
            .and_then(GzEncoder::finish)
            .expect("there is room");
        (folder, path)
    }

    fn unpacked(archive: &Path) -> (TempDir, Result<(), Refusal>) {
        let into = tempfile::tempdir().expect("a folder");
        let result = unpack(archive, into.path()).expect("this machine does its part");
        (into, result)
    }

    #[test]
    fn files_come_out_with_their_content_and_time() {
        let (_folder, path) = tar_of(&[("205-echo/src/main.rs", "fn main() {}")]);
        let (into, result) = unpacked(&path);
        assert!(result.is_ok(), "{result:?}");
        let file = into.path().join("205-echo/src/main.rs");
        assert_eq!(
            fs::read_to_string(&file).expect("it is there"),
            "fn main() {}"
        );
        let time = fs::metadata(&file)
            .and_then(|m| m.modified())
            .expect("a time");
        assert_eq!(time, SystemTime::UNIX_EPOCH + Duration::from_secs(86_400));

        let (_folder, path) = zip_of(&[
            ("echo/src/main.rs", b"x"),
            ("__MACOSX/echo/._main.rs", b"y"),
        ]);
        let (into, result) = unpacked(&path);
        assert!(result.is_ok(), "{result:?}");
        assert!(into.path().join("echo/src/main.rs").is_file());
        assert!(!into.path().join("__MACOSX").exists());
    }

    #[test]
    fn no_path_leaves_the_folder() {
        let names = ["../evil", "a/../../evil", "/tmp/evil"];
        for name in names {
            let (_folder, path) = zip_of(&[(name, b"x")]);
            let (_into, result) = unpacked(&path);
            assert!(
                matches!(result, Err(Refusal::LeadsOut(_))),
                "zip {name}: {result:?}"
            );
            let (_folder, path) = tar_of(&[(name, "x")]);
            let (_into, result) = unpacked(&path);
            assert!(
                matches!(result, Err(Refusal::LeadsOut(_))),
                "tar {name}: {result:?}"
            );
        }
    }

    #[test]
    fn no_link_is_made_and_so_none_is_followed() {
        let outside = tempfile::tempdir().expect("a folder");
        let link = format!("->{}", outside.path().display());
        let (_folder, path) = tar_of(&[("src", &link), ("src/main.rs", "x")]);
        let (into, result) = unpacked(&path);
        assert!(result.is_ok(), "{result:?}");
        assert!(into.path().join("src/main.rs").is_file());
        assert_eq!(fs::read_dir(outside.path()).expect("ours").count(), 0);
    }

    #[test]
    fn what_swells_is_refused() {
        let (_folder, path) = zip_of(&[("zeros", &vec![0; 30 << 20])]);
        assert!(fs::metadata(&path).expect("it is there").len() < 1 << 20);
        let (into, result) = unpacked(&path);
        assert!(matches!(result, Err(Refusal::TooDense)), "{result:?}");
        let written = fs::metadata(into.path().join("zeros")).map_or(0, |m| m.len());
        assert!(written <= SMALL, "{written}");
    }

    #[test]
    fn names_that_no_file_can_have_are_refused() {
        let long = "x".repeat(300);
        let names: [&[(&str, &[u8])]; 3] = [
            &[(&long, b"x")],
            &[("a\0b", b"x")],
            &[("src", b"x"), ("src/main.rs", b"x")],
        ];
        for files in names {
            let (_folder, path) = zip_of(files);
            let (_into, result) = unpacked(&path);
            assert!(matches!(result, Err(Refusal::NoName { .. })), "{result:?}");
        }
    }

    #[test]
    fn backslashes_of_windows_are_understood_and_lead_nowhere_else() {
        let (_folder, path) = zip_of(&[("echo\\src\\main.rs", b"x")]);
        let (into, result) = unpacked(&path);
        assert!(result.is_ok(), "{result:?}");
        assert!(into.path().join("echo/src/main.rs").is_file());
        let (_folder, path) = zip_of(&[("..\\evil", b"x")]);
        assert!(matches!(unpacked(&path).1, Err(Refusal::LeadsOut(_))));
    }

    #[test]
    fn too_many_files_are_refused() {
        let names: Vec<String> = (0..=MOST_ENTRIES).map(|n| n.to_string()).collect();
        let files: Vec<(&str, &[u8])> = names.iter().map(|n| (n.as_str(), &[][..])).collect();
        let (_folder, path) = zip_of(&files);
        let (_into, result) = unpacked(&path);
        assert!(matches!(result, Err(Refusal::TooMany)), "{result:?}");
    }

    #[test]
    fn half_an_archive_and_no_archive_are_refused() {
        let (_folder, path) = zip_of(&[("a", &[7; 4000])]);
        let whole = fs::read(&path).expect("it is there");
        fs::write(&path, &whole[..whole.len() / 2]).expect("it is ours");
        assert!(matches!(unpacked(&path).1, Err(Refusal::Broken(_))));
        let (_folder, path) = tar_of(&[("a", "text")]);
        fs::write(&path, "this is no archive").expect("it is ours");
        assert!(matches!(unpacked(&path).1, Err(Refusal::Broken(_))));
    }
}
