//! Servers in tokio.
#![expect(
    clippy::disallowed_methods,
    reason = "one of these programs is about sleeping"
)]

use std::future::Future;
use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

use crate::serve::{Job, LATE, When};

/// Serves in a runtime with several threads, a task for each client.
fn serve<F>(job: Job, pass: fn() -> F) -> io::Result<()>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(accept(job, pass))
}

async fn accept<F>(job: Job, pass: fn() -> F) -> io::Result<()>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind(job.address).await?;
    loop {
        let (client, _) = listener.accept().await?;
        tokio::spawn(converse(job, client, pass));
    }
}

async fn converse<F>(job: Job, mut client: TcpStream, pass: fn() -> F) -> io::Result<()>
where
    F: Future<Output = io::Result<()>> + Send,
{
    let mut message = b"late".to_vec();
    if job.when == When::Asked {
        message.resize(4096, 0);
        let len = client.read(&mut message).await?;
        message.truncate(len);
    }
    pass().await?;
    client.write_all(&message).await
}

async fn asleep() -> io::Result<()> {
    tokio::time::sleep(LATE).await;
    Ok(())
}

pub(crate) fn sleep(job: Job) -> io::Result<()> {
    serve(job, asleep)
}

pub(crate) fn sleep_in_one_thread(job: Job) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(accept(job, asleep))
}

pub(crate) fn timeout(job: Job) -> io::Result<()> {
    serve(job, || async {
        let never = std::future::pending::<()>();
        // It always runs out.
        let _ = tokio::time::timeout(LATE, never).await;
        Ok(())
    })
}

pub(crate) fn spawn_blocking(job: Job) -> io::Result<()> {
    serve(job, || async {
        let slept = tokio::task::spawn_blocking(|| std::thread::sleep(LATE)).await;
        slept.map_err(io::Error::other)
    })
}

pub(crate) fn process(job: Job) -> io::Result<()> {
    serve(job, || async {
        let mut sleep = tokio::process::Command::new("sleep");
        sleep.arg("0.3").status().await.map(drop)
    })
}
