//! The terminal is given back on every way out: a panic and a signal included.

use std::sync::Once;
use std::thread;

use harness::interrupt;

/// Has `give_back` called when this thread panics, and when a signal ends the process. Who leaves in
/// another way calls it himself. To be asked once, by the thread that has the terminal.
pub(crate) fn on_every_way_out(give_back: fn()) {
    static HOOKS: Once = Once::new();
    HOOKS.call_once(|| {
        interrupt::before_the_end(give_back);
        let owner = thread::current().id();
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // A check that panics is the grader's error, and shown as one. Printed here as well, it
            // would spoil the screen.
            if thread::current().id() == owner {
                give_back();
                print(panic);
            }
        }));
    });
}
