// O1: no way leads to the session while what a program has bound to it holds the Arc.

use mapi_session::session::bound::Bound;
use mapi_session::subsystem::Subsystem;
use mapi_session::*;
use std::sync::Arc;

fn end<B: Subsystem>(session: Arc<Session<Live, B>>) -> Result<(), Error> {
    let _bound = Bound::new(Arc::clone(&session), "from COM");
    assert!(Arc::into_inner(session).is_none());
    Ok(())
}

fn main() {}
