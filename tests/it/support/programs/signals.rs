//! Says which of SIGHUP, SIGINT and SIGTERM it gets and how often, then ends with 7.
//!
//! It also stands in for cargo: whatever its arguments are, it does the same.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::Duration;

const SIGNALS: [(i32, &str); 3] = [(1, "HUP"), (2, "INT"), (15, "TERM")];
const IGNORE: usize = 1;

static SEEN: [AtomicU32; 3] = [const { AtomicU32::new(0) }; 3];

unsafe extern "C" {
    fn signal(number: i32, handler: usize) -> usize;
}

extern "C" fn count(number: i32) {
    let at = SIGNALS.iter().position(|(known, _)| *known == number);
    if let Some(at) = at {
        SEEN[at].fetch_add(1, Ordering::SeqCst);
    }
}

fn main() {
    for (number, name) in SIGNALS {
        let handler: extern "C" fn(i32) = count;
        // SAFETY: the handler only adds to an atomic.
        let before = unsafe { signal(number, handler as usize) };
        if before == IGNORE {
            println!("{name} was ignored");
            // SAFETY: as it was before.
            unsafe { signal(number, IGNORE) };
        }
    }
    println!("ready as {}", std::process::id());
    std::io::stdout().flush().expect("stdout");
    while SEEN.iter().all(|seen| seen.load(Ordering::SeqCst) == 0) {
        sleep(Duration::from_millis(5));
    }
    // Time for a second one to arrive, if somebody sends it.
    for _ in 0..40 {
        sleep(Duration::from_millis(10));
    }
    for ((_, name), seen) in SIGNALS.iter().zip(&SEEN) {
        println!("{name} came {} times", seen.load(Ordering::SeqCst));
    }
    std::process::exit(7);
}
