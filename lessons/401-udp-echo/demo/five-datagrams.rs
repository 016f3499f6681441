//! Sends five datagrams, and then receives them with a buffer of eight bytes.

use std::error::Error;
use std::net::SocketAddr;

use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, SocketType, bind, getsockname, recvfrom, sendto, socket,
};

fn main() -> Result<(), Box<dyn Error>> {
    let any_port: SocketAddr = "127.0.0.1:0".parse()?;
    let receiver = socket(AddressFamily::INET, SocketType::DGRAM, None)?;
    bind(&receiver, &any_port)?;
    let address = SocketAddr::try_from(getsockname(&receiver)?)?;

    let sender = socket(AddressFamily::INET, SocketType::DGRAM, None)?;
    let messages = ["one", "two", "", "a longer one", "five"];
    for message in messages {
        let sent = sendto(&sender, message.as_bytes(), SendFlags::empty(), &address)?;
        println!("sent     {sent:2} bytes  {message:?}");
    }

    let mut buffer = [0; 8];
    for _ in messages {
        let (received, _, from) = recvfrom(&receiver, &mut buffer[..], RecvFlags::empty())?;
        let message = String::from_utf8_lossy(&buffer[..received]);
        let from = SocketAddr::try_from(from.ok_or("a datagram from nobody")?)?;
        println!("received {received:2} bytes  {message:?} from {from}");
    }
    Ok(())
}
