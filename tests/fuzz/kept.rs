//! The inputs that were kept.

use std::fs;
use std::path::{Path, PathBuf};

/// Those of a target, in the order of their names, each with its file.
pub(crate) fn inputs(corpus: &str, target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let files = fs::read_dir(Path::new(corpus).join(target)).unwrap();
    let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty());
    files.sort();
    let read = |file: PathBuf| {
        let input = fs::read(&file).unwrap();
        (file, input)
    };
    files.into_iter().map(read).collect()
}
