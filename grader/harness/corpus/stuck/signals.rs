//! Signals that nobody sends.

use std::io;

use crate::names::Connected;
use crate::raw::{self, SIGUSR1};

pub(crate) fn pause(_on: Connected) -> io::Result<()> {
    raw::interrupt_at(SIGUSR1)?;
    raw::pause();
    Ok(())
}

pub(crate) fn suspend(_on: Connected) -> io::Result<()> {
    raw::interrupt_at(SIGUSR1)?;
    raw::suspend();
    Ok(())
}

pub(crate) fn wait(_on: Connected) -> io::Result<()> {
    raw::block(SIGUSR1)?;
    raw::wait_for_signal(SIGUSR1)
}

pub(crate) fn descriptor(_on: Connected) -> io::Result<()> {
    raw::block(SIGUSR1)?;
    rustix::io::read(raw::signalfd(SIGUSR1)?, &mut [0; 128])?;
    Ok(())
}
