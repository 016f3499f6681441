//! Opens every page in Chromium, if there is one, and hears from `look.js` what is wrong with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, anyhow, bail};
use serde::Deserialize;
use tiny_http::{Method, Request, Server};

use crate::serve;

/// What Debian, others and Google call it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "chrome"];
/// How long it may look at one page, on a machine that is very busy.
const PATIENCE: Duration = Duration::from_secs(100);
/// How often we look whether it still runs.
const GLANCE: Duration = Duration::from_secs(1);

/// What came of it.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) faults: Vec<String>,
    /// How many pages were looked at, and how many diagrams stepped through.
    pub(crate) pages: usize,
    pub(crate) diagrams: usize,
}

/// The Chromium of this machine.
pub(crate) fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let files = NAMES
        .iter()
        .flat_map(|n| folders.iter().map(move |f| f.join(n)));
    files.into_iter().find(|file| file.is_file())
}

/// Looks at all pages.
pub(crate) fn look(chromium: &Path, pages: &Path) -> anyhow::Result<Report> {
    let names = names(pages)?;
    let server = Server::http(("127.0.0.1", 0)).map_err(|e| anyhow!("cannot serve: {e}"))?;
    let profile = tempfile::tempdir()?;
    let address = format!("http://{}/look/", server.server_addr());
    let mut browser = Browser::open(chromium, profile.path(), &address)?;
    let mut last = (Instant::now(), String::from("nothing"));
    loop {
        let Some(mut request) = server.recv_timeout(GLANCE)? else {
            if let Some(status) = browser.0.try_wait()? {
                bail!(
                    "Chromium has ended too early ({status}); its last page is {}",
                    last.1
                );
            }
            if last.0.elapsed() > PATIENCE {
                bail!(
                    "Chromium asks for nothing more in {PATIENCE:?}; its last page is {}",
                    last.1
                );
            }
            continue;
        };
        last.0 = Instant::now();
        if is_a(request.url(), "html") {
            request.url().clone_into(&mut last.1);
        }
        if *request.method() == Method::Post {
            let mut text = String::new();
            request.as_reader().read_to_string(&mut text)?;
            serve::respond(request, "204 No Content", "text/plain", b"")?;
            return serde_json::from_str(&text).context("what Chromium reports");
        }
        answer(request, pages, &names)?;
    }
}

/// The pages, as links from the root.
fn names(pages: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(pages)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        // The first is a part of the sidebar, the second has its links from another root.
        if is_a(&name, "html") && name != "toc.html" && name != "404.html" {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn answer(request: Request, pages: &Path, names: &[String]) -> anyhow::Result<()> {
    let text = match request.url() {
        "/look/" => format!(
            "<!doctype html><meta charset=utf-8><body><script>window.PAGES = {};</script>\
             <script src=/look/look.js></script>",
            serde_json::to_string(names)?
        ),
        "/look/look.js" => include_str!("browser/look.js").to_owned(),
        "/look/errors.js" => include_str!("browser/errors.js").to_owned(),
        url if is_a(url, "html") => {
            let Some(file) = serve::file(pages, url) else {
                return Ok(serve::answer(request, pages)?);
            };
            let head = "<head><script src=\"/look/errors.js\"></script>";
            fs::read_to_string(file)?.replacen("<head>", head, 1)
        }
        _ => return Ok(serve::answer(request, pages)?),
    };
    let kind = if is_a(request.url(), "js") {
        "text/javascript"
    } else {
        "text/html; charset=utf-8"
    };
    Ok(serve::respond(request, "200 OK", kind, text.as_bytes())?)
}

/// Whether this is the name of such a file.
fn is_a(name: &str, extension: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|it| it == extension)
}

/// A browser that ends with its value.
#[derive(Debug)]
struct Browser(Child);

impl Browser {
    fn open(chromium: &Path, profile: &Path, address: &str) -> anyhow::Result<Self> {
        let mut profile_is = std::ffi::OsString::from("--user-data-dir=");
        profile_is.push(profile);
        let child = Command::new(chromium)
            .args(["--headless", "--disable-gpu", "--no-first-run"])
            // It opens only our own pages; root has no sandbox, and neither have many containers.
            .arg("--no-sandbox")
            // Containers often have little shared memory.
            .arg("--disable-dev-shm-usage")
            // No word to anybody but us.
            .args([
                "--disable-background-networking",
                "--disable-component-update",
            ])
            .args(["--disable-sync", "--disable-quic"])
            .arg(profile_is)
            // A page that is not in front would get its timers late.
            .arg("--disable-renderer-backgrounding")
            .arg(address)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| chromium.display().to_string())?;
        Ok(Self(child))
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
