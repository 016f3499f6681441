//! One thread, which sleeps or works.
#![expect(
    clippy::disallowed_methods,
    reason = "these programs are about sleeping"
)]

use std::io;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::serve::LATE;

pub(crate) fn sleep(_client: &TcpStream) -> io::Result<()> {
    std::thread::sleep(LATE);
    Ok(())
}

pub(crate) fn many_short_ones(_client: &TcpStream) -> io::Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < LATE {
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}

pub(crate) fn compute(_client: &TcpStream) -> io::Result<()> {
    work();
    Ok(())
}

pub(crate) fn compute_in_a_thread(_client: &TcpStream) -> io::Result<()> {
    std::thread::scope(|scope| {
        scope.spawn(work);
    });
    Ok(())
}

pub(crate) fn yield_again_and_again(_client: &TcpStream) -> io::Result<()> {
    let begin = Instant::now();
    while begin.elapsed() < LATE {
        std::thread::yield_now();
    }
    Ok(())
}

fn work() {
    let begin = Instant::now();
    let mut number = 1_u64;
    while begin.elapsed() < LATE {
        number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005));
    }
}
