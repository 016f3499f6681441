//! must: graded 0
//! says: it printed more than 64 MiB
use std::io::Write;
fn main() {
    let line = "passed\n".repeat(10_000);
    while std::io::stdout().write_all(line.as_bytes()).is_ok() {}
}
