//! Many tasks on few threads: a task that waits gives its thread to another (tokio).

use std::io;
use std::process::ExitCode;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

fn main() -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_io()
        .build();
    match runtime.and_then(|runtime| runtime.block_on(serve())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("threads: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> io::Result<()> {
    let address = std::env::args().nth(1).unwrap_or_default();
    let listener = TcpListener::bind(address).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(async move {
            if let Err(error) = answer_lines(stream).await {
                eprintln!("threads: {error}");
            }
        });
    }
}

async fn answer_lines(stream: TcpStream) -> io::Result<()> {
    let (receiving, mut sending) = stream.into_split();
    let mut reader = BufReader::new(receiving);
    let mut number = 0_u64;
    loop {
        let mut line = Vec::new();
        reader.read_until(b'\n', &mut line).await?;
        if !line.ends_with(b"\n") {
            return Ok(());
        }
        number += 1;
        let answer = [format!("{number} ").as_bytes(), &line].concat();
        sending.write_all(&answer).await?;
    }
}
