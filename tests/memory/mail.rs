//! Random sequences of what clients do with mail, through the typed session, on Memory and on a naive
//! model of the rules; what both answer is compared after every step.

mod model;
mod real;
mod steps;

use mapi_session::property::Property;
use mapi_session::{EventMask, HResult};
use model::Model;
use proptest::prelude::*;
use real::Real;
use steps::{Config, Step, sequence};

/// What a step comes to.
#[derive(Debug, PartialEq)]
struct Outcome {
    answer: Result<Answer, HResult>,
    /// By the registrations; each has heard it in this order.
    heard: Vec<(usize, Told)>,
    /// The rows of every table that is open.
    tables: Vec<Result<Vec<Vec<Property>>, HResult>>,
    /// The outgoing queue of each store.
    outgoing: Vec<Vec<usize>>,
    open_sessions: usize,
}

#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    Warned(HResult),
    /// Whether for writing.
    Opened(bool),
    Number(i64),
    /// Sorted by their tags, where the call does not say the order.
    Props(Vec<Property>),
    Rows(Vec<Vec<Property>>),
    /// By their places.
    Problems(Vec<(usize, HResult)>),
    Tags(Vec<mapi_session::property::PropTag>),
    Order(Vec<mapi_session::table::SortOrder>),
    /// Moved by so many rows, and whether the row of the bookmark is another.
    Moved(i32, bool),
    Names(Vec<String>),
    Bytes(Vec<u8>),
    /// So many of so many.
    Position(Option<u32>, u32),
}

/// What a registration was told. What has an entry identifier is told by its number.
#[derive(Debug, PartialEq)]
enum Told {
    /// An event, of what, and the folder that it is in.
    Object(EventMask, usize, Option<usize>),
    Row {
        event: mapi_session::notification::TableEventKind,
        index: Option<usize>,
        prior: Option<usize>,
        row: Vec<Property>,
    },
}

/// What is left when all is released.
#[derive(Debug, PartialEq)]
struct End {
    /// The messages of each folder: each with its subject and its recipients.
    messages: Vec<Vec<(usize, String, Vec<String>)>>,
    open_sessions: usize,
    released_live: usize,
    /// Sinks that somebody holds still.
    sinks: usize,
}

fn compare(config: &Config, steps: &[Step]) -> Result<(), TestCaseError> {
    let (mut real, mut model) = (Real::new(config), Model::new(config));
    for step in steps {
        prop_assert_eq!(real.take(step), model.take(step), "{:?}", step);
    }
    prop_assert_eq!(real.end(), model.end());
    Ok(())
}

proptest! {
    #![proptest_config(crate::random::cases(1_000))]

    #[test]
    fn mail_does_what_the_rules_say((config, steps) in sequence()) {
        compare(&config, &steps)?;
    }
}
