//! must: ungradable
#![recursion_limit = "1000000000"]
macro_rules! bomb {
    ($($all:tt)*) => { bomb!($($all)* $($all)* x) };
}
fn main() {
    bomb!(x);
}
