//! Each export is held to what its system documents; the sources stand in `src/export/`.

#![forbid(unsafe_code)]

mod sample;

use gradebook::export::{self, ExportError};
use gradebook::{CheckRecord, CheckResult, Class, GradingResult};
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
    assert!(results["output"].is_string());
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
fn gradescope_is_told_what_could_not_be_run() {
    let mut sample = Sample::empty();
    let mut checks = right();
    checks[1] = CheckRecord {
        result: CheckResult::Skipped,
        points: 0,
        reason: Some("this machine has no IPv6".into()),
        ..checks[1].clone()
    };
    sample.store("ann", GradingResult::Graded, checks);
    let results = gradescope(&sample.view(""), "ann");
    is_gradescopes(&results);
    assert_eq!(
        results["output"],
        "Not run on this machine, and without points: echo: half-close"
    );
    assert_eq!(results["tests"][1]["output"], "this machine has no IPv6");
    // Nor is a hidden one named there.
    let results = gradescope(&sample.view(HIDDEN), "ann");
    assert_eq!(results["output"], "");
}

/// What PrairieLearn's documentation shows of a result, and its limit.
fn is_prairielearns(results: &Value) {
    let known = [
        "gradable",
        "score",
        "message",
        "output",
        "images",
        "tests",
        "format_errors",
    ];
    let of_test = [
        "name",
        "description",
        "points",
        "max_points",
        "message",
        "output",
        "images",
    ];
    assert!(
        keys(results).iter().all(|key| known.contains(key)),
        "{results}"
    );
    assert!(results.to_string().len() < 1_000_000);
    if results["gradable"] == false {
        let errors = results["format_errors"].as_array().expect("a list");
        assert!(errors.iter().all(Value::is_string), "{results}");
        return;
    }
    let score = results["score"].as_f64().expect("a number");
    assert!((0.0..=1.0).contains(&score), "{score}");
    for test in results["tests"].as_array().expect("a list") {
        assert!(keys(test).iter().all(|key| of_test.contains(key)), "{test}");
        assert!(test["points"].as_f64() <= test["max_points"].as_f64());
        assert!(test["name"].is_string() && test["output"].is_string());
    }
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
    for id in ["ann", "bo", "cy"] {
        is_prairielearns(&results(id));
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
    // Autolab puts quotation marks around a bare word before a colon, wherever it stands.
    let bare = |pair: &[u8]| pair[0].is_ascii_alphanumeric() && pair[1] == b':';
    assert!(!line.as_bytes().windows(2).any(bare), "{line}");
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
            assert!(is_fraction(&suite["weight"]), "{suite}");
            for case in suite["testCases"].as_array().expect("a list") {
                let known = ["name", "reason", "status", "weight"];
                assert!(keys(case).iter().all(|key| known.contains(key)), "{case}");
                assert!(case["name"].is_string());
                assert!(case.get("weight").is_none_or(is_fraction), "{case}");
                let status = case["status"].as_str().expect("text");
                assert!(["success", "failure", "skipped"].contains(&status));
            }
        }
        assert_eq!(points["tag"], "points");
        assert!(is_fraction(&points["points"]), "{points}");
        let expected = if id == "ann" {
            "2/3"
        } else if id == "bo" {
            "1/6"
        } else {
            "0"
        };
        assert_eq!(points["points"], expected);
    }
}

/// `3/20`, or a whole number: a fraction as Python writes it, as text.
fn is_fraction(value: &Value) -> bool {
    let is_number = |text: &str| text.parse::<u32>().is_ok();
    value
        .as_str()
        .is_some_and(|text| match text.split_once('/') {
            Some((part, whole)) => is_number(part) && is_number(whole) && whole != "0",
            None => is_number(text),
        })
}

/// What `junit-10.xsd` of Jenkins's xUnit plugin allows of what we write: for each element those that it may
/// hold, the attributes that it must have and those that it may have.
type Element = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static [&'static str],
);
const JUNIT: [Element; 6] = [
    (
        "testsuites",
        &["testsuite"],
        &[],
        &["name", "time", "tests", "failures", "errors"],
    ),
    (
        "testsuite",
        &[
            "testsuite",
            "properties",
            "testcase",
            "system-out",
            "system-err",
        ],
        &["name", "tests", "failures", "errors"],
        &[
            "group",
            "time",
            "skipped",
            "timestamp",
            "hostname",
            "id",
            "package",
            "file",
            "log",
            "url",
        ],
    ),
    (
        "testcase",
        &["skipped", "error", "failure", "system-out", "system-err"],
        &["name"],
        &["time", "classname", "group"],
    ),
    ("failure", &[], &[], &["type", "message"]),
    ("error", &[], &[], &["type", "message"]),
    ("skipped", &[], &[], &["type", "message"]),
];

#[test]
fn junit_is_what_its_schema_allows() {
    let sample = Sample::class();
    let class = sample.view("");
    let xml = export::junit(&class, &class.students);
    let document = roxmltree::Document::parse(&xml).expect("it is XML");
    assert!(document.root_element().has_tag_name("testsuites"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        let name = node.tag_name().name();
        let known = JUNIT.iter().find(|(known, ..)| *known == name);
        let (_, children, must, may) = known.unwrap_or_else(|| panic!("<{name}>"));
        for child in node.children().filter(roxmltree::Node::is_element) {
            assert!(
                children.contains(&child.tag_name().name()),
                "{child:?} in <{name}>"
            );
        }
        for attribute in node.attributes() {
            let attribute = attribute.name();
            assert!(
                must.contains(&attribute) || may.contains(&attribute),
                "{name} {attribute}"
            );
        }
        for attribute in *must {
            assert!(node.has_attribute(*attribute), "{name} {attribute}");
        }
        // SUREFIRE_TIME: digits with a comma before each three, and a fraction.
        if let Some(time) = node.attribute("time") {
            let (whole, fraction) = time.split_once('.').unwrap_or((time, ""));
            let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
            assert!(
                digits(whole) && digits(fraction) && whole.len() <= 3,
                "{time}"
            );
        }
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

const CANVAS: &str = "\u{feff}Student,ID,SIS Login ID,Section,205 echo (88123),Essay (88124),Echo Final Score,Final Score\n\
                          Points Possible,,,,4,10,(read only),(read only)\n\
                      \"Lee, Ann\",ann,alee,A,2,9,90,80\n\
                      \"Berg, Bo\",5002,bo,A,,8,80,70\n\
                      \"Doe, Di\",di,ddoe,A,3,7,70,60\n\
                      El,el,el,A,1,7,70,60\n\
                      Zo,zo,zo,A,3,7,70,60\n";

#[test]
fn canvas_gets_its_own_file_back_with_marks_in_it() {
    let sample = Sample::class();
    let filled = export::canvas(&sample.view(""), CANVAS).expect("it fits");
    let lines: Vec<&str> = filled.text.lines().collect();
    let before: Vec<&str> = CANVAS.lines().collect();
    assert_eq!(lines[..2], before[..2], "no column is added");
    assert_eq!(lines[2], "\"Lee, Ann\",ann,alee,A,4,9,90,80");
    assert_eq!(
        lines[3], "\"Berg, Bo\",5002,bo,A,1,8,80,70",
        "found by the login"
    );
    // An error of the grader, nothing handed in, not ours: what stood there stays.
    assert_eq!(lines[4..], before[4..]);
    assert_eq!(
        filled.notes,
        [
            "echo: \"205 echo (88123)\", 2 filled in",
            "in the gradebook, and not in the template: cy"
        ]
    );
}

#[test]
fn canvas_keeps_who_is_excused_and_tells_of_other_points() {
    let sample = Sample::class();
    let template = "Student,ID,Section,Echo (7)\r\n    Points Possible,,,10\r\nAnn,ann,A,EX\r\n\
                    Bo,bo,A,N/A\r\nCy,cy,A,\r\n";
    let filled = export::canvas(&sample.view(""), template).expect("it fits");
    // Its line ends are as they were, too.
    assert_eq!(filled.text, template.replace("Cy,cy,A,", "Cy,cy,A,0"));
    assert_eq!(
        filled.notes,
        [
            "echo: \"Echo (7)\", 1 filled in",
            "echo: Canvas gives 10 points for it, this course 4: see weight in course.toml",
            "left at EX or N/A, as Canvas had it: ann echo, bo echo"
        ]
    );
}

#[test]
fn canvas_may_separate_with_semicolons() {
    let sample = Sample::class();
    let template =
        "Student;ID;Section;Echo (7)\n    Points Possible;;;4,00\n\"Lee; Ann\";ann;A, B;1,5\n";
    let filled = export::canvas(&sample.view(""), template).expect("it fits");
    assert_eq!(filled.text, template.replace("1,5", "4"));
}

#[test]
fn canvas_without_a_column_for_the_lesson_is_refused() {
    let sample = Sample::class();
    let refused = |template: &str| {
        export::canvas(&sample.view(""), template)
            .expect_err("it does not fit")
            .to_string()
    };
    let said = refused("Student,ID,Section,Essay (88124)\nAnn,ann,A,9\n");
    assert!(
        said.contains("no column \"echo or frames\"") && said.contains("Essay (88124)"),
        "{said}"
    );
    // A course's number is no lesson's, and what Canvas calculates is no assignment.
    for other in ["CS 205 Midterm (1)", "Echo Current Points", "Echoes (2)"] {
        let said = refused(&format!("Student,ID,Section,{other}\nAnn,ann,A,9\n"));
        assert!(said.contains("no column"), "{other}: {said}");
    }
    let said = refused("Student,ID,Section,Echo 1 (1),Echo 2 (2)\nAnn,ann,A,9,9\n");
    assert!(
        said.contains("echo could be \"Echo 1 (1)\" or \"Echo 2 (2)\""),
        "{said}"
    );
    let said = refused("Student,ID,Section,Echo and frames (1)\nAnn,ann,A,9\n");
    assert!(
        said.contains("\"Echo and frames (1)\" could be echo or frames"),
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
    sample.store("20734", GradingResult::Graded, half());
    let worksheet = "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
                     Last modified (grade),Feedback comments\n\
                     Participant 20731,Ann Lee,a@x,Submitted,,6.00,Yes,-,\"well,\ndone\"\n\
                     Participant 20732,Bo,b@x,Submitted,5.00,6.00,No,-,locked\n\
                     Participant 20733,Di,d@x,Submitted,3.00,6.00,Yes,-,before\n";
    let filled = export::moodle(&sample.view(""), worksheet).expect("it fits");
    assert_eq!(
        filled.text,
        worksheet.replace("Submitted,,", "Submitted,4,")
    );
    assert_eq!(
        filled.notes,
        [
            "1 filled in",
            "cannot be changed, as Moodle says: 20732",
            "in the gradebook, and not in the template: 20734"
        ]
    );
}

#[test]
fn moodle_is_given_nothing_that_it_would_pass_over() {
    let mut sample = Sample::empty();
    sample.store("20731", GradingResult::Graded, right());
    let sheet = |maximum: &str| {
        format!(
            "Identifier,Grade,Maximum Grade,Last modified (grade)\nParticipant 20731,,{maximum},-\n"
        )
    };
    let only_echo = || {
        let course = sample::course().only(&["echo".to_owned()]);
        let class = sample
            .book
            .class(course, sample::scheme(""), gradebook::Count::Latest);
        class.expect("it can be read")
    };
    let error = export::moodle(&only_echo(), &sheet("3.00")).expect_err("too much");
    assert!(
        error
            .to_string()
            .contains("20731 has 4, and Moodle's maximum is 3.00"),
        "{error}"
    );
    let filled = export::moodle(&only_echo(), &sheet("\"10,00\"")).expect("it fits");
    assert!(filled.notes[1].contains("Moodle gives 10,00 points for it, this course 4"));
    for (without, column) in [
        ("Full name,Grade\nAnn,1\n", "Identifier"),
        (
            "Identifier,Grade\nParticipant 20731,1\n",
            "Last modified (grade)",
        ),
    ] {
        let error = export::moodle(&only_echo(), without).expect_err("Moodle would refuse it");
        let said = error.to_string();
        assert!(said.contains(&format!("no column \"{column}\"")), "{said}");
    }
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
