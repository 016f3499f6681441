//! tokio with nothing to do.

use std::io;
use std::net::SocketAddr;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio::runtime::Builder;

async fn serve(address: SocketAddr) -> io::Result<()> {
    let listener = TcpListener::bind(address).await?;
    loop {
        let (mut client, _) = listener.accept().await?;
        tokio::spawn(async move {
            let mut message = [0; 4096];
            client.read_exact(&mut message).await
        });
    }
}

pub(crate) fn idle(address: SocketAddr) -> io::Result<()> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(serve(address))
}

pub(crate) fn idle_in_one_thread(address: SocketAddr) -> io::Result<()> {
    Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(serve(address))
}

/// The runtime's own waiting, not the sockets': a oneshot that nobody completes.
pub(crate) fn channel(address: SocketAddr) -> io::Result<()> {
    let runtime = Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind(address).await?;
        let (mut client, _) = listener.accept().await?;
        client.read_exact(&mut [0]).await?;
        std::future::pending::<io::Result<()>>().await
    })
}
