//! fails: one-thread
//! tokio, with the runtime that it offers first: the tasks run on worker threads, if only on one.

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

fn main() -> io::Result<()> {
    let mut runtime = Builder::new_multi_thread();
    runtime.worker_threads(1).enable_io();
    runtime.build()?.block_on(serve())
}

async fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(echo(stream));
    }
}

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let received = stream.read(&mut buffer).await?;
        if received == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..received]).await?;
    }
}
