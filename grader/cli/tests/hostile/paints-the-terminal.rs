//! must: graded 0
fn main() {
    println!("\u{1b}[2J\u{1b}[H\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}");
    eprintln!("\u{1b}[2J\u{1b}[H");
    std::process::exit(3);
}
