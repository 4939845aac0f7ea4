//! lib
#![cfg_attr(docsrs, feature(doc_cfg))]

mod error;
mod flags;
mod hresult;
mod library;
pub mod memory;
mod notification;
mod session;
pub mod subsystem;
mod sync;
mod table;
mod types;

pub use error::{Call, Error};
pub use flags::{
    EventMask, InitFlags, LogoffFlags, LogonFlags, OpenStoreFlags, ProfileFlags, ResourceFlags,
};
pub use hresult::{HResult, ParseHResultError};
pub use library::Mapi;
pub use notification::{
    AdviseSink, Connection, CriticalError, ExtendedEvent, MapiError, NewMail, Notification,
    ObjectEvent, ObjectEventKind, Property, PropertyValue, StatusEvent, TableEvent,
};
pub use session::{
    Dispatcher, Live, LoggedOff, LogoffError, LogonRequest, MsgStore, Registration, Session, State,
    ThisThreadSink, this_thread_sink,
};
pub use table::{MsgStoresTable, StoreRow};
pub use types::{EntryId, MapiUid, ObjectType, UiParam};
