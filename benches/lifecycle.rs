//! Logon, logoff and release of an individual session, by the number of profiles, beside the floor:
//! what no implementation of this design can do without.

mod support;

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

use parking_lot::Mutex;
use support::{batch, in_turns};

/// One allocation and its free, one lock, and nine atomic operations: up and down for each of the
/// library, the subsystem and the profile, which a session keeps alive; down for the session object
/// and for the weak count that an `Arc` has; and one change of phase, since only one of several
/// logoffs may succeed.
#[derive(Default)]
struct Floor {
    library: Arc<()>,
    subsystem: Arc<Mutex<usize>>,
    profile: Arc<()>,
}

/// As large as a session object is.
#[expect(dead_code, reason = "they are held")]
struct Client {
    subsystem: Arc<Mutex<usize>>,
    profile: Arc<()>,
    phase: AtomicU8,
    rest: [usize; 4],
}

impl Floor {
    fn cycle(&self) {
        let library = Arc::clone(&self.library);
        *self.subsystem.lock() += 1;
        let client = Arc::new(Client {
            subsystem: Arc::clone(&self.subsystem),
            profile: Arc::clone(&self.profile),
            phase: AtomicU8::new(0),
            rest: black_box([0; 4]),
        });
        let phase = &black_box(&client).phase;
        let ended = phase.compare_exchange(0, 1, Ordering::AcqRel, Ordering::Acquire);
        drop((ended, client, library));
    }
}

fn main() {
    println!(
        "\n| logon, logoff, release: profiles | ns | floor, ns | ratio | time by that of 1 profile |\n|--:|--:|--:|--:|--:|"
    );
    let floor = Floor::default();
    let one = support::mapi(1);
    for profiles in [1, 10, 100, 1000] {
        let mapi = support::mapi(profiles);
        let rounds = in_turns(
            Duration::from_secs(3),
            Duration::from_millis(1),
            [
                batch(|| support::cycle(&mapi)),
                batch(|| floor.cycle()),
                batch(|| support::cycle(&one)),
            ],
        );
        println!(
            "| {profiles} | {:.1} | {:.1} | {:.2} | {:.2} |",
            rounds.median(|[ours, ..]| *ours),
            rounds.median(|[_, floor, _]| *floor),
            rounds.median(|[ours, floor, _]| ours / floor),
            rounds.median(|[ours, _, one]| ours / one),
        );
    }
}
