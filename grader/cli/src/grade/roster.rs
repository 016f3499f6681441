//! The roster: who takes the course. A CSV file with a column `id` (or `student`, `sid`, `login`) and,
//! if there is one, a column `name`.

use std::collections::HashMap;
use std::path::Path;

use harness::payload::visible;

use super::collect::HandIn;
use crate::exit::Usage;

/// An id and a name.
pub(crate) type Entry = (String, Option<String>);

pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<Entry>> {
    let bad = |reason: String| Usage::BadRoster {
        name: visible(&path.to_string_lossy()),
        reason,
    };
    let text = std::fs::read_to_string(path).map_err(|e| bad(e.to_string()))?;
    // A spreadsheet's mark of UTF-8 is no part of the first heading.
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(text.as_bytes());
    let headings = reader.headers().map_err(|e| bad(e.to_string()))?.clone();
    let column = |names: &[&str]| {
        headings
            .iter()
            .position(|heading| names.contains(&heading.to_lowercase().as_str()))
    };
    let id = column(&["id", "student", "sid", "login"])
        .ok_or_else(|| bad("it has no column \"id\"".into()))?;
    let name = column(&["name", "full name"]);
    let mut entries: Vec<Entry> = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|e| bad(e.to_string()))?;
        let at = |column: usize| row.get(column).map(visible).filter(|text| !text.is_empty());
        let Some(id) = at(id) else {
            continue;
        };
        if entries.iter().any(|(known, _)| *known == id) {
            return Err(bad(format!("\"{id}\" stands in it twice")).into());
        }
        entries.push((id, name.and_then(at)));
    }
    Ok(entries)
}

/// Gives the students their names, and adds those who have handed in nothing.
pub(crate) fn apply(roster: &[Entry], class: &mut Vec<HandIn>) {
    if roster.is_empty() {
        return;
    }
    let known: HashMap<&str, Option<&str>> = roster
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_deref()))
        .collect();
    for student in class.iter_mut() {
        match known.get(student.id.as_str()) {
            Some(Some(name)) => student.name = Some((*name).to_owned()),
            Some(None) => {}
            None => student.remarks.push("is not in the roster".into()),
        }
    }
    for (id, name) in roster {
        if !class.iter().any(|student| student.id == *id) {
            let mut absent = HandIn::new(id.clone());
            absent.name.clone_from(name);
            absent.remarks.push("handed in nothing".into());
            class.push(absent);
        }
    }
    class.sort_by(|a, b| a.id.cmp(&b.id));
}
