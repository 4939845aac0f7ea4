//! What a program has done and left, written where it is asked for.

use std::fmt::Write as _;
use std::fs;

use mapi_session::memory::Memory;
use mapi_session::testing::Recorder;
use windows_core::w;

use crate::mailbox::setting;
use crate::memory::outstanding;

/// Whether a report is asked for.
pub(crate) fn is_wanted() -> bool {
    setting("MAPI_SESSION_REPORT", w!("Report")).is_some()
}

/// Writes the report; again where the program has gone on after the last one.
pub(crate) fn write(recorder: &Recorder<Memory>) {
    let Some(path) = setting("MAPI_SESSION_REPORT", w!("Report")) else {
        return;
    };
    let report = text(recorder);
    if path.as_os_str() == "-" {
        eprint!("{report}");
    } else if let Err(error) = fs::write(&path, report) {
        eprintln!("mapi-session: {}: {error}", path.display());
    }
}

fn text(recorder: &Recorder<Memory>) -> String {
    // Without the places in this module's sources.
    let calls = recorder.dump();
    let calls = calls
        .lines()
        .map(|line| line.rsplit_once(", ").map_or(line, |it| it.0));
    let mut text: String = calls.flat_map(|line| [line, "\n"]).collect();
    match recorder.ends_in_order() {
        Ok(()) => text.push_str("\nIt ended in order.\n"),
        Err(missing) => {
            let missing = missing.to_string();
            let steps = missing.lines().map(|line| line.split("; from ").next());
            steps
                .flatten()
                .for_each(|step| _ = write!(text, "\n{step}"));
            text.push('\n');
        }
    }
    let (blocks, bytes) = outstanding();
    if blocks > 0 {
        _ = writeln!(
            text,
            "{blocks} blocks of memory were not freed: {bytes} bytes."
        );
    }
    text
}
