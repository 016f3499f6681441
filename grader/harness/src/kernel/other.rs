//! Systems that show none of this. Deadlines decide there, and evidence is short. Untested.

pub(crate) mod queues {
    //! Nobody counts how long threads wait for a processor.

    use std::time::Duration;

    /// One thread, and how long it wanted a processor and had none.
    #[derive(Clone, Copy, Debug)]
    pub(crate) struct Queue {
        pub(crate) tid: i32,
        pub(crate) waited: Duration,
        pub(crate) wants_to_run: bool,
    }

    pub(crate) fn queues(_pid: i32) -> Vec<Queue> {
        Vec::new()
    }

    pub(crate) fn waited(_pid: i32) -> Duration {
        Duration::ZERO
    }

    pub(crate) fn are_counted() -> bool {
        false
    }

    pub(crate) fn stolen() -> Duration {
        Duration::ZERO
    }
}

pub(crate) mod process {
    //! No process can be looked into.

    use std::io;
    use std::path::PathBuf;

    /// A process and those that descend from it.
    #[derive(Debug)]
    pub(crate) struct Family {
        pub(crate) members: Vec<i32>,
        pub(crate) is_complete: bool,
    }

    /// The program itself is all that is known.
    pub(crate) fn family(roots: Vec<i32>) -> Family {
        Family {
            members: roots,
            is_complete: false,
        }
    }

    pub(crate) fn children(_pid: i32) -> io::Result<Vec<i32>> {
        Ok(Vec::new())
    }

    /// What has become of a process.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub(crate) enum Life {
        Alive,
        #[expect(dead_code, reason = "it cannot be told")]
        Zombie,
        #[expect(dead_code, reason = "it cannot be told")]
        Gone,
    }

    pub(crate) fn life(_pid: i32) -> Life {
        Life::Alive
    }

    pub(crate) fn started(_pid: i32) -> Option<u64> {
        None
    }

    pub(crate) fn session(_pid: i32) -> Option<i32> {
        None
    }

    pub(crate) fn environment(_pid: i32, _name: &str) -> Option<String> {
        None
    }

    pub(crate) fn network(_pid: i32) -> Option<PathBuf> {
        None
    }
}

pub(crate) mod stamps {
    //! When a datagram came is only known by who receives it.

    use std::os::fd::AsFd;
    use std::time::SystemTime;

    pub(crate) fn of_last(_socket: impl AsFd) -> Option<SystemTime> {
        None
    }
}

pub(crate) mod sockets {
    //! No socket can be looked up.

    use std::io;

    use crate::kernel::SocketRow;

    #[derive(Debug)]
    pub(crate) struct Diag;

    impl Diag {
        pub(crate) fn open() -> io::Result<Self> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(crate) fn listeners(&self) -> io::Result<Vec<SocketRow>> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(crate) fn tcp(&self) -> io::Result<Vec<SocketRow>> {
            Err(io::ErrorKind::Unsupported.into())
        }

        pub(crate) fn udp(&self) -> io::Result<Vec<SocketRow>> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }
}
