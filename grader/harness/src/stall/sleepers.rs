//! The first point of the argument: all threads are asleep in calls that have no time limit.

use super::Doubt;
use crate::kernel::process;
use crate::kernel::waits;
use crate::kernel::{Call, ThreadRow};
use crate::stage::Stage;

/// All threads of all programs, the dead among them, if each of the others sleeps in a call without
/// a time limit.
pub(super) fn sleepers(stage: &Stage) -> Result<Vec<ThreadRow>, Doubt> {
    let threads = process::all_threads(&family(stage)?)
        .map_err(|_| Doubt::from("its processes or threads come and go"))?;
    let mut alive = threads.iter().filter(|thread| !thread.is_dead());
    alive.try_for_each(sleeps_without_limit)?;
    Ok(threads)
}

/// All processes of all programs.
fn family(stage: &Stage) -> Result<Vec<i32>, Doubt> {
    let mut pids = Vec::new();
    for process in stage.processes() {
        let family = process
            .family(stage)
            .map_err(|e| format!("its processes cannot be listed: {e}"))?;
        if !family.is_complete {
            return Err("its processes cannot all be listed".into());
        }
        if process.is_about_to_end(&family.members) {
            return Err("it has just ended".into());
        }
        pids.extend(family.members);
    }
    pids.sort_unstable();
    pids.dedup();
    Ok(pids)
}

fn sleeps_without_limit(thread: &ThreadRow) -> Result<(), Doubt> {
    let Call::In { number, args } = &thread.call else {
        return Err(match thread.call {
            Call::Running => "it is working".into(),
            _ => "what it waits for cannot be seen".into(),
        });
    };
    if thread.state != 'S' {
        return Err("it is working".into());
    }
    // The kernel's own threads for io_uring, which look as if they were in read().
    if thread.name.starts_with("iou-") {
        return Err("it uses io_uring".into());
    }
    if waits::wait(*number, args).is_none() {
        return Err(match waits::name(*number) {
            Some(name) => format!("it waits in {name}() with a time limit"),
            None => format!("it is in system call {number}"),
        });
    }
    Ok(())
}
