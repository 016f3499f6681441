//! The site in a real browser, headless: at a phone's width and a desktop's, with programs that try to
//! inject markup. `SOCKLINGS_CHROMIUM=1` asks for it; `.ci/run` does, and installs Debian's Chromium.

#![forbid(unsafe_code)]

mod sample;

use std::fs;
use std::path::Path;
use std::process::Command;

use gradebook::site;
use sample::Sample;
use serde_json::Value;

/// A page that opens the site's pages in frames of different widths and writes down what it sees.
const WRAPPER: &str = r#"<!doctype html><meta charset="utf-8"><body><pre id="seen"></pre><script>
const pages = PAGES, widths = [360, 390, 1200], seen = [];
async function look(page, width) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${width}px;height:800px;border:0`;
  document.body.append(frame);
  const loaded = new Promise(resolve => frame.onload = resolve);
  frame.src = page;
  await loaded;
  const inner = frame.contentDocument;
  const best = inner.querySelector("td.heat5");
  seen.push({ page, width,
    title: inner.title,
    scrollWidth: inner.documentElement.scrollWidth,
    scripts: inner.scripts.length,
    images: inner.images.length,
    alerted: frame.contentWindow.alerted === true,
    heat: best && frame.contentWindow.getComputedStyle(best).backgroundColor });
  frame.remove();
}
(async () => {
  for (const page of pages) for (const width of widths) await look(page, width);
  document.getElementById("seen").textContent = JSON.stringify(seen);
})();
</script>"#;

fn seen_by_chromium(folder: &Path, pages: &[String]) -> Vec<Value> {
    let wrapper = folder.join("wrapper.html");
    let list = serde_json::to_string(pages).expect("JSON");
    fs::write(&wrapper, WRAPPER.replace("PAGES", &list)).expect("it is ours");
    let output = Command::new("chromium")
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--allow-file-access-from-files",
        ])
        .args(["--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!(
            "--user-data-dir={}",
            folder.join("profile").display()
        ))
        .arg(format!("file://{}", wrapper.display()))
        .output()
        .expect("Debian's package chromium is installed");
    let dom = String::from_utf8_lossy(&output.stdout);
    let words = String::from_utf8_lossy(&output.stderr);
    let document = scraper::Html::parse_document(&dom);
    let selector = scraper::Selector::parse("#seen").expect("a selector");
    let text: String = document.select(&selector).flat_map(|e| e.text()).collect();
    serde_json::from_str(&text).unwrap_or_else(|_| panic!("chromium saw nothing: {dom}\n{words}"))
}

#[test]
fn a_browser_shows_the_site_at_any_width_and_runs_nothing() {
    if std::env::var_os("SOCKLINGS_CHROMIUM").is_none() {
        println!("skipped: SOCKLINGS_CHROMIUM=1 asks for it, since it needs a browser");
        return;
    }
    let sample = Sample::class();
    let pages = site::pages(&sample.view(""), "2026-11-21 12:00");
    let folder = tempfile::tempdir().expect("a folder");
    for page in &pages {
        let path = folder.path().join(&page.path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it is ours");
        fs::write(path, &page.content).expect("it is ours");
    }
    let paths: Vec<String> = pages.iter().map(|page| page.path.clone()).collect();
    let seen = seen_by_chromium(folder.path(), &paths);
    assert_eq!(seen.len(), 3 * pages.len());
    for look in &seen {
        assert_eq!(
            (&look["scripts"], &look["images"]),
            (&0.into(), &0.into()),
            "{look}"
        );
        assert_eq!(look["alerted"], false, "{look}");
        // Wide tables and reports scroll by themselves; the page does not.
        assert!(
            look["scrollWidth"].as_u64() <= look["width"].as_u64(),
            "{look}"
        );
        assert!(
            look["title"]
                .as_str()
                .is_some_and(|title| !title.is_empty()),
            "{look}"
        );
    }
    assert_eq!(seen[0]["heat"], "rgb(183, 225, 205)", "{}", seen[0]);
}
