//! The programs by name.

use std::io;
use std::net::TcpStream;
use std::process::ExitCode;

use crate::serve::{Job, When};
use crate::{files, links, locks, outside, processes, readiness, rings, runtimes, servers, sleeps};
use crate::{tcp, threads, timers};

/// Lets the time pass between message and answer.
type Pass = fn(&TcpStream) -> io::Result<()>;
/// Waits for somebody outside, and who that is.
type Asks = fn(&str) -> io::Result<()>;
/// A server of another design.
type Server = fn(Job) -> io::Result<()>;

const PASSES: &[(&str, Pass)] = &[
    ("sleep", sleeps::sleep),
    ("many-short-sleeps", sleeps::many_short_ones),
    ("compute", sleeps::compute),
    ("compute-in-a-thread", sleeps::compute_in_a_thread),
    ("yield", sleeps::yield_again_and_again),
    ("sleep-in-a-thread", threads::sleep_and_send),
    ("sleep-in-a-joined-thread", threads::join_a_sleeper),
    ("monitor-thread", threads::monitor),
    ("chain-of-threads", threads::chain),
    ("thread-with-its-own-descriptors", threads::own_descriptors),
    ("condvar-timeout", locks::condvar),
    ("park-timeout", locks::park),
    ("channel-timeout", locks::channel),
    ("lock-of-a-sleeper", locks::lock_of_a_sleeper),
    ("barrier-with-a-sleeper", locks::barrier),
    ("semaphore-timeout", locks::semaphore),
    ("poll-timeout", readiness::poll_timeout),
    ("poll-nothing", readiness::poll_nothing),
    ("select-timeout", readiness::select_timeout),
    ("epoll-timeout", readiness::epoll_timeout),
    ("receive-timeout", readiness::receive_timeout),
    (
        "receive-timeout-whole-buffer",
        readiness::receive_whole_timeout,
    ),
    ("accept-timeout", readiness::accept_timeout),
    ("send-timeout", readiness::send_timeout),
    ("timerfd-read", timers::timerfd_read),
    ("timerfd-poll", timers::timerfd_poll),
    ("timerfd-epoll", timers::timerfd_epoll),
    ("timerfd-of-a-child", timers::timerfd_of_a_child),
    ("alarm-pause", timers::alarm_and_pause),
    ("setitimer-pause", timers::setitimer_and_pause),
    (
        "setitimer-interrupts-receive",
        timers::setitimer_interrupts_receive,
    ),
    ("setitimer-sigwait", timers::setitimer_and_sigwait),
    ("setitimer-sigsuspend", timers::setitimer_and_sigsuspend),
    ("setitimer-signalfd", timers::setitimer_and_signalfd),
    ("posix-timer-signal", timers::posix_signal),
    ("posix-timer-thread", timers::posix_thread),
    ("child-sleeps", processes::child_sleeps),
    ("shell-in-a-shell", processes::shell_in_a_shell),
    ("child-writes-to-a-pipe", processes::child_writes_to_a_pipe),
    ("child-closes-a-pipe", processes::child_closes_a_pipe),
    ("child-signals-its-parent", processes::child_signals),
    ("child-watched-by-pidfd", processes::pidfd),
    ("child-watched-by-signalfd", processes::signalfd),
    ("stopped-child-goes-on", processes::stopped_child),
    ("orphan-sleeps", processes::orphan),
    (
        "orphan-without-environment",
        processes::orphan_without_environment,
    ),
    ("chain-of-processes", processes::chain),
    ("chain-of-adopted-processes", processes::chain_of_adopted),
    ("eventfd-of-a-child", links::eventfd),
    ("socketpair-to-a-child", links::socketpair),
    ("socketpair-that-ends", links::socketpair_that_ends),
    ("abstract-socket-helper", links::abstract_helper),
    ("unix-socket-helper", links::path_helper),
    ("unix-datagram-helper", links::datagram_helper),
    ("shared-futex", links::shared_futex),
    ("named-pipe", links::named_pipe),
    ("tcp-helper", links::tcp_helper),
    ("udp-helper", links::udp_helper),
    ("fsync", files::fsync),
    ("file-lock", files::flock),
    ("record-lock", files::record_lock),
    ("inotify", files::inotify),
    ("semaphore-of-a-child", files::system_v_semaphore),
    ("message-queue-of-a-child", files::message_queue),
    ("nagle", tcp::nagle),
    ("delayed-ack-send", tcp::delayed_ack_send),
    ("delayed-ack-poll", tcp::delayed_ack_poll),
    ("shut-window-user-timeout", tcp::user_timeout),
    ("linger", tcp::linger),
    ("connect-to-a-full-queue", tcp::connect_to_a_full_queue),
    ("io-uring-timeout", rings::timeout),
    ("io-uring-eventfd", rings::eventfd),
    ("io-uring-hidden", rings::hidden),
];

const SERVERS: &[(&str, Server)] = &[
    ("sleeping-parent", servers::sleeping_parent),
    ("parent-that-exits", servers::parent_that_exits),
    ("daemon", servers::daemon),
    (
        "daemon-without-environment",
        servers::daemon_without_environment,
    ),
    ("prefork", servers::prefork),
    ("fork-per-client", servers::fork_per_client),
    ("exec-itself", servers::exec_itself),
    ("main-thread-exits", servers::main_thread_exits),
    ("defer-accept", servers::defer_accept),
    ("tokio-sleep", runtimes::sleep),
    ("tokio-sleep-one-thread", runtimes::sleep_in_one_thread),
    ("tokio-timeout", runtimes::timeout),
    ("tokio-spawn-blocking", runtimes::spawn_blocking),
    ("tokio-process", runtimes::process),
];

const ASKING: &[(&str, Asks)] = &[
    ("ask-tcp", outside::ask_tcp),
    ("ask-udp", outside::ask_udp),
    ("ask-unix", outside::ask_unix),
    ("watch-process", outside::watch_process),
];

pub(crate) fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (name, address, when) = match words[..] {
        [name, address] => (name, address, When::Asked),
        [name, address, "unasked"] => (name, address, When::Unasked),
        _ => {
            let passes = PASSES.iter().map(|(name, _)| name);
            for name in passes.chain(SERVERS.iter().map(|(name, _)| name)) {
                println!("{name}");
            }
            return ExitCode::SUCCESS;
        }
    };
    let Ok(address) = address.parse() else {
        eprintln!("{address} is no address");
        return ExitCode::from(2);
    };
    match run(name, Job { address, when }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{name}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(name: &str, job: Job) -> io::Result<()> {
    if let Some((_, pass)) = PASSES.iter().find(|(n, _)| *n == name) {
        return job.serve(pass);
    }
    if let Some((name, who)) = name.split_once('=')
        && let Some((_, ask)) = ASKING.iter().find(|(n, _)| *n == name)
    {
        return job.serve(|_| ask(who));
    }
    let server = SERVERS.iter().find(|(n, _)| *n == name);
    let (_, server) = server.ok_or_else(|| io::Error::other("there is no such program"))?;
    server(job)
}
