//! What the fuzz targets of `crates/fuzz` check, replayed on the inputs that were kept.
#![cfg(all(feature = "memory", feature = "serde"))]
#![allow(clippy::panic, clippy::unwrap_used)]

mod calls;
mod codes;
mod descriptions;
mod entry_ids;
mod flags;
mod restrictions;
mod tags;

use std::fs;
use std::path::Path;

/// A test each, of the body and the corpus of that name.
macro_rules! replayed {
    ($($name:ident)*) => {$(
        #[test]
        fn $name() {
            replay(stringify!($name), $name::body);
        }
    )*};
}

replayed! { calls codes descriptions entry_ids flags restrictions tags }

fn replay(name: &str, body: fn(&[u8])) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    let files = fs::read_dir(corpus.join(name)).unwrap();
    let mut inputs: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert!(!inputs.is_empty());
    inputs.sort();
    for input in inputs {
        // Shown if the body fails.
        println!("{}", input.display());
        body(&fs::read(input).unwrap());
    }
}
