//! What the fuzz targets of `crates/fuzz` check, replayed on the inputs that were kept.
#![cfg(all(feature = "memory", feature = "serde"))]
#![allow(clippy::panic, clippy::unwrap_used)]

mod calls;
mod codes;
mod descriptions;
mod entry_ids;
mod flags;
mod kept;
mod restrictions;
mod tags;

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
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fuzz/corpus");
    for (file, input) in kept::inputs(corpus, name) {
        // Shown if the body fails.
        println!("{}", file.display());
        body(&input);
    }
}
