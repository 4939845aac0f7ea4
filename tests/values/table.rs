//! Which rows a restriction shows, and in which order.

use std::cmp::Ordering;

use mapi_session::flags::FuzzyLevel;
use mapi_session::property::{FileTime, PropTag, PropType, PropertyValue};
use mapi_session::table::{Relation, Restriction, SortOrder, Term};
use mapi_session::{HResult, MapiUid};
use proptest::prelude::*;

const FLAGS: PropTag = PropTag::MESSAGE_FLAGS;
const SUBJECT: PropTag = PropTag::SUBJECT;
const DELIVERED: PropTag = PropTag::MESSAGE_DELIVERY_TIME;
const CATEGORIES: PropTag = PropTag::of(0x6801, PropType::UNICODE.multiple());
const KEY: PropTag = PropTag::SEARCH_KEY;

fn row() -> Vec<(PropTag, PropertyValue)> {
    let categories = ["Red", "Blue"].map(String::from).into();
    vec![
        (FLAGS, 0x11.into()),
        (SUBJECT, "Re: Your Order".into()),
        (DELIVERED, FileTime::new(1_000).into()),
        (CATEGORIES, PropertyValue::MvString(categories)),
        (KEY, vec![1, 2, 3].into()),
    ]
}

fn matches(restriction: &Restriction) -> bool {
    let row = row();
    restriction.matches(|tag| {
        let found = row.iter().find(|(it, _)| it.id() == tag.id());
        found.map(|(_, value)| value)
    })
}

#[track_caller]
fn shows(expected: bool, restriction: Restriction) {
    restriction.check().unwrap();
    assert_eq!(matches(&restriction), expected, "{restriction:?}");
    assert_eq!(matches(&!restriction.clone()), !expected, "{restriction:?}");
    assert_eq!(matches(&!!restriction), expected);
}

#[test]
fn a_property_is_compared_with_a_value() {
    use Relation::{Equal, Greater, GreaterOrEqual, Less, LessOrEqual, NotEqual};
    for (relation, below, same, above) in [
        (Less, false, false, true),
        (LessOrEqual, false, true, true),
        (Greater, true, false, false),
        (GreaterOrEqual, true, true, false),
        (Equal, false, true, false),
        (NotEqual, true, false, true),
    ] {
        for (value, expected) in [(0x10, below), (0x11, same), (0x12, above)] {
            shows(expected, Restriction::property(FLAGS, relation, value));
        }
        let time = |steps| Restriction::property(DELIVERED, relation, FileTime::new(steps));
        shows(below, time(999));
        shows(same, time(1_000));
        shows(above, time(1_001));
    }
}

#[test]
fn texts_are_equal_in_upper_and_lower_case() {
    shows(true, Restriction::equals(SUBJECT, "RE: YOUR ORDER"));
    shows(false, Restriction::equals(SUBJECT, "Re: Your Orders"));
    // As PT_STRING8 it is the same property.
    let ansi = SUBJECT.with_type(PropType::STRING8);
    shows(true, Restriction::equals(ansi, "re: your order"));
}

#[test]
fn one_of_several_values_is_enough() {
    shows(true, Restriction::equals(CATEGORIES, "blue"));
    shows(false, Restriction::equals(CATEGORIES, "Green"));
    shows(true, Restriction::contains(CATEGORIES, "lu"));
}

#[test]
fn a_text_or_bytes_are_looked_for() {
    let (whole, start) = (FuzzyLevel::empty(), FuzzyLevel::PREFIX);
    let (part, any_case) = (FuzzyLevel::SUBSTRING, FuzzyLevel::IGNORE_CASE);
    for (level, text, expected) in [
        (whole, "Re: Your Order", true),
        (whole, "re: your order", false),
        (whole | any_case, "re: your order", true),
        (whole | FuzzyLevel::LOOSE, "re: your order", true),
        (start, "Re: Your", true),
        (start, "Your", false),
        (start | any_case, "RE:", true),
        (part, "Your", true),
        (part, "your", false),
        (part | any_case, "your", true),
        (part, "", true),
    ] {
        shows(expected, Restriction::content(SUBJECT, level, text));
    }
    for (level, bytes, expected) in [
        (whole, &[1, 2, 3][..], true),
        (whole, &[1, 2], false),
        (start, &[1, 2], true),
        (start, &[2], false),
        (part, &[2, 3], true),
        (part, &[3, 2], false),
        (part, &[], true),
        (part, &[1, 2, 3, 4], false),
    ] {
        shows(expected, Restriction::content(KEY, level, bytes));
    }
}

#[test]
fn bits_sizes_presence_and_two_properties() {
    shows(true, Restriction::has_any_of(FLAGS, 0x13));
    shows(false, Restriction::has_any_of(FLAGS, 0x2));
    shows(true, Restriction::has_none_of(FLAGS, 0x2));
    shows(false, Restriction::has_none_of(FLAGS, 0x1));
    for (tag, bytes) in [
        (FLAGS, 4),
        (SUBJECT, 30),
        (KEY, 3),
        (DELIVERED, 8),
        (CATEGORIES, 18),
    ] {
        shows(true, Restriction::size(tag, Relation::Equal, bytes));
        shows(false, Restriction::size(tag, Relation::Greater, bytes));
    }
    shows(true, Restriction::exists(SUBJECT));
    shows(false, Restriction::exists(PropTag::BODY));
    let same = Restriction::compare_props;
    shows(true, same(FLAGS, Relation::Equal, FLAGS));
    shows(false, same(FLAGS, Relation::Less, FLAGS));
}

/// The reference leaves it undefined: our reading.
#[test]
fn what_a_row_lacks_meets_nothing() {
    let importance = PropTag::IMPORTANCE;
    for relation in [Relation::Less, Relation::Equal, Relation::NotEqual] {
        shows(false, Restriction::property(importance, relation, 1));
    }
    shows(false, Restriction::has_none_of(importance, 1));
    shows(false, Restriction::contains(PropTag::BODY, ""));
    shows(
        false,
        Restriction::size(PropTag::BODY, Relation::GreaterOrEqual, 0),
    );
}

// A lookup that gives a value of another type than the tag's gives nothing to compare, even if what it is to be compared
// with has that type too.
#[test]
fn a_value_of_another_type_than_its_tag_meets_nothing() {
    let text = || PropertyValue::from("text");
    let texts = |restriction: Restriction| restriction.matches(|_| Some(text()));
    assert!(texts(Restriction::property(
        SUBJECT,
        Relation::Equal,
        "text"
    )));
    assert!(!texts(Restriction::property(
        FLAGS,
        Relation::Equal,
        "text"
    )));
    let whole = FuzzyLevel::empty();
    assert!(texts(Restriction::content(SUBJECT, whole, "text")));
    assert!(!texts(Restriction::content(FLAGS, whole, "text")));
    assert!(texts(Restriction::size(SUBJECT, Relation::Equal, 10)));
    assert!(!texts(Restriction::size(FLAGS, Relation::Equal, 10)));
    for (first, second, is_met) in [
        (SUBJECT, PropTag::BODY, true),
        (SUBJECT, FLAGS, false),
        (FLAGS, SUBJECT, false),
        (FLAGS, FLAGS, false),
    ] {
        let same = Restriction::compare_props(first, Relation::Equal, second);
        assert_eq!(texts(same), is_met, "{first} {second}");
    }
    let has_bit = |tag| Restriction::has_any_of(tag, 1).matches(|_| Some(PropertyValue::from(1)));
    assert!(has_bit(FLAGS));
    assert!(!has_bit(SUBJECT));
}

#[test]
fn its_terms_are_in_postfix_order() {
    let restriction = Restriction::exists(SUBJECT).and(!Restriction::exists(FLAGS));
    let expected = [
        Term::Exist(SUBJECT),
        Term::Exist(FLAGS),
        Term::Not,
        Term::And(2),
    ];
    assert_eq!(restriction.terms(), expected);
}

#[test]
fn conditions_are_joined() {
    let (yes, no) = (
        Restriction::exists(SUBJECT),
        Restriction::exists(PropTag::BODY),
    );
    shows(true, yes.clone().and(yes.clone()));
    shows(false, yes.clone().and(no.clone()));
    shows(true, no.clone().or(yes.clone()));
    shows(false, no.clone().or(no.clone()));
    shows(true, Restriction::all([]));
    shows(false, Restriction::any([]));
    shows(
        true,
        Restriction::all([yes.clone(), !no.clone(), yes.clone()]),
    );
    shows(
        true,
        Restriction::any([no.clone(), no.clone(), yes.clone()]).and(yes),
    );
}

#[test]
fn what_no_table_can_be_asked_for_is_named() {
    let (part, both) = (
        FuzzyLevel::SUBSTRING,
        FuzzyLevel::SUBSTRING | FuzzyLevel::PREFIX,
    );
    for (restriction, named) in [
        (Restriction::equals(SUBJECT, 1), "PR_SUBJECT"),
        (Restriction::equals(FLAGS, "1"), "PR_MESSAGE_FLAGS"),
        // Of several values, one is asked for.
        (
            Restriction::equals(CATEGORIES, PropertyValue::MvString(vec![])),
            "0x6801101F",
        ),
        (Restriction::content(FLAGS, part, 1), "PR_MESSAGE_FLAGS"),
        (Restriction::content(SUBJECT, both, "a"), "FuzzyLevel"),
        (Restriction::has_any_of(SUBJECT, 1), "PR_SUBJECT"),
        (
            Restriction::compare_props(SUBJECT, Relation::Equal, FLAGS),
            "PR_MESSAGE_FLAGS",
        ),
        (
            Restriction::exists(PropTag::ATTACH_DATA_OBJ),
            "PR_ATTACH_DATA_OBJ",
        ),
    ] {
        let inside = Restriction::exists(FLAGS).or(!restriction.clone());
        for restriction in [restriction, inside] {
            let failure = restriction.check().unwrap_err();
            assert_eq!(failure.hresult(), HResult::MAPI_E_TOO_COMPLEX);
            assert!(failure.reason().unwrap().contains(named), "{failure:?}");
        }
    }
}

#[test]
fn no_depth_of_a_restriction_takes_stack() {
    let mut deep = Restriction::exists(SUBJECT);
    for _ in 0..1_000_000 {
        deep = !deep;
    }
    assert!(matches(&deep));
    drop(deep.clone());
    let mut long = Restriction::exists(SUBJECT);
    for _ in 0..100_000 {
        long = long.and(Restriction::exists(FLAGS));
    }
    assert!(matches(&long));
}

/// The same, as a tree.
#[derive(Clone, Debug)]
enum Tree {
    Leaf(bool),
    Not(Box<Tree>),
    All(Vec<Tree>),
    Any(Vec<Tree>),
}

impl Tree {
    fn holds(&self) -> bool {
        match self {
            Self::Leaf(holds) => *holds,
            Self::Not(tree) => !tree.holds(),
            Self::All(trees) => trees.iter().all(Self::holds),
            Self::Any(trees) => trees.iter().any(Self::holds),
        }
    }

    fn restriction(&self) -> Restriction {
        match self {
            Self::Leaf(true) => Restriction::exists(SUBJECT),
            Self::Leaf(false) => Restriction::exists(PropTag::BODY),
            Self::Not(tree) => !tree.restriction(),
            Self::All(trees) => Restriction::all(trees.iter().map(Self::restriction)),
            Self::Any(trees) => Restriction::any(trees.iter().map(Self::restriction)),
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    any::<bool>()
        .prop_map(Tree::Leaf)
        .prop_recursive(6, 40, 4, |inner| {
            let several = prop::collection::vec(inner.clone(), 0..4);
            prop_oneof![
                inner.prop_map(|tree| Tree::Not(Box::new(tree))),
                several.clone().prop_map(Tree::All),
                several.prop_map(Tree::Any),
            ]
        })
}

proptest! {
    #[test]
    fn a_restriction_is_what_its_tree_says(tree in trees()) {
        prop_assert_eq!(matches(&tree.restriction()), tree.holds());
    }
}

#[test]
fn rows_are_sorted_by_a_property() {
    let values = |values: [i32; 2]| values.map(PropertyValue::from);
    let [low, high] = values([1, 2]);
    let (up, down) = (SortOrder::ascending(FLAGS), SortOrder::descending(FLAGS));
    assert_eq!(
        (up.tag(), up.is_descending(), down.is_descending()),
        (FLAGS, false, true)
    );
    for (one, other, ordering) in [
        (Some(&low), Some(&high), Ordering::Less),
        (Some(&low), Some(&low), Ordering::Equal),
        (None, Some(&low), Ordering::Less),
        (None, None, Ordering::Equal),
    ] {
        assert_eq!(up.compare(one, other), ordering);
        assert_eq!(up.compare(other, one), ordering.reverse());
        assert_eq!(down.compare(one, other), ordering.reverse());
    }
}

#[test]
fn values_of_each_type_have_an_order() {
    use PropertyValue as V;
    let text = |text: &str| V::String(text.into());
    for (low, high) in [
        (V::I2(-1), V::I2(1)),
        (V::Long(-1), V::Long(1)),
        (V::I8(-1), V::I8(1)),
        (V::R4(-0.5), V::R4(0.5)),
        (V::Double(-0.5), V::Double(f64::NAN)),
        (V::Currency(1), V::Currency(2)),
        (V::AppTime(0.5), V::AppTime(1.5)),
        (V::Boolean(false), V::Boolean(true)),
        (text("a"), text("B")),
        (text("\u{E4}"), text("\u{D6}")),
        (text("a"), text("ab")),
        (V::Binary([1].into()), V::Binary([1, 0].into())),
        (V::MvLong(vec![1, 2]), V::MvLong(vec![1, 3])),
        (
            V::MvString(vec!["a".into()]),
            V::MvString(vec!["A".into(), "b".into()]),
        ),
        (V::MvDouble(vec![0.5]), V::MvDouble(vec![1.5])),
        (V::MvAppTime(vec![0.5]), V::MvAppTime(vec![1.5])),
        (V::MvR4(vec![0.5]), V::MvR4(vec![1.5])),
        (V::MvI2(vec![1]), V::MvI2(vec![2])),
        (V::MvI8(vec![1]), V::MvI8(vec![2])),
        (V::MvCurrency(vec![1]), V::MvCurrency(vec![2])),
        (V::MvSysTime(vec![time(1)]), V::MvSysTime(vec![time(2)])),
        (V::MvBinary(vec![[1].into()]), V::MvBinary(vec![[2].into()])),
        (V::MvClsid(vec![uid(1)]), V::MvClsid(vec![uid(2)])),
        (V::SysTime(time(1)), V::SysTime(time(2))),
        (V::Clsid(uid(1)), V::Clsid(uid(2))),
        (V::Error(HResult::new(1)), V::Error(HResult::new(2))),
    ] {
        assert_eq!(low.compare(&high), Some(Ordering::Less), "{low:?} {high:?}");
        assert_eq!(high.compare(&low), Some(Ordering::Greater));
        assert_eq!(low.compare(&low), Some(Ordering::Equal));
        assert_eq!(low.compare(&V::Null), None);
    }
    // The Kelvin sign is a K.
    for (one, same) in [
        (V::Null, V::Null),
        (V::Object, V::Object),
        (text("\u{212A}"), text("k")),
    ] {
        assert_eq!(one.compare(&same), Some(Ordering::Equal));
    }
}

#[test]
fn values_of_each_type_have_a_size() {
    use PropertyValue as V;
    for (value, size) in [
        (V::Null, 0),
        (V::I2(1), 2),
        (V::Boolean(true), 2),
        (V::Long(1), 4),
        (V::R4(1.0), 4),
        (V::Error(HResult::S_OK), 4),
        (V::Double(1.0), 8),
        (V::Currency(1), 8),
        (V::AppTime(1.0), 8),
        (V::I8(1), 8),
        (V::SysTime(time(1)), 8),
        (V::Clsid(uid(1)), 16),
        (V::String("ab\u{1F600}".into()), 10),
        (V::Binary([1, 2, 3].into()), 3),
        (V::MvI2(vec![1; 3]), 6),
        (V::MvLong(vec![1; 3]), 12),
        (V::MvR4(vec![1.0; 3]), 12),
        (V::MvDouble(vec![1.0; 3]), 24),
        (V::MvAppTime(vec![1.0; 3]), 24),
        (V::MvCurrency(vec![1; 3]), 24),
        (V::MvI8(vec![1; 3]), 24),
        (V::MvSysTime(vec![time(1); 3]), 24),
        (V::MvClsid(vec![uid(1); 3]), 48),
        (V::MvString(vec!["a".into(), "".into()]), 6),
        (V::MvBinary(vec![[1].into(), [2, 3].into()]), 3),
    ] {
        let tag = PropTag::of(0x6601, value.prop_type());
        for (size, is_met) in [(size, true), (size + 1, false)] {
            let restriction = Restriction::size(tag, Relation::Equal, size);
            let is_it = restriction.matches(|_| Some(value.clone()));
            assert_eq!(is_it, is_met, "{value:?} {size}");
        }
    }
}

fn time(steps: u64) -> FileTime {
    FileTime::new(steps)
}

fn uid(byte: u8) -> MapiUid {
    MapiUid::new([byte; 16])
}
