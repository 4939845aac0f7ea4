//! The contract, the tests and the conformance suite name the same rules.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A rule's letter and number: E6.
type Id = (char, u32);

/// The rules of the contract, each with its text on one line.
fn rules() -> BTreeMap<Id, String> {
    let mut rules = BTreeMap::new();
    for item in contract().split("\n- **").skip(1) {
        let (id, rest) = item.split_once("** ").unwrap();
        let text = rest.split("\n\n").next().unwrap();
        let words: Vec<_> = text.split_whitespace().collect();
        let is_new = rules.insert(id_of(id).unwrap(), words.join(" ")).is_none();
        assert!(is_new, "{id} stands twice");
    }
    assert!(rules.len() > 60, "the contract is read wrongly: {rules:?}");
    rules
}

fn contract() -> String {
    fs::read_to_string("src/contract.md").unwrap()
}

fn id_of(word: &str) -> Option<Id> {
    let mut chars = word.chars();
    let letter = chars.next().filter(char::is_ascii_uppercase)?;
    let digits = chars.as_str();
    let is_number = matches!(digits.len(), 1 | 2) && digits.bytes().all(|it| it.is_ascii_digit());
    Some((letter, digits.parse().ok().filter(|_| is_number)?))
}

/// Every rule that the words name; "L1 to L8" names eight.
fn ids_in(text: &str) -> Vec<Id> {
    let is_part = |it: char| it.is_alphanumeric() || it == '_';
    let words: Vec<_> = text.split(|it| !is_part(it)).collect();
    let words: Vec<_> = words.into_iter().filter(|it| !it.is_empty()).collect();
    let mut ids: Vec<_> = words.iter().filter_map(|it| id_of(it)).collect();
    for three in words.windows(3) {
        let &[from, "to", to] = three else { continue };
        if let (Some((letter, from)), Some((end, to))) = (id_of(from), id_of(to)) {
            assert_eq!(letter, end, "{text}");
            ids.extend((from..to).map(|number| (letter, number)));
        }
    }
    ids
}

/// The Rust files below a folder, or the one file.
fn sources(path: &str) -> Vec<PathBuf> {
    let path = Path::new(path);
    if path.is_file() {
        return vec![path.into()];
    }
    let entries = fs::read_dir(path).unwrap();
    let entries = entries.map(|entry| entry.unwrap().path());
    let below = entries.flat_map(|entry| match entry.is_dir() {
        true => sources(entry.to_str().unwrap()),
        false => vec![entry],
    });
    let is_rust = |path: &PathBuf| path.extension().is_some_and(|it| it == "rs");
    below.filter(is_rust).collect()
}

/// The comments of a file, each with its line's number.
fn comments(path: &Path) -> Vec<(usize, String)> {
    let source = fs::read_to_string(path).unwrap();
    let lines = source.lines().zip(1..);
    let comments = lines.filter_map(|(line, number)| {
        let (code, comment) = line.split_once("//")?;
        // That of a URL is no comment.
        (!code.ends_with(':')).then(|| (number, comment.into()))
    });
    comments.collect()
}

/// What of the crate asks rules: its tests, those of the rules without a driver, and the suite.
const TESTS: &[&str] = &["tests", "src/memory/state/tests.rs"];
const SUITE: &[&str] = &["src/testing/conformance.rs", "src/testing/conformance"];

#[test]
fn every_rule_is_named_by_a_test() {
    let mut named = BTreeSet::new();
    for file in TESTS.iter().flat_map(|it| sources(it)) {
        // A file's own header says what it is about, and tests nothing.
        let of_tests = comments(&file).into_iter();
        let of_tests = of_tests.filter(|(_, comment)| !comment.starts_with('!'));
        named.extend(of_tests.flat_map(|(_, comment)| ids_in(&comment)));
    }
    let mut unnamed = rules();
    unnamed.retain(|id, _| !named.contains(id));
    assert!(unnamed.is_empty(), "no test names {unnamed:#?}");
}

#[test]
fn every_rule_that_a_comment_names_is_in_the_contract() {
    let rules = rules();
    let letters: BTreeSet<_> = rules.keys().map(|(letter, _)| *letter).collect();
    let mut unknown = Vec::new();
    for file in ["tests", "src"].iter().flat_map(|it| sources(it)) {
        for (line, comment) in comments(&file) {
            let ids = ids_in(&comment).into_iter();
            let mut missing: Vec<_> = ids
                .filter(|id| !rules.contains_key(id))
                .map(|(letter, number)| format!("{letter}{number}"))
                .collect();
            // "Rules O:", all of a letter's.
            if let Some((_, named)) = comment.split_once("ules ") {
                let words = named.split(|it: char| !it.is_alphanumeric());
                let of_one = words.filter_map(|word| word.parse::<char>().ok());
                let of_one = of_one.filter(|it| it.is_uppercase() && !letters.contains(it));
                missing.extend(of_one.map(String::from));
            }
            if !missing.is_empty() {
                unknown.push(format!("{}:{line}: {missing:?}", file.display()));
            }
        }
    }
    assert!(unknown.is_empty(), "no rules of the contract: {unknown:#?}");
}

#[test]
fn the_conformance_suite_has_a_row_for_every_rule() {
    let source = fs::read_to_string(SUITE[0]).unwrap();
    let (_, rows) = source.split_once("\nrules! {\n").unwrap();
    let (rows, _) = rows.split_once("\n}").unwrap();
    let rows: Vec<_> = rows
        .lines()
        .filter_map(|row| row.trim().split_once(' '))
        .collect();
    let ids: BTreeSet<_> = rows.iter().map(|(id, _)| id_of(id).unwrap()).collect();
    assert!(ids.iter().eq(rules().keys()), "{ids:?}");
    // A row that is asked, is asked by the function that bears its name.
    for (id, row) in rows {
        let is_asked = row.contains(&format!("::{})", id.to_lowercase()));
        assert!(is_asked != row.contains(" unasked "), "{id} {row}");
    }
}

/// Every rule says where it is from: a page of the reference, or our reading of it.
#[test]
fn every_rule_has_its_source() {
    let contract = contract();
    let links = contract.lines().filter_map(|line| {
        let (page, url) = line.strip_prefix('[')?.split_once("]: ")?;
        Some((page, url))
    });
    let links: BTreeMap<_, _> = links.collect();
    for (page, url) in &links {
        assert!(url.ends_with(&format!("/mapi/{page}")), "{page}: {url}");
        let is_used = contract.matches(&format!("[{page}]")).count() > 1;
        assert!(is_used, "nothing cites {page}");
    }
    for ((letter, number), rule) in rules() {
        let cited = rule
            .split('[')
            .skip(1)
            .filter_map(|it| it.split(']').next());
        let cited: Vec<_> = cited.collect();
        let has_source = !cited.is_empty() || rule.contains("our reading");
        assert!(has_source, "{letter}{number} has no source: {rule}");
        for page in cited {
            assert!(links.contains_key(page), "{letter}{number}: {page}?");
        }
    }
}
