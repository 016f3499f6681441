//! Each export is held to what its system documents; the sources stand in `src/export/`.

#![forbid(unsafe_code)]

mod sample;

use gradebook::export::{self, ExportError};
use gradebook::{Class, GradingResult};
use sample::{Sample, half, right};
use serde_json::Value;

const HIDDEN: &str = "[lessons.echo]\nhidden = [\"half-close\"]";

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

fn gradescope(class: &Class, id: &str) -> Value {
    export::gradescope(class, class.student(id).expect("known")).expect("there is a mark")
}

/// The rules of "Output Format" in Gradescope's specification.
fn is_gradescopes(results: &Value) {
    let known = [
        "score",
        "execution_time",
        "output",
        "output_format",
        "test_output_format",
        "test_name_format",
        "visibility",
        "stdout_visibility",
        "extra_data",
        "tests",
        "leaderboard",
    ];
    let of_test = [
        "score",
        "max_score",
        "status",
        "name",
        "name_format",
        "number",
        "output",
        "output_format",
        "tags",
        "visibility",
        "extra_data",
    ];
    let visibilities = ["hidden", "after_due_date", "after_published", "visible"];
    let formats = ["text", "html", "simple_format", "md", "ansi"];
    let is_one = |value: &Value, of: &[&str]| value.as_str().is_some_and(|text| of.contains(&text));
    assert!(
        keys(results).iter().all(|key| known.contains(key)),
        "{results}"
    );
    assert!(results["score"].as_f64().is_some_and(|score| score >= 0.0));
    assert!(is_one(&results["visibility"], &visibilities));
    assert!(is_one(&results["stdout_visibility"], &visibilities));
    assert!(is_one(&results["output_format"], &formats));
    for test in results["tests"].as_array().expect("a list") {
        assert!(keys(test).iter().all(|key| of_test.contains(key)), "{test}");
        assert!(
            test["score"].as_f64() <= test["max_score"].as_f64(),
            "{test}"
        );
        assert!(is_one(&test["status"], &["passed", "failed"]), "{test}");
        assert!(is_one(&test["visibility"], &visibilities), "{test}");
        assert!(is_one(&test["output_format"], &formats), "{test}");
        assert!(
            test["name"].is_string() && test["output"].is_string(),
            "{test}"
        );
    }
}

#[test]
fn gradescope_gets_a_test_for_each_check() {
    let sample = Sample::class();
    let class = sample.view("");
    for id in ["ann", "bo", "cy"] {
        is_gradescopes(&gradescope(&class, id));
    }
    let bo = gradescope(&class, "bo");
    assert_eq!(bo["score"], 1.0);
    assert_eq!(bo["tests"][1]["name"], "echo: half-close");
    assert_eq!(bo["tests"][1]["status"], "failed");
    let output = bo["tests"][1]["output"].as_str().expect("text");
    assert!(output.contains("nothing came back"));
    let cy = gradescope(&class, "cy");
    assert_eq!(cy["score"], 0.0);
    let output = cy["tests"][0]["output"].as_str().expect("text");
    assert!(output.starts_with("it does not build"));
}

#[test]
fn gradescope_counts_a_hidden_check_and_does_not_show_it() {
    let sample = Sample::class();
    let class = sample.view(HIDDEN);
    let ann = gradescope(&class, "ann");
    assert_eq!(ann["score"], 4.0);
    assert_eq!(ann["tests"][1]["visibility"], "hidden");
    assert_eq!(ann["tests"][0]["visibility"], "visible");
}

#[test]
fn prairielearn_keeps_an_attempt_that_does_not_compile() {
    let sample = Sample::class();
    let class = sample.view("");
    let results = |id: &str| {
        export::prairielearn(&class, class.student(id).expect("known")).expect("there is a mark")
    };
    let cy = results("cy");
    assert_eq!(cy["gradable"], false);
    assert!(
        cy["format_errors"][0]
            .as_str()
            .expect("text")
            .starts_with("it does not build")
    );
    assert!(cy.get("score").is_none());
    let bo = results("bo");
    assert_eq!(bo["gradable"], true);
    // 1 point of the 6 that both lessons have.
    assert!((bo["score"].as_f64().expect("a number") - 1.0 / 6.0).abs() < 1e-9);
    for test in bo["tests"].as_array().expect("a list") {
        assert_eq!(keys(test), ["max_points", "name", "output", "points"]);
    }
}

#[test]
fn what_shows_every_test_is_not_told_of_a_hidden_one() {
    let sample = Sample::class();
    let class = sample.view(HIDDEN);
    let bo = class.student("bo").expect("known");
    let told = [
        export::prairielearn(&class, bo)
            .expect("there is a mark")
            .to_string(),
        export::codegrade(&class, bo).expect("there is a mark"),
        export::junit(&class, [bo]),
        export::autolab(&class, bo).expect("there is a mark"),
    ];
    for text in told {
        assert!(!text.contains("half-close"), "{text}");
    }
}

#[test]
fn autolab_gets_one_line_of_scores() {
    let sample = Sample::class();
    let class = sample.view("");
    let line = export::autolab(&class, class.student("bo").expect("known")).expect("a mark");
    assert_eq!(line, r#"{"scores":{"echo":1.0}}"#);
}

#[test]
fn codegrade_gets_a_message_a_check_and_one_of_points() {
    let sample = Sample::class();
    let class = sample.view("[marks]\ndecimals = 1");
    for id in ["ann", "bo", "cy"] {
        let lines = export::codegrade(&class, class.student(id).expect("known")).expect("a mark");
        let messages: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("a line is JSON"))
            .collect();
        let (points, tests) = messages.split_last().expect("some");
        assert!(lines.lines().all(|line| line.len() < 250_000));
        for message in tests {
            assert_eq!(keys(message), ["results", "tag"]);
            assert_eq!(message["tag"], "unit-test");
            let suite = &message["results"][0];
            assert_eq!(keys(suite), ["id", "name", "testCases", "weight"]);
            let status = suite["testCases"][0]["status"].as_str().expect("text");
            assert!(["success", "failure", "skipped"].contains(&status));
        }
        assert_eq!(points["tag"], "points");
        let fraction = points["points"].as_str().expect("text");
        let (part, whole) = fraction.split_once('/').expect("a fraction");
        let number = |text: &str| text.parse::<u32>().expect("a whole number");
        assert!(
            number(part) <= number(whole) && number(whole) == 60,
            "{fraction}"
        );
    }
}

#[test]
fn junit_tells_failures_from_errors() {
    let sample = Sample::class();
    let class = sample.view("");
    let xml = export::junit(&class, &class.students);
    let document = roxmltree::Document::parse(&xml).expect("it is XML");
    let suites: Vec<_> = document
        .descendants()
        .filter(|node| node.has_tag_name("testsuite"))
        .collect();
    let count = |suite: &roxmltree::Node<'_, '_>, what: &str| -> usize {
        suite
            .attribute(what)
            .expect(what)
            .parse()
            .expect("a number")
    };
    for suite in &suites {
        let inner = |name: &str| suite.descendants().filter(|n| n.has_tag_name(name)).count();
        assert_eq!(count(suite, "tests"), inner("testcase"));
        assert_eq!(count(suite, "failures"), inner("failure"));
        assert_eq!(count(suite, "errors"), inner("error"));
        assert_eq!(count(suite, "skipped"), inner("skipped"));
    }
    let named = |name: &str| {
        let mut found = suites
            .iter()
            .filter(|suite| suite.attribute("name") == Some(name));
        found.next().expect("it is there")
    };
    assert_eq!(count(named("bo.echo"), "failures"), 1);
    assert_eq!(count(named("cy.echo"), "failures"), 1);
    assert_eq!(
        (
            count(named("di.echo"), "errors"),
            count(named("di.echo"), "failures")
        ),
        (1, 0)
    );
    // What the program sent stands there as text.
    let text: String = named("bo.echo")
        .descendants()
        .filter_map(|n| n.text())
        .collect();
    assert!(text.contains("<script>alert(1)</script>"), "{text}");
}

const CANVAS: &str = "\u{feff}Student,ID,SIS Login ID,Section,205 echo (88123),Essay (88124),Final Score\n\
                      \"    Points Possible\",,,,4,10,(read only)\n\
                      \"Lee, Ann\",ann,alee,A,2,9,80\n\
                      \"Berg, Bo\",5002,bo,A,,8,70\n\
                      \"Doe, Di\",di,ddoe,A,3,7,60\n\
                      El,el,el,A,1,7,60\n\
                      Zo,zo,zo,A,3,7,60\n";

#[test]
fn canvas_gets_its_own_file_back_with_marks_in_it() {
    let sample = Sample::class();
    let filled = export::canvas(&sample.view(""), CANVAS).expect("it fits");
    let lines: Vec<&str> = filled.lines().collect();
    assert_eq!(
        lines[0],
        CANVAS.lines().next().expect("a line"),
        "no column is added"
    );
    assert_eq!(lines[2], "\"Lee, Ann\",ann,alee,A,4,9,80");
    assert_eq!(
        lines[3], "\"Berg, Bo\",5002,bo,A,1,8,70",
        "found by the login"
    );
    // An error of the grader, nothing handed in, not ours: what stood there stays.
    assert_eq!(lines[4..], CANVAS.lines().collect::<Vec<_>>()[4..]);
}

#[test]
fn canvas_without_a_column_for_the_lesson_is_refused() {
    let sample = Sample::class();
    let template = "Student,ID,Section,Essay (88124)\nAnn,ann,A,9\n";
    let error = export::canvas(&sample.view(""), template).expect_err("there is no column");
    let said = error.to_string();
    assert!(
        said.contains("no column \"echo or frames\"") && said.contains("Essay (88124)"),
        "{said}"
    );
    let nobody = "Student,ID,Section,Echo (1)\nAnn,7,A,9\n";
    let error = export::canvas(&sample.view(""), nobody).expect_err("nobody is known");
    assert!(matches!(error, ExportError::NoStudents { .. }), "{error}");
}

#[test]
fn moodle_gets_its_own_worksheet_back_and_no_grade_is_wiped() {
    let mut sample = Sample::empty();
    sample.store("20731", GradingResult::Graded, right());
    sample.store("20732", GradingResult::Graded, half());
    sample.store("20733", GradingResult::GraderError, Vec::new());
    let worksheet = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
                     Last modified (grade),Feedback comments\n\
                     Participant 20731,Ann Lee,a@x,Submitted,,6.00,Yes,-,\n\
                     Participant 20732,Bo,b@x,Submitted,5.00,6.00,No,-,locked\n\
                     Participant 20733,Di,d@x,Submitted,3.00,6.00,Yes,-,before\n";
    let filled = export::moodle(&sample.view(""), worksheet).expect("it fits");
    let lines: Vec<&str> = filled.lines().collect();
    assert_eq!(lines[0], worksheet.lines().next().expect("a line"));
    assert_eq!(
        lines[1],
        "Participant 20731,Ann Lee,a@x,Submitted,4,6.00,Yes,-,"
    );
    assert_eq!(lines[2..], worksheet.lines().collect::<Vec<_>>()[2..]);
    let error = export::moodle(&sample.view(""), "Full name,Grade\nAnn,1\n").expect_err("no id");
    assert!(
        error.to_string().contains("no column \"Identifier\""),
        "{error}"
    );
}

#[test]
fn a_table_has_an_empty_field_where_there_is_no_mark() {
    let sample = Sample::class();
    let csv = export::csv(&sample.view("")).expect("it can be written");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "student,name,echo,frames,total,max_total,late,remarks"
    );
    assert_eq!(lines[1], "ann,Ann Lee,4,,4,6,,");
    assert_eq!(lines[3], "cy,Cy,0,,0,6,,");
    assert_eq!(lines[4], "di,Di,,,,6,,grader error: echo");
    assert_eq!(lines[5], "el,El,,,,6,,");
}

#[test]
fn a_name_is_no_formula() {
    let sample = Sample::empty();
    sample
        .book
        .enrol("=1+1", Some("@SUM(A1)"))
        .expect("there is room");
    let csv = export::csv(&sample.view("")).expect("it can be written");
    assert!(csv.contains("'=1+1,'@SUM(A1),"), "{csv}");
}

#[test]
fn json_holds_every_check() {
    let sample = Sample::class();
    let class = export::json(&sample.view(HIDDEN));
    let bo = &class["students"][1];
    assert_eq!(bo["lessons"][0]["checks"][1]["outcome"], "failed");
    assert_eq!(bo["lessons"][0]["checks"][1]["hidden"], true);
    assert_eq!(
        bo["lessons"][0]["checks"][1]["evidence"]["threads"],
        serde_json::json!([])
    );
    assert_eq!(
        class["students"][3]["grader_errors"]["echo"],
        "cannot start rustc"
    );
    assert_eq!(class["students"][3]["total"], Value::Null);
}

#[test]
fn where_there_is_no_mark_nothing_is_handed_over() {
    let sample = Sample::class();
    let class = sample.view("");
    for id in ["di", "el"] {
        let student = class.student(id).expect("known");
        let error = export::gradescope(&class, student).expect_err("no mark");
        assert!(matches!(error, ExportError::NoMark { .. }), "{error}");
    }
}
