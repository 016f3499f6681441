//! What each verb does on a non-blocking socket when it would have to wait.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};

use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with};

fn main() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    listener.set_nonblocking(true)?;
    println!("accept, nobody there     {:?}", listener.accept().err());

    let kind = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let client = socket_with(AddressFamily::INET, SocketType::STREAM, kind, None)?;
    println!("connect                  {:?}", connect(&client, &address));

    // The listener's flag is not handed on: this stream blocks until it is told not to.
    let mut server = wait_for_a_client(&listener)?;
    server.set_nonblocking(true)?;
    let mut client = TcpStream::from(client);
    let mut buffer = [0; 4096];
    println!("recv, nothing there      {:?}", client.read(&mut buffer));

    println!("send 5 bytes             {:?}", server.write(b"hello"));
    let much = vec![0; 100_000_000];
    println!("send 100,000,000 bytes   {:?}", server.write(&much));
    println!("send again               {:?}", server.write(&much));
    println!("recv                     {:?}", client.read(&mut buffer));
    drop(server);
    client.set_nonblocking(false)?;
    let mut rest = Vec::new();
    println!(
        "recv until the end       {:?}",
        client.read_to_end(&mut rest)
    );
    client.set_nonblocking(true)?;
    println!("recv, after the end      {:?}", client.read(&mut buffer));
    Ok(())
}

/// The connection is complete when connect's work is done, which on loopback is at once.
fn wait_for_a_client(listener: &TcpListener) -> io::Result<TcpStream> {
    listener.set_nonblocking(false)?;
    Ok(listener.accept()?.0)
}
