//! What is known of an HRESULT: by the search of this crate, by going through all codes, and as the
//! type of windows-result knows it.

mod support;

use std::hint::black_box;
use std::time::Duration;

use mapi_session::HResult;
use support::{Batch, batch, in_turns};
use windows_result::HRESULT;

fn main() {
    println!("\n| what | ns | peer | ns | ratio |\n|---|--:|---|--:|--:|");
    let all: Vec<_> = HResult::known()
        .map(|it| (it, it.name().expect("it is known")))
        .collect();
    let known: Vec<_> = all.iter().map(|(code, _)| *code).collect();
    let unknown: Vec<_> = (0..known.len() as u32)
        .map(|i| HResult::new(0x8F00_0000 | i))
        .collect();
    for (what, codes) in [
        ("the name of a known code", &known),
        ("of an unknown code", &unknown),
    ] {
        let scan = |code: HResult| {
            let mut all = all.iter();
            all.find(|(known, _)| *known == code).map(|(_, name)| *name)
        };
        show(
            what,
            &format!("a scan of all {}", all.len()),
            codes.len(),
            batch(|| codes.iter().for_each(|it| _ = black_box(it.name()))),
            batch(|| codes.iter().for_each(|it| _ = black_box(scan(*it)))),
        );
    }
    let theirs: Vec<_> = known.iter().map(|it| HRESULT(it.get() as i32)).collect();
    show(
        "whether it is a failure",
        "windows-result",
        known.len(),
        batch(|| known.iter().filter(|it| black_box(it.is_failure())).count()),
        batch(|| theirs.iter().filter(|it| black_box(it.is_err())).count()),
    );
}

fn show(what: &str, peer_is: &str, codes: usize, ours: Batch<'_>, peer: Batch<'_>) {
    let rounds = in_turns(
        Duration::from_secs(2),
        Duration::from_millis(1),
        [ours, peer],
    );
    let codes = codes as f64;
    println!(
        "| {what} | {:.2} | {peer_is} | {:.2} | {:.2} |",
        rounds.median(|[ours, _]| ours / codes),
        rounds.median(|[_, peer]| peer / codes),
        rounds.median(|[ours, peer]| ours / peer),
    );
}
