//! tokio with its loop on this thread: each task looks like a thread, and waits like a client of poll.

use std::io;
use std::process::ExitCode;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let runtime = Builder::new_current_thread().enable_io().build();
    match runtime.and_then(|runtime| runtime.block_on(serve())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("poll: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async {
            if let Err(error) = echo(stream).await {
                eprintln!("poll: {error}");
            }
        });
    }
}

async fn echo(mut stream: TcpStream) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let received = stream.read(&mut buffer).await?;
        if received == 0 {
            return Ok(());
        }
        // Waits while the client does not read; other tasks go on.
        stream.write_all(&buffer[..received]).await?;
    }
}
