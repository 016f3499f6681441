//! must: ungradable
//! says: s of processor time
#![allow(long_running_const_eval)]
const NEVER: () = loop {};
fn main() {
    NEVER
}
