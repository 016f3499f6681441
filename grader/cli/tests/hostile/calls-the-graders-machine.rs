//! must: graded 0
fn main() {
    let stream = std::net::TcpStream::connect("127.0.0.1:@PORT@");
    eprintln!("{stream:?}");
    std::process::exit(1);
}
