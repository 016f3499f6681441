//! Programs that wait for somebody who is neither theirs nor the harness's. Only on the host's network
//! can a program reach such a server by TCP or UDP.

#![expect(clippy::disallowed_methods, reason = "these servers are late")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, UdpSocket};
use std::os::unix::net::UnixListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::Context as _;
use harness::Settings;
use libtest_mimic::{Failed, Trial};

use crate::programs::{self, Program};
use crate::{conversations, is_heard_with};

const LATE: Duration = Duration::from_millis(300);

pub(crate) fn trials() -> Vec<Trial> {
    let trial = |name: &str, test: fn() -> anyhow::Result<Result<(), Failed>>| {
        Trial::test(format!("outside/{name}"), move || {
            test().map_err(|e| format!("{e:#}"))?
        })
    };
    vec![
        trial("tcp", tcp),
        trial("udp", udp),
        trial("unix", unix),
        trial("process", process),
    ]
}

fn on_the_host() -> Settings {
    let mut settings = conversations::settings();
    settings.isolated = false;
    settings
}

fn heard(name: &str, who: &str, settings: &Settings) -> anyhow::Result<Result<(), Failed>> {
    let program = Program {
        name: name.to_owned(),
        words: vec![
            programs::build("late")?.into(),
            format!("{name}={who}").into(),
        ],
    };
    Ok(is_heard_with(&program, settings))
}

fn tcp() -> anyhow::Result<Result<(), Failed>> {
    let server = TcpListener::bind("127.0.0.1:0")?;
    let address = server.local_addr()?.to_string();
    thread::spawn(move || {
        for mut client in server.incoming().flatten() {
            // A client that is gone needs no answer.
            let _ = client.read_exact(&mut [0]);
            thread::sleep(LATE);
            let _ = client.write_all(b"!");
        }
    });
    heard("ask-tcp", &address, &on_the_host())
}

fn udp() -> anyhow::Result<Result<(), Failed>> {
    let server = UdpSocket::bind("127.0.0.1:0")?;
    let address = server.local_addr()?.to_string();
    thread::spawn(move || {
        while let Ok((_, from)) = server.recv_from(&mut [0; 8]) {
            thread::sleep(LATE);
            // A client that is gone needs no answer.
            let _ = server.send_to(b"!", from);
        }
    });
    heard("ask-udp", &address, &on_the_host())
}

fn unix() -> anyhow::Result<Result<(), Failed>> {
    let path = std::env::temp_dir().join(format!("late-outside-{}", std::process::id()));
    let server = UnixListener::bind(&path)?;
    thread::spawn(move || {
        for mut client in server.incoming().flatten() {
            let _ = client.read_exact(&mut [0]);
            thread::sleep(LATE);
            // A client that is gone needs no answer.
            let _ = client.write_all(b"!");
        }
    });
    let path_name = path.to_str().context("a path that is text")?;
    let result = heard("ask-unix", path_name, &conversations::settings());
    std::fs::remove_file(&path)?;
    result
}

fn process() -> anyhow::Result<Result<(), Failed>> {
    let mut sleeper = Command::new("sleep").arg("1").spawn()?;
    let result = heard(
        "watch-process",
        &sleeper.id().to_string(),
        &conversations::settings(),
    );
    sleeper.wait()?;
    result
}
