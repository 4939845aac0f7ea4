//! No kind of object can be added: it would have all that objects have.

use mapi_session::*;

#[derive(Debug)]
struct Attachment;

trait Named {}
impl Named for Attachment {}

fn main() {
    let _: Option<(Attachment, &dyn Named, &kind::Folder)> = None;
}
