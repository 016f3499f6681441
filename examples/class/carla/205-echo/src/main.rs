use std::io::Read;
use std::net::TcpListener;

fn main() -> std::io::Result<()> {
    let address = std::env::args().nth(1).expect("an address");
    let listener = TcpListener::bind(address)?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        let mut message = String::new();
        let received: String = stream.read_to_string(&mut message)?;
        stream.write_all(received)?;
    }
}
