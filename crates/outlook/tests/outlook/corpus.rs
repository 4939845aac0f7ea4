//! The inputs that the fuzz target `calls` has kept, and others like them, through COM: Memory, served, and
//! Outlook's MAPI over that.
//!
//! `MAPI_SESSION_INPUTS` is how many others there are; without it 2,000.

use mapi_session_outlook::Outlook;

use crate::fake;
use crate::hostile::Dice;

#[path = "../../../../tests/fuzz/calls.rs"]
#[expect(dead_code, reason = "its body is for Memory alone")]
mod calls;

#[path = "../../../../tests/fuzz/kept.rs"]
mod kept;

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/fuzz/corpus");

fn check(input: &[u8]) {
    calls::calls_over(input, false, |memory| {
        fake::load();
        fake::runs_over(memory.clone());
        Outlook::new()
    });
    // What is behind it goes too.
    fake::load();
    assert_eq!(fake::outstanding(), 0, "MAPI's memory that is not freed");
}

#[test]
fn the_kept_calls_keep_the_rules_through_com() {
    for (file, input) in kept::inputs(CORPUS, "calls") {
        // Shown if it fails.
        println!("{}", file.display());
        check(&input);
    }
}

#[test]
fn calls_like_those_kept_do_so_too() {
    let count = std::env::var("MAPI_SESSION_INPUTS").ok();
    let count: usize = count.and_then(|it| it.parse().ok()).unwrap_or(2_000);
    let inputs = kept::inputs(CORPUS, "calls");
    for seed in 1..=count {
        let mut dice = Dice::new(seed as u64);
        let (_, one) = &inputs[dice.below(inputs.len())];
        let (_, other) = &inputs[dice.below(inputs.len())];
        let mut input = one[..dice.below(one.len() + 1)].to_vec();
        input.extend(&other[dice.below(other.len() + 1)..]);
        for _ in 0..dice.below(8) {
            if !input.is_empty() {
                let at = dice.below(input.len());
                input[at] = dice.roll() as u8;
            }
        }
        println!("seed {seed}");
        check(&input);
    }
}
