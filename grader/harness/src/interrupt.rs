//! Ctrl-C: programs are in sessions of their own, so a terminal's signal does not reach them. They
//! are ended here, and then this process ends as the signal would have had it.

use std::collections::BTreeMap;
use std::sync::{LazyLock, Mutex, Once, PoisonError};

use crate::closing::closing;
use crate::folder;
use rustix::process::{Pid, Signal, kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// What else is to be done before this process ends.
static LAST: Mutex<Vec<fn()>> = Mutex::new(Vec::new());

/// Has `act` done before a signal ends this process: for who has changed the terminal.
pub fn before_the_end(act: fn()) {
    prepare();
    LAST.lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(act);
}

/// The sessions' leaders that are running now, and whether somebody else ends what they have started
/// as soon as this process ends.
static RUNNING: LazyLock<Mutex<BTreeMap<i32, bool>>> = LazyLock::new(Mutex::default);

/// Makes sure that somebody listens for signals: before the first program starts, or a signal that
/// comes right then would find nobody.
pub(crate) fn prepare() {
    static LISTEN: Once = Once::new();
    LISTEN.call_once(listen);
}

/// Remembers `pid`, which is a keeper or the program itself. See [`crate::launch::Keeper`].
pub(crate) fn remember(pid: i32, is_keeper: bool) {
    lock().insert(pid, is_keeper);
}

/// Forgets `pid`: it has been ended.
pub(crate) fn forget(pid: i32) {
    lock().remove(&pid);
}

/// Whether `pid` is a program that runs.
pub(crate) fn is_running(pid: i32) -> bool {
    lock().contains_key(&pid)
}

/// All programs that run.
pub(crate) fn running() -> Vec<i32> {
    lock().keys().copied().collect()
}

fn lock() -> std::sync::MutexGuard<'static, BTreeMap<i32, bool>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

fn listen() {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else {
        // Then a signal ends this process as it always did, and the kernel ends the programs.
        return;
    };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            end_all();
            folder::remove_all();
            for act in LAST.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                act();
            }
            // Ends this process; the shell sees which signal it was.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    });
}

/// Ends all programs that are running. Those that have a keeper end, by its hand, with this process.
pub fn end_all() {
    // A program that is just being started is waited for: it is not remembered yet.
    let _nobody_starts = closing();
    let running = lock();
    let alone = running.iter().filter(|(_, is_keeper)| !**is_keeper);
    for pid in alone.filter_map(|(&pid, _)| Pid::from_raw(pid)) {
        // Gone already: just as well.
        let _ = kill_process_group(pid, Signal::KILL);
    }
}
