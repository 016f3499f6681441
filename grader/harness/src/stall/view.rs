//! What one look sees of the program, once all of it is asleep.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;

use rustix::event::PollFlags;

use super::Doubt;
use crate::kernel::descriptors::{self, Kind};
use crate::kernel::process;
use crate::kernel::waits::{self, Wait};
use crate::kernel::{Call, SocketRow, ThreadRow};
use crate::stage::Stage;

/// A thread that is alive, and what it waits for.
pub(super) struct Sleeper<'a> {
    pub(super) thread: &'a ThreadRow,
    pub(super) wait: Wait,
    /// Which of the view's tables has its descriptors.
    table: usize,
}

/// Descriptors that one or several threads of a process have in common.
pub(super) struct Table<'a> {
    /// One of these threads.
    pub(super) thread: &'a ThreadRow,
    pub(super) descriptors: Vec<(i32, Kind)>,
}

/// Everything that one look sees.
pub(super) struct View<'a> {
    pub(super) stage: &'a Stage,
    pub(super) sleepers: Vec<Sleeper<'a>>,
    pub(super) tables: Vec<Table<'a>>,
    /// All sockets of the network.
    pub(super) rows: Vec<SocketRow>,
    /// The sockets that the program holds.
    pub(super) inodes: HashSet<u32>,
    /// Our own sockets, and whether we have bytes for them that found no room yet.
    pub(super) ours: HashMap<SocketAddr, bool>,
}

impl<'a> View<'a> {
    pub(super) fn new(stage: &'a Stage, threads: &'a [ThreadRow]) -> Result<Self, Doubt> {
        let mut tables = Vec::new();
        let mut sleepers = Vec::new();
        for thread in threads.iter().filter(|thread| !thread.is_dead()) {
            sleepers.push(Sleeper {
                thread,
                wait: wait(thread)?,
                table: table_of(thread, &mut tables)
                    .map_err(|e| format!("its descriptors cannot be listed: {e}"))?,
            });
        }
        let descriptors = tables.iter().flat_map(|table| &table.descriptors);
        let inodes = descriptors
            .filter_map(|(_, kind)| match kind {
                Kind::Socket(inode) => Some(*inode),
                _ => None,
            })
            .collect();
        let view = Self {
            stage,
            rows: rows(stage)?,
            sleepers,
            tables,
            inodes,
            ours: ours(stage),
        };
        if view.processes().all(process::speaks_native_calls) {
            Ok(view)
        } else {
            Err("its system calls are not this machine's own".into())
        }
    }

    /// One thread of each process.
    pub(super) fn processes(&self) -> impl Iterator<Item = &'a ThreadRow> {
        let mut pids = HashSet::new();
        let threads = self.sleepers.iter().map(|sleeper| sleeper.thread);
        threads.filter(move |thread| pids.insert(thread.pid))
    }

    /// What a descriptor of this thread's is.
    pub(super) fn kind(&self, sleeper: &Sleeper<'_>, fd: i32) -> Option<&Kind> {
        let descriptors = &self.tables[sleeper.table].descriptors;
        let found = descriptors.iter().find(|(number, _)| *number == fd);
        found.map(|(_, kind)| kind)
    }

    /// The kernel's row of a socket of the program's.
    pub(super) fn row(&self, inode: u32) -> Option<&SocketRow> {
        self.rows.iter().find(|row| row.inode == inode)
    }

    /// The row of a connection's other end, which is on this machine, too.
    pub(super) fn other_end(&self, row: &SocketRow) -> Option<&SocketRow> {
        let mut rows = self.rows.iter();
        rows.find(|other| Some(other.local) == row.remote && other.remote == Some(row.local))
    }
}

fn wait(thread: &ThreadRow) -> Result<Wait, Doubt> {
    let wait = match &thread.call {
        Call::In { number, args } => waits::wait(*number, args),
        _ => None,
    };
    wait.ok_or_else(|| "it is working".into())
}

/// The place of this thread's descriptors among `tables`, which gets a new one if need be.
fn table_of<'a>(thread: &'a ThreadRow, tables: &mut Vec<Table<'a>>) -> std::io::Result<usize> {
    for (place, table) in tables.iter().enumerate() {
        let related = table.thread.pid == thread.pid;
        if related && descriptors::are_the_same(table.thread, thread)? {
            return Ok(place);
        }
    }
    tables.push(Table {
        thread,
        descriptors: descriptors::of_thread(thread)?,
    });
    Ok(tables.len() - 1)
}

fn rows(stage: &Stage) -> Result<Vec<SocketRow>, Doubt> {
    let cannot = |e: std::io::Error| format!("the kernel's sockets cannot be listed: {e}");
    let diag = stage.diag.as_ref();
    let diag = diag.ok_or("the kernel's sockets cannot be listed")?;
    let mut rows = diag.tcp().map_err(cannot)?;
    rows.extend(diag.udp().map_err(cannot)?);
    Ok(rows)
}

fn ours(stage: &Stage) -> HashMap<SocketAddr, bool> {
    let sources = stage.sources();
    let mut ours = HashMap::new();
    for source in &sources {
        let Some(local) = source.local() else {
            continue;
        };
        let waits_for_room = source
            .interest()
            .is_some_and(|(_, flags)| flags.contains(PollFlags::OUT));
        // A listener and all that it has accepted share an address.
        *ours.entry(local).or_default() |= waits_for_room;
    }
    ours
}
