//! The pages on loopback, for who writes a chapter: each request gets them as the chapters are now.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::anyhow;
use tiny_http::{Method, Request, Server};

use crate::render;

/// Serves until it is interrupted.
pub(crate) fn serve(book: &Path, port: u16) -> anyhow::Result<()> {
    let mut pages = render::build(book)?;
    let mut built = newest(book)?;
    let server = Server::http(("127.0.0.1", port))
        .map_err(|e| anyhow!("cannot serve on 127.0.0.1:{port}: {e}"))?;
    println!("http://{}/ (Ctrl-C ends it)", server.server_addr());
    for request in server.incoming_requests() {
        let now = newest(book)?;
        if now > built {
            built = now;
            match render::build(book) {
                Ok(new) => pages = new,
                // The writer sees it here, and the page as it was.
                Err(error) => eprintln!("book: {error:#}"),
            }
        }
        if let Err(error) = answer(request, &pages) {
            eprintln!("book: {error}");
        }
    }
    Ok(())
}

/// Answers with the page, or says that there is none.
pub(crate) fn answer(request: Request, pages: &Path) -> io::Result<()> {
    let Some(path) = file(pages, request.url()) else {
        return respond(
            request,
            "404 Not Found",
            "text/plain",
            b"there is no such page",
        );
    };
    let kind = match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css",
        Some("js") => "text/javascript",
        Some("svg") => "image/svg+xml",
        Some("json") => "application/json",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    respond(request, "200 OK", kind, &fs::read(&path)?)
}

/// Answers with these bytes, and ends the connection.
///
/// A connection that is kept open keeps a thread of the server's pool, and the pool may count on it for
/// the next connection, which then waits until this one ends. The library writes no `Connection: close`
/// of its own, so the answer is written here.
pub(crate) fn respond(request: Request, status: &str, kind: &str, bytes: &[u8]) -> io::Result<()> {
    let has_body = *request.method() != Method::Head;
    let mut writer = request.into_writer();
    let answer = (|| {
        write!(
            writer,
            "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\
             Connection: close\r\n\r\n",
            bytes.len()
        )?;
        if has_body {
            writer.write_all(bytes)?;
        }
        writer.flush()
    })();
    match answer {
        // A browser that goes on to the next page hangs up.
        Err(e)
            if matches!(
                e.kind(),
                io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset
            ) =>
        {
            Ok(())
        }
        answer => answer,
    }
}

/// The file that a URL asks for; none outside of `pages`.
pub(crate) fn file(pages: &Path, url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_start_matches('/');
    let path = if path.is_empty() { "index.html" } else { path };
    let file = pages.join(path).canonicalize().ok()?;
    let pages = pages.canonicalize().ok()?;
    (file.starts_with(&pages) && file.is_file()).then_some(file)
}

/// When anything that the book is made of was last changed.
fn newest(book: &Path) -> io::Result<SystemTime> {
    let mut newest = fs::metadata(book.join("book.toml"))?.modified()?;
    for entry in fs::read_dir(book.join("src"))? {
        newest = newest.max(entry?.metadata()?.modified()?);
    }
    for file in ["look.css", "ladder.js"] {
        newest = newest.max(fs::metadata(book.join(file))?.modified()?);
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_are_served() {
        let folder = tempfile::tempdir().expect("a folder");
        let pages = folder.path().join("pages");
        fs::create_dir(&pages).expect("a folder");
        fs::write(pages.join("index.html"), "x").expect("a file");
        fs::write(folder.path().join("secret"), "x").expect("a file");
        assert!(file(&pages, "/").is_some());
        assert!(file(&pages, "/index.html?print").is_some());
        assert!(file(&pages, "/../secret").is_none());
        assert!(file(&pages, "/none.html").is_none());
    }
}
