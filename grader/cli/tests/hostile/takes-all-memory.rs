//! must: graded 0
//! says: it used more than 1024 MiB of memory
fn main() {
    let mut all = Vec::new();
    loop {
        let mut some = vec![0_u8; 16 << 20];
        some.iter_mut().step_by(4096).for_each(|byte| *byte = 1);
        all.push(some);
    }
}
