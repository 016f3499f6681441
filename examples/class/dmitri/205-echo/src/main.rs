use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let _listener = TcpListener::bind(address)?;
    // Keeps the program from ending, until I know how to go on.
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(())
}
