//! A static site of a class: a page for the instructor, and one a student that can be sent to that student
//! alone. Nothing in it runs, and nothing comes from elsewhere.

mod class_page;
mod student_page;
mod style;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::class::Class;

/// A file of the site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// Its path in the site's folder.
    pub path: String,
    /// Its content.
    pub content: String,
}

/// All files of the site; `now` is the day that stands on each.
pub fn pages(class: &Class, now: &str) -> Vec<Page> {
    let mut pages = vec![Page {
        path: "index.html".into(),
        content: class_page::render(class, now).into_string(),
    }];
    for student in &class.students {
        pages.push(Page {
            path: format!("students/{}", file_name(&student.id)),
            content: student_page::render(class, student, now).into_string(),
        });
    }
    pages
}

/// The file of a student's page. Other bytes than letters, digits, `-` and `_` are written as numbers, so
/// that no id leads elsewhere and no two have the same file, not even where case does not count.
fn file_name(id: &str) -> String {
    let mut name = String::new();
    for byte in id.bytes() {
        match byte {
            b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' => name.push(byte.into()),
            byte => name.push_str(&format!(".{byte:02x}")),
        }
    }
    format!("{name}.html")
}

/// A page around `body`. The policy forbids scripts and whatever comes from elsewhere, should anything
/// ever slip through.
fn page(title: &str, now: &str, body: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy"
                    content="default-src 'none'; style-src 'unsafe-inline'";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (clean(title)) }
                style { (PreEscaped(style::CSS)) }
            }
            body {
                main { (body) }
                footer { "As of " (now) "." }
            }
        }
    }
}

/// Text without what could turn or hide other text: control characters, and marks of direction.
fn clean(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\t' => c,
            c if c.is_control() => '\u{fffd}',
            '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

/// How good `part` of `whole` is, in six steps: the name of a style.
fn heat(part: f64, whole: f64) -> &'static str {
    const STEPS: [(f64, &str); 5] = [
        (1.0, "heat5"),
        (0.8, "heat4"),
        (0.6, "heat3"),
        (0.4, "heat2"),
        (0.2, "heat1"),
    ];
    let share = if whole > 0.0 { part / whole } else { 0.0 };
    let reached = STEPS.iter().find(|(from, _)| share >= *from);
    reached.map_or("heat0", |(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_id_leads_out_of_the_folder() {
        assert_eq!(file_name("anna"), "anna.html");
        assert_eq!(file_name("../Anna"), ".2e.2e.2f.41nna.html");
        assert_eq!(file_name(".2e"), ".2e2e.html");
    }

    #[test]
    fn only_all_points_are_the_best() {
        assert_eq!(heat(19.0, 19.0), "heat5");
        assert_eq!(heat(18.0, 19.0), "heat4");
        assert_eq!(heat(8.0, 19.0), "heat2");
        assert_eq!(heat(0.0, 19.0), "heat0");
        assert_eq!(heat(0.0, 0.0), "heat0");
    }
}
