//! must: ungradable
//! says: the box has limits
#![allow(long_running_const_eval)]
const NEVER: () = loop {};
fn main() {
    NEVER
}
