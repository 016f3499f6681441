//! Two threads run the same function. Each has its own local variables.

use std::thread;

fn count(name: &str) {
    let mut number = 0;
    for _ in 0..3 {
        number += 1;
        println!("{name}: {number}");
    }
}

fn main() {
    let one = thread::spawn(|| count("one"));
    let two = thread::spawn(|| count("two"));
    println!("main: both have started");
    // An error would mean that the thread has panicked.
    let ends = (one.join(), two.join());
    println!("main: {ends:?}");
}
