//! The site: readable, and deaf to what programs print.

#![forbid(unsafe_code)]

mod sample;

use gradebook::site::{self, Page};
use sample::{MARKUP, Sample};
use scraper::{Html, Selector};

fn pages(scheme: &str) -> Vec<Page> {
    let sample = Sample::class();
    sample
        .book
        .set_deadline("echo", -7_200_000, 1)
        .expect("there is room");
    site::pages(&sample.view(scheme), "2026-11-21 12:00")
}

fn page<'a>(pages: &'a [Page], path: &str) -> &'a str {
    let found = pages.iter().find(|page| page.path == path);
    &found.expect("it is there").content
}

fn all<'a>(document: &'a Html, selector: &str) -> Vec<scraper::ElementRef<'a>> {
    let selector = Selector::parse(selector).expect("a selector");
    document.select(&selector).collect()
}

fn text(element: &scraper::ElementRef<'_>) -> String {
    element.text().collect::<Vec<_>>().join("")
}

#[test]
fn what_a_program_sends_is_text_and_never_markup() {
    let pages = pages("");
    for page in &pages {
        let document = Html::parse_document(&page.content);
        for forbidden in [
            "script",
            "img",
            "iframe",
            "object",
            "link",
            "form",
            "b",
            "[onerror]",
            "[src]",
        ] {
            assert!(
                all(&document, forbidden).is_empty(),
                "{}: {forbidden}",
                page.path
            );
        }
    }
    for student in ["bo", "cy"] {
        let document = Html::parse_document(page(&pages, &format!("students/{student}.html")));
        let report: String = all(&document, "pre").iter().map(text).collect();
        // It stands there letter by letter, but for the mark that turns text round.
        assert!(
            report.contains(&MARKUP.replace('\u{202e}', "\u{fffd}")),
            "{report}"
        );
    }
    let document = Html::parse_document(page(&pages, "students/bo.html"));
    assert_eq!(text(&all(&document, "h1")[0]), "Bo <b>Berg</b>");
}

#[test]
fn nothing_comes_from_elsewhere() {
    for page in &pages("") {
        let document = Html::parse_document(&page.content);
        let policy = all(&document, "meta[http-equiv=Content-Security-Policy]");
        assert_eq!(
            policy[0].attr("content"),
            Some("default-src 'none'; style-src 'unsafe-inline'")
        );
        assert!(!page.content.contains("http://") && !page.content.contains("https://"));
        assert!(!page.content.contains("url(") && !page.content.contains("@import"));
    }
}

#[test]
fn the_class_is_sorted_and_readable_without_colour() {
    let pages = pages("");
    let document = Html::parse_document(page(&pages, "index.html"));
    let rows: Vec<String> = all(&document, "table")[0]
        .select(&Selector::parse("tbody tr").expect("a selector"))
        .map(|row| text(&row).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(
        rows,
        [
            "Ann Lee ann✓ 4/4 2 h 0 min late4/6",
            "Bo <b>Berg</b> bo1/4 2 h 0 min late1/6",
            "Cy cyungradable 2 h 0 min late0/6",
            "Di di! grader errornot known",
            "El el––",
        ]
    );
    let failing = &all(&document, "table")[1];
    let selector = Selector::parse("tbody tr").expect("a selector");
    let rows = failing.select(&selector);
    let rows: Vec<String> = rows.map(|row| text(&row)).collect();
    assert_eq!(
        rows,
        [
            "one-message0one message comes back",
            "half-close1the end, then the rest"
        ]
    );
}

#[test]
fn a_students_page_names_nobody_else() {
    let pages = pages("");
    let ann = page(&pages, "students/ann.html");
    for other in ["Bo", "Berg", "Cy", "index.html", "href"] {
        assert!(!ann.contains(other), "{other}");
    }
    assert!(ann.contains("✓ passed"));
}

#[test]
fn a_hidden_check_is_counted_and_not_named() {
    let pages = pages("[lessons.echo]\nhidden = [\"half-close\"]");
    let bo = page(&pages, "students/bo.html");
    assert!(
        !bo.contains("half-close") && !bo.contains("nothing came back"),
        "{bo}"
    );
    assert!(
        bo.contains("1 of 4 points. Some of them are given by checks that are not shown here.")
    );
    // The instructor sees it.
    assert!(page(&pages, "index.html").contains("half-close (hidden)"));
}
