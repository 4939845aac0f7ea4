//! The rules of the contract, asked through COM: Memory, served, and Outlook's MAPI over that.

use mapi_session::testing::conformance;
use mapi_session_outlook::Outlook;

use crate::fake;

#[test]
fn memory_through_com_conforms() {
    let report = conformance::check(|setting| {
        let stage = conformance::memory(setting)?;
        Some(stage.map(|memory| {
            fake::load();
            fake::runs_over(memory);
            Outlook::new()
        }))
    });
    println!("{report}");
    report.assert_all();
}
