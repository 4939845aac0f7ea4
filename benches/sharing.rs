//! What sessions and threads cost each other: telling the clients of a shared session, registering
//! among many, two threads at once.

mod support;

use std::hint::black_box;
use std::time::Duration;

use mapi_session::memory::Memory;
use mapi_session::notification::ExtendedEvent;
use mapi_session::{EventMask, Live, LogonRequest, Mapi, Notification, Registration, Session};
use parking_lot::Mutex;
use support::{Span, Start, batch, in_turns, on_threads};

const TIME: Duration = Duration::from_secs(2);
const EACH: Duration = Duration::from_millis(1);

fn main() {
    telling();
    registering();
    threads();
}

/// A logoff that tells N clients, less one that tells nobody, beside N boxed closures that are
/// called in a loop.
///
/// Where somebody has registered there is a list, and a logoff goes through it even when nobody is
/// left in it. What that costs, once and whatever N is, has a column of its own; the last ratio
/// includes it.
fn telling() {
    println!(
        "\n| a logoff tells clients | ns a client | a boxed closure, ns | ratio | the round itself, ns | ratio with it |"
    );
    println!("|--:|--:|--:|--:|--:|--:|");
    for clients in [1, 10, 1_000, 100_000] {
        let (listening, left, silent) = (support::mapi(1), support::mapi(1), support::mapi(1));
        let bystanders = [shared_by(&left, 1), shared_by(&silent, 1)];
        drop(registered((0, &bystanders[0][0])));
        let told = shared_by(&listening, clients);
        let registrations: Vec<_> = told.iter().enumerate().map(registered).collect();
        let closures: Vec<_> = (0..clients).map(boxed_sink).collect();
        let event = client_logged_off();
        let rounds = in_turns(
            TIME,
            EACH,
            [
                batch(|| come_and_go(&listening)),
                batch(|| come_and_go(&left)),
                batch(|| come_and_go(&silent)),
                batch(|| closures.iter().for_each(|sink| sink(black_box(&event)))),
            ],
        );
        let n = clients as f64;
        println!(
            "| {clients} | {:.2} | {:.2} | {:.2} | {:.1} | {:.2} |",
            rounds.median(|[telling, left, ..]| (telling - left) / n),
            rounds.median(|[.., closures]| closures / n),
            rounds.median(|[telling, left, _, closures]| (telling - left) / closures),
            rounds.median(|[_, left, silent, _]| left - silent),
            rounds.median(|[telling, _, silent, closures]| (telling - silent) / closures),
        );
        drop(registrations);
        bystanders
            .into_iter()
            .flatten()
            .chain(told)
            .for_each(support::log_off);
    }
}

fn shared_by(mapi: &Mapi<Memory>, clients: usize) -> Vec<Session<Live, Memory>> {
    let first = LogonRequest::new_session("Outlook").allow_others();
    let requests = std::iter::once(first).chain(std::iter::repeat(LogonRequest::join_shared()));
    let log_on = |request| mapi.logon(&request).expect("a session");
    requests.take(clients).map(log_on).collect()
}

/// One more client of a shared session logs on, and off.
fn come_and_go(mapi: &Mapi<Memory>) {
    let session = mapi.logon(&LogonRequest::join_shared());
    support::log_off(session.expect("a session"));
}

/// What the others are told then.
fn client_logged_off() -> Notification {
    Notification::Extended(ExtendedEvent::new(0, []))
}

fn sink(number: usize) -> impl Fn(&Notification) + Send + Sync + 'static {
    move |event| {
        black_box((number, event));
    }
}

fn boxed_sink(number: usize) -> Box<dyn Fn(&Notification) + Send + Sync> {
    Box::new(sink(number))
}

fn registered((number, session): (usize, &Session<Live, Memory>)) -> Registration<'_, Memory> {
    let registration = session.advise(EventMask::EXTENDED, sink(number));
    registration.expect("a registration")
}

/// Advise and unadvise by how many others are registered, beside an allocation of that size, its
/// free, and a lock.
fn registering() {
    println!("\n| advise and unadvise: others | ns | floor, ns | ratio |\n|--:|--:|--:|--:|");
    for others in [1, 10, 100, 1_000, 10_000] {
        let mapi = support::mapi(1);
        let session = support::session(&mapi);
        let registrations: Vec<_> = (0..others)
            .map(|number| registered((number, &session)))
            .collect();
        let lock = Mutex::new(0);
        let rounds = in_turns(
            TIME / 2,
            EACH,
            [
                batch(|| drop(registered((0, &session)))),
                batch(|| {
                    drop(black_box(Box::new([0_usize; 5])));
                    *lock.lock() += 1;
                }),
            ],
        );
        println!(
            "| {others} | {:.1} | {:.1} | {:.2} |",
            rounds.median(|[ours, _]| *ours),
            rounds.median(|[_, floor]| *floor),
            rounds.median(|[ours, floor]| ours / floor),
        );
        drop(registrations);
        support::log_off(session);
    }
}

/// What a second thread gains, as a factor: 2 where neither slows the other. Plain computation
/// shows what the machine has to give.
fn threads() {
    println!("\n| two threads | gain | gain of plain computation | ratio |\n|---|--:|--:|--:|");
    let mapi = support::mapi(1);
    compare("use a session each", |start| {
        let session = support::session(&mapi);
        let span = start.run(|| {
            drop(registered((0, &session)));
            session.msg_stores_table().expect("a table")
        });
        support::log_off(session);
        span
    });
    compare("log on and off", |start| {
        start.run(|| support::cycle(&mapi))
    });
}

fn compare(name: &str, ours: impl Fn(Start<'_>) -> Span + Sync) {
    let step = |x: usize, _| black_box(x.wrapping_mul(0x9E37_79B9));
    let plain = |start: Start<'_>| start.run(|| (0..100).fold(1, step));
    let rounds = in_turns(
        2 * TIME,
        10 * EACH,
        [
            on_threads(1, &ours),
            on_threads(2, &ours),
            on_threads(1, plain),
            on_threads(2, plain),
        ],
    );
    let gain = |one: f64, two: f64| 2.0 * one / two;
    println!(
        "| {name} | {:.2} | {:.2} | {:.2} |",
        rounds.median(|&[one, two, ..]| gain(one, two)),
        rounds.median(|&[.., one, two]| gain(one, two)),
        rounds.median(|&[one, two, plain, plain_two]| gain(one, two) / gain(plain, plain_two)),
    );
}
