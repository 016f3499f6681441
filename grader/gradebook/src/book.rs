//! The file, opened.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::schema;

/// What can go wrong with the file. The gradebook is whole afterwards: what was stored before stays.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process writes to the file and does not end.
    #[error(
        "the gradebook is locked by another process. Close it (a database browser, another grader), \
         then run the same command again: it goes on where it stopped"
    )]
    Locked,
    /// There is no room.
    #[error(
        "the disk that holds the gradebook is full. Make room, then run the same command again: it goes \
         on where it stopped"
    )]
    Full,
    /// The file or its folder cannot be written.
    #[error("the gradebook cannot be written: it, or its folder, is read-only for this user")]
    ReadOnly,
    /// There is no such file, or it cannot be opened.
    #[error("the gradebook {path} cannot be opened: {reason}")]
    CannotOpen {
        /// Which file.
        path: PathBuf,
        /// What the system says.
        reason: String,
    },
    /// The file is something else.
    #[error("this file is no gradebook")]
    NoGradebook,
    /// A newer grader has written it.
    #[error(
        "the gradebook has version {found}; this grader knows versions up to {known}. Update the course"
    )]
    Newer {
        /// The file's version.
        found: usize,
        /// The newest that is known here.
        known: usize,
    },
    /// Anything else that SQLite says.
    #[error("the gradebook: {0}")]
    Sqlite(rusqlite::Error),
    /// What is stored is not JSON.
    #[error("the gradebook holds something unreadable: {0}")]
    Json(#[from] serde_json::Error),
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Locked,
            Some(ErrorCode::DiskFull) => Self::Full,
            // The shared memory beside the file has no room: "full" by another name
            // (https://www.sqlite.org/rescode.html#ioerr_shmsize).
            Some(ErrorCode::SystemIoFailure) if extended(&error) == Some(SQLITE_IOERR_SHMSIZE) => {
                Self::Full
            }
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::NotADatabase) => Self::NoGradebook,
            _ => Self::Sqlite(error),
        }
    }
}

fn extended(error: &rusqlite::Error) -> Option<i32> {
    error.sqlite_error().map(|error| error.extended_code)
}

/// A gradebook. Several processes may have the same one open.
#[derive(Debug)]
pub struct Gradebook {
    pub(crate) connection: Connection,
}

/// How long another process may hold the file before that is an error.
const PATIENCE: Duration = Duration::from_secs(20);

impl Gradebook {
    /// Opens the gradebook at `path`; makes it if it is not there.
    pub fn open(path: &Path) -> Result<Self, Error> {
        Self::open_with_patience(path, PATIENCE)
    }

    /// The same; `patience` is how long another process may hold the file.
    pub fn open_with_patience(path: &Path, patience: Duration) -> Result<Self, Error> {
        Self::prepare(path, OpenFlags::default(), patience)
    }

    /// Opens a gradebook that must be there. One that may not be written, such as last year's on a
    /// read-only disk, can be read.
    pub fn open_existing(path: &Path) -> Result<Self, Error> {
        if !path.is_file() {
            return Err(Error::CannotOpen {
                path: path.to_owned(),
                reason: "there is no such file. \"cargo socklings grade\" makes it".into(),
            });
        }
        match Self::open(path) {
            Err(Error::ReadOnly) if is_closed(path) => Self::open_immutable(path),
            opened => opened,
        }
    }

    /// Opens a file that nobody writes to (<https://www.sqlite.org/uri.html#uriimmutable>).
    fn open_immutable(path: &Path) -> Result<Self, Error> {
        let mut uri = String::from("file:");
        for &byte in path.as_os_str().as_encoded_bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                    uri.push(byte.into());
                }
                byte => uri.push_str(&format!("%{byte:02x}")),
            }
        }
        uri.push_str("?immutable=1");
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI;
        let mut connection = Connection::open_with_flags(uri, flags)?;
        schema::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    fn prepare(path: &Path, flags: OpenFlags, patience: Duration) -> Result<Self, Error> {
        let cannot_open = |error: rusqlite::Error| match error.sqlite_error_code() {
            // In a folder where nothing can be made, SQLite cannot make its log.
            Some(ErrorCode::CannotOpen) if is_read_only(path) => Error::ReadOnly,
            Some(ErrorCode::CannotOpen) => Error::CannotOpen {
                path: path.to_owned(),
                reason: error.to_string(),
            },
            _ => error.into(),
        };
        let mut connection = Connection::open_with_flags(path, flags).map_err(cannot_open)?;
        connection.busy_timeout(patience)?;
        // Readers and one writer side by side; and what is committed survives a power cut
        // (https://www.sqlite.org/pragma.html#pragma_synchronous).
        connection
            .pragma_update(None, "journal_mode", "WAL")
            .map_err(cannot_open)?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        schema::migrate(&mut connection)?;
        Ok(Self { connection })
    }

    /// Has the file never grow beyond so many pages, as on a disk without room.
    pub fn limit_pages(&self, pages: i64) -> Result<(), Error> {
        let limit = format!("PRAGMA max_page_count = {pages}");
        Ok(self.connection.query_row(&limit, [], |_| Ok(()))?)
    }

    /// From now on only reads.
    pub fn forbid_writing(&self) -> Result<(), Error> {
        Ok(self.connection.pragma_update(None, "query_only", true)?)
    }

    /// Whether the file is whole: SQLite's own check, and that every reference leads somewhere.
    pub fn is_whole(&self) -> Result<bool, Error> {
        let words: String = self
            .connection
            .pragma_query_value(None, "integrity_check", |row| row.get(0))?;
        let mut dangling = self.connection.prepare("PRAGMA foreign_key_check")?;
        Ok(words == "ok" && !dangling.exists([])?)
    }
}

/// Whether a file that is there may not be written.
fn is_read_only(path: &Path) -> bool {
    let opened = OpenOptions::new().append(true).open(path);
    opened.is_err_and(|error| {
        matches!(
            error.kind(),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
        )
    })
}

/// Whether whoever had the file open last has closed it: what was written then is all in the file itself.
fn is_closed(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).map_or(true, |log| log.len() == 0)
}
