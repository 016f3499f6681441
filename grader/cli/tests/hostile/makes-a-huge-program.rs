//! must: ungradable
#[used]
static HUGE: [u8; 3 << 30] = [1; 3 << 30];
fn main() {}
