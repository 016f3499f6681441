//! must: ungradable
fn main() {
    println!("{}", include_str!("../../../../../../../../../../etc/shadow"));
}
