//! Which machine graded.

use std::env::consts::{ARCH, OS};

/// The machine, in a few words: `graph7, linux 6.12.0, x86_64, 2 processors`.
pub(crate) fn description() -> String {
    let kernel = |name: &str| {
        let told = std::fs::read_to_string(format!("/proc/sys/kernel/{name}"));
        told.map(|text| text.trim().to_owned()).unwrap_or_default()
    };
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let words = [
        kernel("hostname"),
        format!("{OS} {}", kernel("osrelease")).trim().to_owned(),
        ARCH.to_owned(),
        harness::payload::plural(processors, "processor"),
    ];
    let known: Vec<String> = words.into_iter().filter(|word| !word.is_empty()).collect();
    known.join(", ")
}
