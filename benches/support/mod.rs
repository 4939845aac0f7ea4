//! Paired measurement: what is compared runs in turns in the same process, so that a machine which
//! is slow for a while is slow for both. A ratio from one run can be trusted where a time cannot.

#![allow(dead_code)] // Each bench uses its part.

use std::env;
use std::hint::{black_box, spin_loop};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use mapi_session::flags::ProfileSectionFlags;
use mapi_session::memory::{Memory, Profile, Store};
use mapi_session::property::{PropTag, Property, PropertyValue};
use mapi_session::{Live, LogoffFlags, LogonRequest, Mapi, MapiUid, Session};

/// Whether to see only that everything runs: `cargo bench -- --test`, and `cargo test --benches`,
/// which passes nothing.
pub(crate) fn only_tries() -> bool {
    !env::args().any(|arg| arg == "--bench") || env::args().any(|arg| arg == "--test")
}

/// Something that is run a number of times in a row, and timed.
pub(crate) type Batch<'a> = Box<dyn FnMut(usize) -> Duration + 'a>;

/// What runs on one thread.
pub(crate) fn batch<'a, T>(mut run: impl FnMut() -> T + 'a) -> Batch<'a> {
    Box::new(move |times| {
        let start = Instant::now();
        for _ in 0..times {
            black_box(run());
        }
        start.elapsed()
    })
}

/// What runs that many times on each of so many threads at once. Each gets ready in its own time,
/// then calls [`Start::run`].
pub(crate) fn on_threads<'a>(
    threads: usize,
    thread: impl Fn(Start<'_>) -> Span + Sync + 'a,
) -> Batch<'a> {
    Box::new(move |times| {
        let missing = &AtomicUsize::new(threads);
        let work = || thread(Start { missing, times });
        thread::scope(|scope| {
            let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let spans = threads
                .into_iter()
                .map(|thread| thread.join().expect("no panic"));
            let whole = |a: Span, b: Span| Span {
                start: a.start.min(b.start),
                end: a.end.max(b.end),
            };
            let whole = spans.reduce(whole).expect("a thread");
            whole.end - whole.start
        })
    })
}

/// The start that the threads of a batch wait for.
pub(crate) struct Start<'a> {
    missing: &'a AtomicUsize,
    times: usize,
}

/// From when to when a thread ran.
pub(crate) struct Span {
    start: Instant,
    end: Instant,
}

impl Start<'_> {
    pub(crate) fn run<T>(self, mut run: impl FnMut() -> T) -> Span {
        // Whoever slept here could wake up on a core that is taken.
        self.missing.fetch_sub(1, Ordering::Release);
        while self.missing.load(Ordering::Acquire) > 0 {
            spin_loop();
        }
        let start = Instant::now();
        for _ in 0..self.times {
            black_box(run());
        }
        Span {
            start,
            end: Instant::now(),
        }
    }
}

/// The nanoseconds that one run of each took, round for round.
pub(crate) struct Rounds<const N: usize>(Vec<[f64; N]>);

/// Runs the batches in turns, forwards and backwards, for about `time`. A batch takes about `each`.
pub(crate) fn in_turns<const N: usize>(
    time: Duration,
    each: Duration,
    mut batches: [Batch<'_>; N],
) -> Rounds<N> {
    if only_tries() {
        return Rounds(vec![
            batches
                .each_mut()
                .map(|batch| batch(2).as_nanos() as f64 / 2.0),
        ]);
    }
    let times = batches.each_mut().map(|batch| times_in(each, batch));
    let mut rounds = Vec::new();
    let start = Instant::now();
    while rounds.is_empty() || start.elapsed() < time {
        let mut nanos = [0.0; N];
        for step in 0..N {
            let i = match rounds.len() % 2 {
                0 => step,
                _ => N - 1 - step,
            };
            nanos[i] = batches[i](times[i]).as_nanos() as f64 / times[i] as f64;
        }
        rounds.push(nanos);
    }
    Rounds(rounds)
}

/// How many runs take about that long. It is the warming up too.
fn times_in(time: Duration, batch: &mut Batch<'_>) -> usize {
    let mut times = 1;
    loop {
        let took = (0..3).map(|_| batch(times)).min().expect("three times");
        let took = took.max(Duration::from_nanos(1));
        if took * 2 > time {
            let fit = times as f64 * time.as_secs_f64() / took.as_secs_f64();
            return (fit as usize).max(1);
        }
        times *= 2;
    }
}

impl<const N: usize> Rounds<N> {
    /// The median of what `figure` makes of a round.
    pub(crate) fn median(&self, figure: impl Fn(&[f64; N]) -> f64) -> f64 {
        let mut figures: Vec<_> = self.0.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures[figures.len() / 2]
    }
}

/// A subsystem of so many profiles, the first of them "Outlook" with one store.
pub(crate) fn mapi(profiles: usize) -> Mapi<Memory> {
    let mailbox = Store::new("Mailbox").default_store();
    let outlook = Profile::new("Outlook").default_profile().store(mailbox);
    let memory = (1..profiles)
        .map(|number| Profile::new(format!("Profile {number}")))
        .fold(Memory::builder().profile(outlook), |builder, profile| {
            builder.profile(profile)
        });
    Mapi::initialize(memory.build().expect("profiles")).expect("a library")
}

/// A session on the profile that they all have.
#[inline]
pub(crate) fn session(mapi: &Mapi<Memory>) -> Session<Live, Memory> {
    let request = LogonRequest::new_session("Outlook");
    mapi.logon(&request).expect("a session")
}

/// A profile section that has a property.
pub(crate) fn create_section(session: &Session<Live, Memory>, uid: MapiUid) {
    let section = session.open_profile_section(uid, ProfileSectionFlags::MODIFY);
    let property = Property {
        tag: PropTag::new(0x6600_0003),
        value: PropertyValue::Long(1),
    };
    let section = section.expect("a section");
    section.set_props(&[property]).expect("written");
}

/// Logoff and release.
#[inline]
pub(crate) fn log_off(session: Session<Live, Memory>) {
    drop(session.logoff(LogoffFlags::empty()).expect("an end"));
}

/// Logon, logoff, release.
#[inline(always)]
pub(crate) fn cycle(mapi: &Mapi<Memory>) {
    log_off(session(mapi));
}
