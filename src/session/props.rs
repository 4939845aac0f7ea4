//! The properties of what a session opens: IMAPIProp.

use super::split;
use crate::error::{Call, Success};
use crate::property::Props;
use crate::subsystem::RawResult;
use crate::{Error, HResult};

/// What GetProps gave. That some properties are missing is for [`Props`] to tell.
pub(super) fn given(props: RawResult<Vec<crate::property::Property>>) -> Result<Props, Error> {
    let props = props.map(|success| {
        let (props, warning) = success.into_parts();
        let warning = warning.filter(|it| it.hresult() != HResult::MAPI_W_ERRORS_RETURNED);
        Success::from_parts(props.into(), warning)
    });
    Ok(split(Call::PROP_GET_PROPS, props)?.0)
}

/// The methods of IMAPIProp, of a type that has a `raw` object.
macro_rules! props {
    ($Type:ident) => {
        impl<B: crate::subsystem::Subsystem> $Type<'_, B> {
            /// Reads the properties with these tags, in this order. A tag may lack a type
            /// ([`PropType::UNSPECIFIED`](crate::property::PropType::UNSPECIFIED)).
            ///
            /// A missing property does not fail the call: [`Props::get`] returns `None` for it, and
            /// [`Props::error`] says why. The same goes for a value that is too large to be returned at
            /// once; its error is MAPI_E_NOT_ENOUGH_MEMORY.
            ///
            /// ```
            /// # use mapi_session::{HResult, LogonRequest, Mapi, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::PropTag;
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// let props = store.props(&[PropTag::DISPLAY_NAME, PropTag::COMMENT])?;
            /// assert_eq!(props.text(PropTag::DISPLAY_NAME), Some("Mailbox"));
            /// assert_eq!(props.error(PropTag::COMMENT), Some(HResult::MAPI_E_NOT_FOUND)); // it has none
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// - MAPI_E_INVALID_PARAMETER: there are no tags.
            /// - if the object was opened with MAPI_DEFERRED_ERRORS: the errors that the opening deferred.
            ///
            /// [`IMAPIProp::GetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops) in the MAPI reference.
            ///
            /// [`Props::get`]: crate::property::Props::get
            /// [`Props::error`]: crate::property::Props::error
            #[doc(alias = "HrGetOneProp")]
            #[doc(alias = "GetProps")]
            #[doc(alias = "IMAPIProp::GetProps")]
            #[track_caller]
            pub fn props(
                &self,
                tags: &[crate::property::PropTag],
            ) -> Result<crate::property::Props, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::props::given(
                    self.raw().props(Some(tags), crate::session::query::UNICODE),
                )
            }

            /// Reads all properties that the object lists, with texts in Unicode.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// for property in store.all_props()?.iter() {
            ///     println!("{} = {:?}", property.tag, property.value);
            /// }
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// As [`props`](Self::props).
            ///
            /// [`IMAPIProp::GetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops) in the MAPI reference.
            #[track_caller]
            pub fn all_props(&self) -> Result<crate::property::Props, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::props::given(self.raw().props(None, crate::session::query::UNICODE))
            }

            /// Reads the tags of all properties that the object lists.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::PropTag;
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// assert!(store.prop_list()?.contains(&PropTag::DISPLAY_NAME));
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// As [`props`](Self::props).
            ///
            /// [`IMAPIProp::GetPropList`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getproplist) in the MAPI reference.
            #[doc(alias = "GetPropList")]
            #[doc(alias = "IMAPIProp::GetPropList")]
            #[track_caller]
            pub fn prop_list(&self) -> Result<Vec<crate::property::PropTag>, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::plain(
                    crate::error::Call::PROP_GET_PROP_LIST,
                    self.raw().prop_list(crate::session::query::UNICODE),
                )
            }

            /// Sets these properties, and leaves all others as they are. Returns those that could not be
            /// set, for example because they are computed; the rest are set nevertheless.
            ///
            /// In a message or an attachment, others see the change once it is [saved](Self::save_changes).
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::{PropTag, Property};
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// # let inbox = store.open_receive_folder("IPM.Note")?;
            /// let problems = inbox.set_props(&[Property::new(PropTag::COMMENT, "what comes in")])?;
            /// assert!(problems.is_empty(), "each one is set");
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// - MAPI_E_NO_ACCESS: the object was opened for reading.
            /// - MAPI_E_INVALID_PARAMETER: there are no properties, or one has a value of another type
            ///   than its tag says.
            /// - MAPI_E_NO_SUPPORT: the object's properties cannot be set.
            ///
            /// [`IMAPIProp::SetProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-setprops) in the MAPI reference.
            #[doc(alias = "HrSetOneProp")]
            #[doc(alias = "SetProps")]
            #[doc(alias = "IMAPIProp::SetProps")]
            #[track_caller]
            pub fn set_props(
                &self,
                props: &[crate::property::Property],
            ) -> Result<Vec<crate::property::PropProblem>, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::plain(
                    crate::error::Call::PROP_SET_PROPS,
                    self.raw().set_props(props),
                )
            }

            /// Deletes the properties with these tags. Returns those that could not be deleted. A property
            /// that the object does not have counts as deleted.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::PropTag;
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// # let inbox = store.open_receive_folder("IPM.Note")?;
            /// inbox.delete_props(&[PropTag::COMMENT])?;
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// As [`set_props`](Self::set_props).
            ///
            /// [`IMAPIProp::DeleteProps`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-deleteprops) in the MAPI reference.
            #[doc(alias = "DeleteProps")]
            #[doc(alias = "IMAPIProp::DeleteProps")]
            #[track_caller]
            pub fn delete_props(
                &self,
                tags: &[crate::property::PropTag],
            ) -> Result<Vec<crate::property::PropProblem>, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::plain(
                    crate::error::Call::PROP_DELETE_PROPS,
                    self.raw().delete_props(tags),
                )
            }

            /// Saves the changes of a message or an attachment. All other objects save each change at once.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::{PropTag, Property};
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// # let inbox = store.open_receive_folder("IPM.Note")?;
            /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
            /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
            /// message.set_props(&[Property::new(PropTag::IMPORTANCE, 2)])?;
            /// message.save_changes()?;
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// After an error the changes are still there, unsaved:
            /// - MAPI_E_NO_ACCESS: the object was opened for reading.
            /// - MAPI_E_OBJECT_CHANGED: somebody else has saved the message since its first change.
            /// - MAPI_E_OBJECT_DELETED: it has been deleted since.
            ///
            /// [`IMAPIProp::SaveChanges`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-savechanges) in the MAPI reference.
            #[doc(alias = "SaveChanges")]
            #[doc(alias = "IMAPIProp::SaveChanges")]
            #[track_caller]
            pub fn save_changes(&self) -> Result<(), crate::Error> {
                use crate::subsystem::RawProp as _;
                const KEEP_OPEN_READWRITE: u32 = 2;
                let saved = self.raw().save_changes(KEEP_OPEN_READWRITE);
                crate::session::plain(crate::error::Call::PROP_SAVE_CHANGES, saved)
            }

            /// Reads the whole value of a property that may be too large for [`props`](Self::props): the
            /// bytes of a PT_BINARY, or the text of a PT_UNICODE in little-endian UTF-16.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::PropTag;
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// # let inbox = store.open_receive_folder("IPM.Note")?;
            /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
            /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
            /// let subject = message.read_stream(PropTag::SUBJECT)?; // as UTF-16
            /// assert_eq!(subject.len(), 2 * "Hello".len());
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// - MAPI_E_NOT_FOUND: the object has no such property.
            /// - MAPI_E_INTERFACE_NOT_SUPPORTED: a property of this type is no stream.
            /// - MAPI_E_INVALID_PARAMETER: the tag lacks a type.
            ///
            /// [`IMAPIProp::OpenProperty`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-openproperty) in the MAPI reference.
            #[doc(alias = "OpenProperty")]
            #[doc(alias = "IMAPIProp::OpenProperty")]
            #[doc(alias = "IStream")]
            #[track_caller]
            pub fn read_stream(
                &self,
                tag: crate::property::PropTag,
            ) -> Result<Vec<u8>, crate::Error> {
                use crate::subsystem::RawProp as _;
                let read = self.raw().read_stream(tag);
                crate::session::plain(crate::error::Call::PROP_OPEN_PROPERTY, read)
            }

            /// Reads a text to its end, however long it is: a body, for example. Units that are not UTF-16
            /// become U+FFFD.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Message, Profile, Store};
            /// # use mapi_session::property::PropTag;
            /// # let inbox = Folder::new("Inbox").message(Message::from("Hello").body("Ten oaks."));
            /// # let mailbox = Store::new("Mailbox").default_store().folder(inbox);
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let id = memory.entry_id("Work", &["Mailbox", "Inbox", "Hello"]).unwrap();
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let message = session.open_entry(&id, OpenEntryFlags::empty())?.into_message().unwrap();
            /// assert_eq!(message.read_text(PropTag::BODY)?, "Ten oaks.");
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// MAPI_E_NOT_FOUND: the object has no such text.
            ///
            /// [`IMAPIProp::OpenProperty`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-openproperty) in the MAPI reference.
            #[track_caller]
            pub fn read_text(&self, tag: crate::property::PropTag) -> Result<String, crate::Error> {
                let text = tag.with_type(crate::property::PropType::UNICODE);
                let bytes = self.read_stream(text)?;
                Ok(crate::session::props::text_of(&bytes))
            }

            /// Returns the tags of the properties with these names, without types; `None` for a name that
            /// the store does not know. With `create`, the store makes a property of such a name.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::{PropName, PropTag, PropType};
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// # let inbox = store.open_receive_folder("IPM.Note")?;
            /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
            /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
            /// let keywords = PropName::text(PropName::PS_PUBLIC_STRINGS, "Keywords");
            /// let tag = message.ids_from_names(&[keywords], true)?[0].unwrap();
            /// let tag = tag.with_type(PropType::UNICODE.multiple());
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// - MAPI_E_INVALID_PARAMETER: there are no names.
            /// - MAPI_E_NO_SUPPORT: the object has no named properties.
            ///
            /// [`IMAPIProp::GetIDsFromNames`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getidsfromnames) in the MAPI reference.
            #[doc(alias = "GetIDsFromNames")]
            #[doc(alias = "IMAPIProp::GetIDsFromNames")]
            #[track_caller]
            pub fn ids_from_names(
                &self,
                names: &[crate::property::PropName],
                create: bool,
            ) -> Result<Vec<Option<crate::property::PropTag>>, crate::Error> {
                use crate::subsystem::RawProp as _;
                const MAPI_CREATE: u32 = 2;
                let flags = if create { MAPI_CREATE } else { 0 };
                let tags = self.raw().ids_from_names(names, flags);
                let (tags, _) =
                    crate::session::split(crate::error::Call::PROP_GET_IDS_FROM_NAMES, tags)?;
                let is_known = |tag: &crate::property::PropTag| tag.id() != 0;
                Ok(tags
                    .into_iter()
                    .map(|tag| Some(tag).filter(is_known))
                    .collect())
            }

            /// Returns the names of the properties with these tags; `None` for one that has no name.
            ///
            /// ```
            /// # use mapi_session::{LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags};
            /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
            /// # use mapi_session::property::PropTag;
            /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
            /// # let profile = Profile::new("Work").default_profile().store(mailbox);
            /// # let memory = Memory::builder().profile(profile).build()?;
            /// # let mapi = Mapi::initialize(memory)?;
            /// # let session = mapi.logon(&LogonRequest::default_profile())?;
            /// # let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
            /// # let inbox = store.open_receive_folder("IPM.Note")?;
            /// # let id = store.open_receive_folder("IPM.Note")?.contents_table(&[PropTag::ENTRYID])?.rows().next().unwrap()?.entry_id(PropTag::ENTRYID).unwrap();
            /// # let message = store.open_entry(&id, OpenEntryFlags::MODIFY)?.into_message().unwrap();
            /// for property in message.all_props()?.iter().filter(|it| it.tag.id() >= 0x8000) {
            ///     println!("{:?}", message.names_from_ids(&[property.tag])?);
            /// }
            /// # Ok::<(), mapi_session::Error>(())
            /// ```
            ///
            /// # Errors
            /// - MAPI_E_INVALID_PARAMETER: there are no tags.
            /// - MAPI_E_NO_SUPPORT: the object has no named properties.
            ///
            /// [`IMAPIProp::GetNamesFromIDs`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getnamesfromids) in the MAPI reference.
            #[doc(alias = "GetNamesFromIDs")]
            #[doc(alias = "IMAPIProp::GetNamesFromIDs")]
            #[track_caller]
            pub fn names_from_ids(
                &self,
                tags: &[crate::property::PropTag],
            ) -> Result<Vec<Option<crate::property::PropName>>, crate::Error> {
                use crate::subsystem::RawProp as _;
                let names = self.raw().names_from_ids(tags, 0);
                Ok(crate::session::split(crate::error::Call::PROP_GET_NAMES_FROM_IDS, names)?.0)
            }

            /// Tells more of the last failure or warning of this object, if it had this HRESULT; else
            /// `None`.
            ///
            /// # Errors
            /// As [`Session::last_error`](crate::Session::last_error).
            ///
            /// [`IMAPIProp::GetLastError`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getlasterror) in the MAPI reference.
            #[doc(alias = "IMAPIProp::GetLastError")]
            #[track_caller]
            pub fn last_error(
                &self,
                hresult: crate::HResult,
            ) -> Result<Option<crate::error::MapiError>, crate::Error> {
                use crate::subsystem::RawProp as _;
                let known = self
                    .raw()
                    .last_error(hresult, crate::session::query::UNICODE);
                crate::session::plain(crate::error::Call::PROP_GET_LAST_ERROR, known)
            }
        }
    };
}

pub(super) use props;

/// A text of UTF-16 in little-endian order.
pub(super) fn text_of(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2);
    let units = units.map(|it| u16::from_le_bytes([it[0], it[1]]));
    let chars = char::decode_utf16(units);
    chars
        .map(|it| it.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}
