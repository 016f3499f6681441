//! Timers of every kind, waited for in calls that have no limit of their own.

use std::io::{self, Read as _};
use std::net::TcpStream;
use std::sync::mpsc;

use rustix::event::epoll;

use crate::raw::{self, SIGALRM, SIGUSR1, Tells};
use crate::readiness::wait_for_any;
use crate::serve::LATE;

pub(crate) fn timerfd_read(_client: &TcpStream) -> io::Result<()> {
    rustix::io::read(raw::timerfd(Some(LATE))?, &mut [0; 8])?;
    Ok(())
}

pub(crate) fn timerfd_poll(_client: &TcpStream) -> io::Result<()> {
    wait_for_any(&raw::timerfd(Some(LATE))?)
}

pub(crate) fn timerfd_epoll(client: &TcpStream) -> io::Result<()> {
    let watched = epoll::create(epoll::CreateFlags::CLOEXEC)?;
    let timer = raw::timerfd(Some(LATE))?;
    let nothing = epoll::EventData::new_u64(0);
    epoll::add(&watched, client, nothing, epoll::EventFlags::IN)?;
    epoll::add(&watched, &timer, nothing, epoll::EventFlags::IN)?;
    let mut events = [const { std::mem::MaybeUninit::uninit() }; 4];
    epoll::wait(&watched, &mut events, None)?;
    Ok(())
}

pub(crate) fn timerfd_of_a_child(_client: &TcpStream) -> io::Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let pid = raw::fork(|| {
        rustix::io::read(raw::timerfd(Some(LATE))?, &mut [0; 8])?;
        rustix::io::write(&writer, b"!")?;
        Ok(())
    })?;
    reader.read_exact(&mut [0])?;
    raw::wait_for(pid)
}

/// The one that cannot be shorter than a second.
pub(crate) fn alarm_and_pause(_client: &TcpStream) -> io::Result<()> {
    raw::interrupt_at(SIGALRM)?;
    raw::alarm(1);
    raw::pause();
    Ok(())
}

pub(crate) fn setitimer_and_pause(_client: &TcpStream) -> io::Result<()> {
    raw::interrupt_at(SIGALRM)?;
    raw::set_itimer(LATE)?;
    raw::pause();
    Ok(())
}

pub(crate) fn setitimer_interrupts_receive(client: &TcpStream) -> io::Result<()> {
    raw::interrupt_at(SIGALRM)?;
    raw::set_itimer(LATE)?;
    match rustix::net::recv(client, &mut [0; 16], rustix::net::RecvFlags::empty()) {
        Err(rustix::io::Errno::INTR) => Ok(()),
        _ => Err(io::Error::other("it was not interrupted")),
    }
}

pub(crate) fn setitimer_and_sigwait(_client: &TcpStream) -> io::Result<()> {
    raw::block(SIGALRM)?;
    raw::set_itimer(LATE)?;
    raw::wait_for_signal(SIGALRM)
}

pub(crate) fn setitimer_and_sigsuspend(_client: &TcpStream) -> io::Result<()> {
    raw::interrupt_at(SIGALRM)?;
    raw::block(SIGALRM)?;
    raw::set_itimer(LATE)?;
    raw::suspend();
    Ok(())
}

pub(crate) fn setitimer_and_signalfd(_client: &TcpStream) -> io::Result<()> {
    raw::block(SIGALRM)?;
    let signals = raw::signalfd(SIGALRM)?;
    raw::set_itimer(LATE)?;
    wait_for_any(&signals)
}

pub(crate) fn posix_signal(_client: &TcpStream) -> io::Result<()> {
    raw::interrupt_at(SIGUSR1)?;
    raw::posix_timer(LATE, SIGUSR1, Tells::Process)?;
    raw::pause();
    Ok(())
}

/// As SIGEV_THREAD is made: a thread of the library's waits for the signal.
pub(crate) fn posix_thread(_client: &TcpStream) -> io::Result<()> {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || -> io::Result<()> {
        raw::block(SIGUSR1)?;
        raw::posix_timer(LATE, SIGUSR1, Tells::Thread(raw::own_tid()))?;
        raw::wait_for_signal(SIGUSR1)?;
        sender.send(()).map_err(io::Error::other)
    });
    receiver.recv().map_err(io::Error::other)
}
