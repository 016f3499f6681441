//! Programs that were given a capability over their network: they have that one, over that network, and
//! nothing else.

use std::fs;

use libtest_mimic::Trial;
use sandbox::{Capability, Kind, Limits, Spec};

use crate::calls::call;
use crate::network::{CHANGED, RAW, asks_for_sockets, changes_the_network, opens_strange_sockets};
use crate::{Attack, Held, Target, kernel, run};

pub(crate) fn attacks() -> Vec<Attack> {
    const RAW_SOCKETS: &[Capability] = &[Capability::NetRaw];
    const ALL: &[Capability] = &[Capability::NetRaw, Capability::NetAdmin];
    let mut attacks = vec![
        Attack::new("capable/opens-raw-sockets", opens_raw_sockets).given(RAW_SOCKETS),
        Attack::new("capable/has-no-other", has_no_other).given(RAW_SOCKETS),
        Attack::new("capable/takes-the-kernels-memory", takes_rings).given(RAW_SOCKETS),
        Attack::new("capable/changes-the-network", changes_the_network).given(RAW_SOCKETS),
        Attack::new("capable/opens-strange-sockets", opens_strange_sockets).given(ALL),
        Attack::new("capable/asks-for-other-peoples-sockets", asks_for_sockets).given(ALL),
        Attack::new("capable/is-asked-for-links", is_asked_for_links).given(ALL),
    ];
    attacks.extend(kernel::below_its_network().map(|attack| attack.given(ALL)));
    attacks
}

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, told: fn() -> Result<(), String>| {
        Trial::test(name, move || told().map_err(Into::into))
    };
    vec![
        trial("capable/not-over-the-graders-network", not_the_graders),
        trial("capable/not-in-the-light-box", not_in_the_light_box),
    ]
}

/// Why there is no box with raw sockets, if there is none.
fn refused(kind: Kind) -> Result<String, String> {
    let mut spec = Spec::new("/bin/true", &[], Limits::program());
    spec.kind = kind;
    spec.capabilities = vec![Capability::NetRaw];
    match run(&spec) {
        Err(why) => Ok(why.to_string()),
        Ok(come) => Err(format!("there was a box: {}", come.status)),
    }
}

/// The tests are in the machine's own network, in which a capability would be one over all of it.
fn not_the_graders() -> Result<(), String> {
    let why = refused(Kind::Full)?;
    if why.starts_with("no capability over the program's network can be given: ") {
        Ok(())
    } else {
        Err(why)
    }
}

fn not_in_the_light_box() -> Result<(), String> {
    let why = refused(Kind::Light)?;
    if why.starts_with("the light box can give no capability") {
        Ok(())
    } else {
        Err(why)
    }
}

/// What it was given, it can use.
fn opens_raw_sockets(_: &Target) -> Held {
    RAW.iter().try_for_each(|&[family, kind, protocol]| {
        let arguments = [family.into(), kind.into(), protocol.into(), 0, 0];
        match call(libc::SYS_socket, arguments) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!(
                "it was given raw sockets; family {family}: {error}"
            )),
        }
    })
}

fn has_no_other(_: &Target) -> Held {
    const NET_RAW: &str = "0000000000002000";
    let status = fs::read_to_string("/proc/self/status").map_err(|e| e.to_string())?;
    let sets = status.lines().filter_map(|line| line.strip_prefix("Cap"));
    let others: Vec<_> = sets.filter(|line| !line.ends_with(NET_RAW)).collect();
    if others.is_empty() && status.contains("NoNewPrivs:\t1") {
        Ok(())
    } else {
        Err(format!("capabilities: {others:?}"))
    }
}

/// A packet socket can ask the kernel for a ring of buffers (`struct tpacket_req`).
fn takes_rings(_: &Target) -> Held {
    let packets = [libc::AF_PACKET, libc::SOCK_RAW, 0].map(i64::from);
    let socket = call(libc::SYS_socket, [packets[0], packets[1], packets[2], 0, 0]);
    let socket = socket.map_err(|e| format!("it was given raw sockets: {e}"))?;
    let request: [u32; 4] = [4096, 16, 2048, 32];
    for ring in [libc::PACKET_RX_RING, libc::PACKET_TX_RING] {
        let option = [libc::SOL_PACKET, ring].map(i64::from);
        let request = (&raw const request) as i64;
        let arguments = [socket, option[0], option[1], request, 16];
        if call(libc::SYS_setsockopt, arguments).is_ok() {
            return Err(format!("ring {ring}"));
        }
    }
    Ok(())
}

/// With the other one it may change links; so this fails the attack that holds everywhere else.
fn is_asked_for_links(target: &Target) -> Held {
    match changes_the_network(target) {
        Err(achieved) if achieved == CHANGED => Ok(()),
        other => Err(format!(
            "it was given its network, and may not change it: {other:?}"
        )),
    }
}
