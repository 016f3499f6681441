//! What a name does that comes from outside, when it is joined with a folder.

use std::path::Path;

fn main() {
    let dir = Path::new("/home/anna/inbox");
    for name in ["photo.jpg", "../.bashrc", "/etc/passwd", ".."] {
        println!("{name:12} {}", dir.join(name).display());
    }
}
