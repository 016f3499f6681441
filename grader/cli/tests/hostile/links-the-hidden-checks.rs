//! must: ungradable
extern crate echo_lesson;
fn main() {}
