//! 102 addresses: the bytes behind an address. Each line is text or bytes; the program prints the
//! other form.

#![forbid(unsafe_code)]

mod forms;
mod hints;
mod nonsense;
mod notes;

use harness::random::Random;
use harness::{Check, Lesson, Role, Run, Translation, Verdict};

use crate::forms::{Forms, ipv4, ipv6, port_of_equal_bytes, port_of_two_bytes, unix};

/// The lesson.
pub const LESSON: Lesson = Lesson {
    number: 102,
    slug: "addresses",
    title: "The bytes behind an address",
    role: Role::Filter,
    verbs: &[],
    checks: &[
        Check::new(
            "ipv4-to-bytes",
            1,
            "an IPv4 address and a port become their bytes",
            ipv4_to_bytes,
        ),
        Check::new(
            "ipv4-from-bytes",
            1,
            "the way back, from digits in either case",
            ipv4_from_bytes,
        ),
        Check::new(
            "network-byte-order",
            2,
            "ports whose two bytes differ",
            network_byte_order,
        ),
        Check::new(
            "ipv6-both-ways",
            2,
            "IPv6 addresses as RFC 5952 writes them",
            ipv6_both_ways,
        ),
        Check::new(
            "unix-both-ways",
            2,
            "paths of 1 to 107 bytes that need not be text",
            unix_both_ways,
        ),
        Check::new(
            "rejects-nonsense",
            2,
            "lines that are neither, and then one that is",
            rejects_nonsense,
        ),
    ],
    notes: notes::NOTES,
    hints: hints::HINTS,
};

/// Starts the program, gives it all lines, and expects their answers and its end.
fn translates(run: &mut Run, translations: &[Translation]) -> Verdict {
    let mut program = run.start_filter(&[])?;
    program.expect_answers(translations)?;
    program.expect_exit(0)
}

/// Every byte is two digits: a program that prints the number behind them loses zeros. Ports are of
/// two equal bytes here, since their order has a check of its own.
///
/// Not alone: whoever cannot do this can do nothing else; it is the first step, and fails with the
/// shortest line.
fn ipv4_to_bytes(run: &mut Run) -> Verdict {
    let translations: Vec<Translation> = some_ipv4(run.random())
        .iter()
        .map(Forms::text_given)
        .collect();
    translates(run, &translations)
}

/// The way back; digits are read in either case.
///
/// Not alone: who cannot read these digits cannot read those of IPv6 either; this is the smallest line
/// to see it on.
fn ipv4_from_bytes(run: &mut Run) -> Verdict {
    let mut translations = Vec::new();
    for forms in some_ipv4(run.random()) {
        translations.push(forms.bytes_given());
        translations.push(forms.upper_case_given());
    }
    translates(run, &translations)
}

/// On the wire the more significant byte comes first, whatever the machine does with its own numbers.
fn network_byte_order(run: &mut Run) -> Verdict {
    let mut translations = Vec::new();
    let mut all = vec![
        ipv4([127, 0, 0, 1], 8080),
        ipv6("::1", 80),
        ipv4([10, 0, 0, 1], 256),
    ];
    for _ in 0..3 {
        let port = port_of_two_bytes(run.random());
        all.push(ipv4(octets(run.random()), port));
        all.push(ipv6("2001:db8::1", port));
    }
    for forms in all {
        translations.push(forms.text_given());
        translations.push(forms.bytes_given());
    }
    translates(run, &translations)
}

/// RFC 5952: no leading zeros, the longest run of zero groups becomes `::`, of two as long the
/// first, and never a single one.
fn ipv6_both_ways(run: &mut Run) -> Verdict {
    let mut texts: Vec<String> = [
        "::1",
        "::",
        "2001:db8::1",
        "2001:db8::",
        "2001:db8:0:1:1:1:1:1",
        "2001:0:0:1::1",
        "2001:db8::1:0:0:1",
        "fe80::a00:27ff:fe4e:66a1",
        "ff02::1:ff00:42",
    ]
    .map(str::to_owned)
    .into();
    for _ in 0..6 {
        texts.push(forms::random_ipv6(run.random()));
    }
    let mut translations = Vec::new();
    for text in texts {
        let forms = ipv6(&text, port_of_equal_bytes(run.random()));
        translations.push(forms.text_given());
        translations.push(forms.bytes_given());
        translations.push(forms.upper_case_given());
    }
    translates(run, &translations)
}

/// A path is bytes: white space, colons and what is no UTF-8 are copied. The longest has 107 bytes,
/// since sun_path holds 108 and the last is a zero (`man 7 unix`).
fn unix_both_ways(run: &mut Run) -> Verdict {
    let path = format!("/run/user/1000/{}", run.random().word());
    let longest = [b"/tmp/", &run.random().letters(102)[..]].concat();
    let paths: [&[u8]; 11] = [
        b"/tmp/chat.sock",
        b"/",
        path.as_bytes(),
        b"/tmp/two words:and a colon",
        "/tmp/čaj.sock".as_bytes(),
        b"/tmp/\xff\xfe\x80.sock",
        b"/tmp/ends with a space ",
        b"/tmp/ends with a CR\r",
        b" begins  with a space",
        b"unix:/tmp/begins as the line does",
        &longest,
    ];
    let mut translations = Vec::new();
    for forms in paths.map(unix) {
        translations.push(forms.text_given());
        translations.push(forms.bytes_given());
        translations.push(forms.upper_case_given());
    }
    translates(run, &translations)
}

/// A line that is no address gets an error, and the next line its answer.
fn rejects_nonsense(run: &mut Run) -> Verdict {
    let mut translations = Vec::new();
    for line in nonsense::lines(run.random()) {
        translations.push(Translation::error(line));
    }
    for forms in some_ipv4(run.random()) {
        translations.push(forms.text_given());
    }
    run.random().shuffle(&mut translations);
    translations.push(ipv4([127, 0, 0, 1], 0x5050).text_given());
    translates(run, &translations)
}

/// The addresses that everybody meets, and random ones.
fn some_ipv4(random: &mut Random) -> Vec<Forms> {
    let mut all = vec![
        ipv4([127, 0, 0, 1], 0x5050),
        ipv4([0, 0, 0, 0], 0),
        ipv4([10, 0, 0, 1], 0x0505),
        ipv4([255, 255, 255, 255], 65535),
    ];
    for _ in 0..4 {
        all.push(ipv4(octets(random), port_of_equal_bytes(random)));
    }
    all
}

fn octets(random: &mut Random) -> [u8; 4] {
    std::array::from_fn(|_| forms::byte(random))
}
