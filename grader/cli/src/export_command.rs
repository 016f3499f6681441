//! `socklings export` and `socklings report`: the class, handed over.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use gradebook::export::{self, ExportError, Filled};
use gradebook::{Class, Student, site};
use harness::payload::visible;

use crate::args::{Export, ExportFormat, Report};
use crate::course_of;
use crate::exit::{Exit, Usage};
use crate::grade::clock;
use crate::{names, similarity};

pub(crate) fn run(options: &Export) -> anyhow::Result<Exit> {
    let mut class = course_of::class(&options.choice)?;
    if let Some(id) = &options.student {
        // In every format: what is made for one student tells of nobody else.
        only(&mut class, id)?;
    }
    if options.format == ExportFormat::Similarity {
        let folder = options.folder.as_deref().ok_or_else(|| {
            Usage::Other("say where to: export similarity DIR --from SUBMISSIONS".into())
        })?;
        similarity::write(&class, &options.from, folder)?;
        return Ok(Exit::Passed);
    }
    let text = text(&class, options).map_err(|error| match error.downcast::<ExportError>() {
        Ok(error) => Usage::Other(error.to_string()).into(),
        Err(other) => other,
    })?;
    match &options.folder {
        Some(file) => fs::write(file, text)
            .with_context(|| format!("cannot write {}", visible(&file.to_string_lossy())))?,
        None => write!(std::io::stdout(), "{text}")?,
    }
    Ok(Exit::Passed)
}

fn text(class: &Class, options: &Export) -> anyhow::Result<String> {
    let one = || one(class);
    let line = |value: serde_json::Value| format!("{value}\n");
    Ok(match options.format {
        ExportFormat::Gradescope => line(export::gradescope(class, one()?)?),
        ExportFormat::Prairielearn => line(export::prairielearn(class, one()?)?),
        ExportFormat::Autolab => format!("{}\n", export::autolab(class, one()?)?),
        ExportFormat::Codegrade => export::codegrade(class, one()?)?,
        ExportFormat::Junit => export::junit(class, &class.students),
        ExportFormat::Canvas => told(export::canvas(class, &template(options)?)?)?,
        ExportFormat::Moodle => told(export::moodle(class, &template(options)?)?)?,
        ExportFormat::Csv => export::csv(class)?,
        ExportFormat::Json => line(export::json(class)),
        ExportFormat::Similarity => String::new(),
    })
}

/// The file that was filled in. What its owner should know goes where it does not get into the file.
fn told(filled: Filled) -> std::io::Result<String> {
    for note in &filled.notes {
        writeln!(std::io::stderr(), "{}", visible(note))?;
    }
    Ok(filled.text)
}

/// Leaves the student of that id in the class, and nobody else.
fn only(class: &mut Class, id: &str) -> Result<(), Usage> {
    if class.student(id).is_none() {
        return Err(Usage::NoSuchStudent {
            name: visible(id),
            hint: names::hint(id, class.students.iter().map(|s| s.id.as_str())),
        });
    }
    class.students.retain(|student| student.id == id);
    Ok(())
}

/// The student of a format that is of one.
fn one(class: &Class) -> Result<&Student, ExportError> {
    match class.students.as_slice() {
        [only] => Ok(only),
        students => Err(ExportError::OneStudent(students.len())),
    }
}

fn template(options: &Export) -> anyhow::Result<String> {
    let Some(path) = &options.template else {
        return Err(Usage::Other(
            "this format fills in the platform's own file: name the one that you exported there with \
             --template FILE"
                .into(),
        )
        .into());
    };
    let bytes = fs::read(path)
        .map_err(|e| Usage::Other(format!("{}: {e}", visible(&path.to_string_lossy()))))?;
    String::from_utf8(bytes).map_err(|_| {
        Usage::Other(format!(
            "{} is not UTF-8; export it as CSV once more",
            visible(&path.to_string_lossy())
        ))
        .into()
    })
}

pub(crate) fn report(options: &Report) -> anyhow::Result<Exit> {
    let class = course_of::class(&options.choice)?;
    let pages = site::pages(&class, &clock::shown(clock::now()));
    for page in &pages {
        write_page(&options.html, &page.path, &page.content)?;
    }
    let folder = visible(&options.html.to_string_lossy());
    writeln!(
        std::io::stdout(),
        "{folder}/index.html is for you; {folder}/students/ holds a page for each of {} students",
        class.students.len()
    )?;
    Ok(Exit::Passed)
}

fn write_page(folder: &Path, path: &str, content: &str) -> anyhow::Result<()> {
    let file = folder.join(path);
    let shown = || visible(&file.to_string_lossy());
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent).with_context(|| format!("cannot write {}", shown()))?;
    }
    fs::write(&file, content).with_context(|| format!("cannot write {}", shown()))
}
