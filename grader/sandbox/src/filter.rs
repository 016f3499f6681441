//! The system calls that no program in a box makes.
//!
//! A denylist, as Docker's and isolate's: what concerns the machine as a whole, other processes, or
//! parts of the kernel that have often been broken out through. The program is told that it may not,
//! or that there is no such call, as on a kernel without it.

use std::io;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter, sock_filter,
};

use crate::spec::Capability;

type Rules = Vec<(i64, Vec<SeccompRule>)>;

/// Applies the filters to this process, for good. `given` is what they let through for this program.
pub(crate) fn apply(given: &[Capability]) -> io::Result<()> {
    let raw = given.contains(&Capability::NetRaw);
    for (rules, error) in [
        (forbidden(raw)?, libc::EPERM),
        (families(raw)?, libc::EAFNOSUPPORT),
        (absent(), libc::ENOSYS),
    ] {
        let filter = SeccompFilter::new(
            rules.into_iter().collect(),
            SeccompAction::Allow,
            SeccompAction::Errno(error.unsigned_abs()),
            architecture()?,
        );
        let program: BpfProgram = filter
            .and_then(TryInto::try_into)
            .map_err(io::Error::other)?;
        apply_filter(&program).map_err(io::Error::other)?;
    }
    if cfg!(target_arch = "x86_64") {
        apply_filter(&no_x32()).map_err(io::Error::other)?;
    }
    Ok(())
}

/// Calls of another architecture end the program: they have other numbers.
fn architecture() -> io::Result<TargetArch> {
    std::env::consts::ARCH.try_into().map_err(io::Error::other)
}

/// The x32 ABI has the same architecture and its own numbers, from bit 30 on (`man 2 syscall`).
fn no_x32() -> BpfProgram {
    const LOAD_WORD: u16 = 0x20;
    const JUMP_IF_GREATER_OR_EQUAL: u16 = 0x35;
    const RETURN: u16 = 0x06;
    const X32: u32 = 0x4000_0000;
    let instruction = |code, jt, jf, k| sock_filter { code, jt, jf, k };
    // struct seccomp_data begins with the call's number.
    vec![
        instruction(LOAD_WORD, 0, 0, 0),
        instruction(JUMP_IF_GREATER_OR_EQUAL, 0, 1, X32),
        instruction(
            RETURN,
            0,
            0,
            libc::SECCOMP_RET_ERRNO | libc::ENOSYS.unsigned_abs(),
        ),
        instruction(RETURN, 0, 0, libc::SECCOMP_RET_ALLOW),
    ]
}

fn absent() -> Rules {
    let calls = [
        // No filter can read its arguments; the C library falls back to the older one.
        libc::SYS_clone3,
        // What is made so is nobody's memory, and no limit but a control group's counts it
        // (`man 7 sysvipc`). POSIX shared memory lies in the box's own folder.
        libc::SYS_shmget,
        libc::SYS_semget,
        libc::SYS_msgget,
    ];
    calls.map(|call| (call, Vec::new())).into()
}

fn forbidden(raw: bool) -> io::Result<Rules> {
    let mut rules: Rules = FORBIDDEN.iter().map(|&call| (call, Vec::new())).collect();
    rules.extend(only_x86());
    rules.push((libc::SYS_clone, namespaces()?));
    // Inputs that are not the program's own: a terminal's, and a console's (`man 2 ioctl_tty`).
    let terminal = [libc::TIOCSTI, libc::TIOCLINUX, libc::TIOCCONS];
    let terminal = terminal
        .iter()
        .map(|&request| rule(vec![equals(1, SeccompCmpArgLen::Dword, request)?]));
    rules.push((libc::SYS_ioctl, terminal.collect::<io::Result<_>>()?));
    // Anything but asking for the current one, and the ordinary one.
    let persona = vec![differs(0, 0)?, differs(0, 0xffff_ffff)?];
    rules.push((libc::SYS_personality, vec![rule(persona)?]));
    // Buffers of the kernel's that no limit counts (`man 7 packet`).
    let rings = [libc::PACKET_RX_RING, libc::PACKET_TX_RING];
    let rings = rings.iter().map(|&ring| {
        rule(vec![
            equals(1, SeccompCmpArgLen::Dword, constant(libc::SOL_PACKET))?,
            equals(2, SeccompCmpArgLen::Dword, constant(ring))?,
        ])
    });
    rules.push((libc::SYS_setsockopt, rings.collect::<io::Result<_>>()?));
    if !raw {
        rules.push((libc::SYS_socket, raw_sockets()?));
    }
    Ok(rules)
}

/// Sockets below TCP and UDP (`man 7 raw`). The kernel refuses them to whoever has no capability over
/// the network; so does the filter, once more.
fn raw_sockets() -> io::Result<Vec<SeccompRule>> {
    // The flags stand in the higher bits (`man 2 socket`).
    const KIND: u64 = 0xf;
    let families = [libc::AF_INET, libc::AF_INET6].iter().map(|&family| {
        let is_raw = SeccompCmpOp::MaskedEq(KIND);
        rule(vec![
            equals(0, SeccompCmpArgLen::Dword, constant(family))?,
            condition(1, SeccompCmpArgLen::Dword, is_raw, constant(libc::SOCK_RAW))?,
        ])
    });
    families.collect()
}

fn constant(value: i32) -> u64 {
    u64::from(value.unsigned_abs())
}

#[cfg(target_arch = "x86_64")]
fn only_x86() -> Rules {
    let calls = [
        libc::SYS_iopl,
        libc::SYS_ioperm,
        libc::SYS_modify_ldt,
        libc::SYS_uselib,
        libc::SYS_ustat,
        libc::SYS_sysfs,
        libc::SYS__sysctl,
    ];
    calls.map(|call| (call, Vec::new())).into()
}

#[cfg(not(target_arch = "x86_64"))]
fn only_x86() -> Rules {
    Vec::new()
}

/// A clone into any new namespace.
fn namespaces() -> io::Result<Vec<SeccompRule>> {
    const FLAGS: [i32; 7] = [
        libc::CLONE_NEWNS,
        libc::CLONE_NEWCGROUP,
        libc::CLONE_NEWUTS,
        libc::CLONE_NEWIPC,
        libc::CLONE_NEWUSER,
        libc::CLONE_NEWPID,
        libc::CLONE_NEWNET,
    ];
    let rules = FLAGS.iter().map(|&flag| {
        let flag = u64::from(flag.unsigned_abs());
        let is_set = SeccompCmpOp::MaskedEq(flag);
        rule(vec![condition(0, SeccompCmpArgLen::Qword, is_set, flag)?])
    });
    rules.collect()
}

/// Sockets of any family but TCP's, UDP's and Unix's, and whole frames where the program was given
/// them; and of netlink but for links and addresses, which the C library asks for before it looks up a
/// name.
fn families(raw: bool) -> io::Result<Rules> {
    let mut allowed = vec![
        libc::AF_UNIX,
        libc::AF_INET,
        libc::AF_INET6,
        libc::AF_NETLINK,
    ];
    if raw {
        allowed.push(libc::AF_PACKET);
    }
    let others = allowed.iter().map(|&family| differs(0, constant(family)));
    let netlink = vec![
        equals(0, SeccompCmpArgLen::Dword, constant(libc::AF_NETLINK))?,
        differs(2, constant(libc::NETLINK_ROUTE))?,
    ];
    let others = rule(others.collect::<io::Result<_>>()?)?;
    Ok(vec![(libc::SYS_socket, vec![others, rule(netlink)?])])
}

fn rule(conditions: Vec<SeccompCondition>) -> io::Result<SeccompRule> {
    SeccompRule::new(conditions).map_err(io::Error::other)
}

fn equals(argument: u8, len: SeccompCmpArgLen, value: u64) -> io::Result<SeccompCondition> {
    condition(argument, len, SeccompCmpOp::Eq, value)
}

fn differs(argument: u8, value: u64) -> io::Result<SeccompCondition> {
    condition(argument, SeccompCmpArgLen::Dword, SeccompCmpOp::Ne, value)
}

fn condition(
    argument: u8,
    len: SeccompCmpArgLen,
    how: SeccompCmpOp,
    value: u64,
) -> io::Result<SeccompCondition> {
    SeccompCondition::new(argument, len, how, value).map_err(io::Error::other)
}

/// Calls that libc has no name for yet, by their numbers, which are the same everywhere.
const OPEN_TREE_ATTR: i64 = 467;

const FORBIDDEN: &[i64] = &[
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    // Namespaces and mounts.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    OPEN_TREE_ATTR,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_name_to_handle_at,
    libc::SYS_open_by_handle_at,
    // Keys, which namespaces do not separate.
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    // Large parts of the kernel with a history.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    libc::SYS_fanotify_init,
    libc::SYS_vmsplice,
    libc::SYS_memfd_secret,
    // Memory's place.
    libc::SYS_mbind,
    libc::SYS_set_mempolicy,
    libc::SYS_migrate_pages,
    libc::SYS_move_pages,
    // The machine.
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_syslog,
    libc::SYS_quotactl,
    libc::SYS_quotactl_fd,
    libc::SYS_nfsservctl,
    libc::SYS_lookup_dcookie,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_clock_adjtime,
    libc::SYS_adjtimex,
    libc::SYS_sethostname,
    libc::SYS_setdomainname,
    libc::SYS_vhangup,
];
