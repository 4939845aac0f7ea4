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
    Ok(split(Call::GetProps, props)?.0)
}

/// The methods of IMAPIProp, of a type that has a `raw` object.
macro_rules! props {
    ($Type:ident) => {
        impl<B: crate::subsystem::Subsystem> $Type<'_, B> {
            /// The properties with these tags, in this order. A tag may lack a type
            /// ([`PropType::UNSPECIFIED`](crate::property::PropType::UNSPECIFIED)).
            ///
            /// What the object does not have is no failure: [`Props::get`] gives nothing then, and
            /// [`Props::error`] says why. Neither is a value too large to be given at once, which is the
            /// error MAPI_E_NOT_ENOUGH_MEMORY.
            ///
            /// # Errors
            /// - MAPI_E_INVALID_PARAMETER: there are no tags.
            /// - where the object was opened under MAPI_DEFERRED_ERRORS, what the opening did not say.
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops).
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

            /// All properties that the object lists, by their tags, with texts in Unicode.
            ///
            /// # Errors
            /// As [`props`](Self::props).
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops).
            #[track_caller]
            pub fn all_props(&self) -> Result<crate::property::Props, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::props::given(self.raw().props(None, crate::session::query::UNICODE))
            }

            /// The tags of all properties that the object lists.
            ///
            /// # Errors
            /// As [`props`](Self::props).
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getproplist).
            #[doc(alias = "GetPropList")]
            #[doc(alias = "IMAPIProp::GetPropList")]
            #[track_caller]
            pub fn prop_list(&self) -> Result<Vec<crate::property::PropTag>, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::plain(
                    crate::error::Call::GetPropList,
                    self.raw().prop_list(crate::session::query::UNICODE),
                )
            }

            /// Sets these properties, and leaves the others. It gives those that could not be set: some
            /// are computed, and some an object cannot have. The others are set all the same.
            ///
            /// Of a message, others see what is set once it is saved.
            ///
            /// # Errors
            /// - MAPI_E_NO_ACCESS: the object was opened for reading.
            /// - MAPI_E_INVALID_PARAMETER: there are no properties, or one has a value of another type
            ///   than its tag says.
            /// - MAPI_E_NO_SUPPORT: the object's properties cannot be set.
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-setprops).
            #[doc(alias = "HrSetOneProp")]
            #[doc(alias = "SetProps")]
            #[doc(alias = "IMAPIProp::SetProps")]
            #[track_caller]
            pub fn set_props(
                &self,
                props: &[crate::property::Property],
            ) -> Result<Vec<crate::property::PropProblem>, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::plain(crate::error::Call::SetProps, self.raw().set_props(props))
            }

            /// Deletes the properties with these tags. It gives those that could not be deleted; one that
            /// the object does not have is deleted already.
            ///
            /// # Errors
            /// As [`set_props`](Self::set_props).
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-deleteprops).
            #[doc(alias = "DeleteProps")]
            #[doc(alias = "IMAPIProp::DeleteProps")]
            #[track_caller]
            pub fn delete_props(
                &self,
                tags: &[crate::property::PropTag],
            ) -> Result<Vec<crate::property::PropProblem>, crate::Error> {
                use crate::subsystem::RawProp as _;
                crate::session::plain(
                    crate::error::Call::DeleteProps,
                    self.raw().delete_props(tags),
                )
            }

            /// Keeps the changes. Of a message others see them from then on; all else has kept them at once.
            ///
            /// # Errors
            /// They leave the changes as they are:
            /// - MAPI_E_NO_ACCESS: the object was opened for reading.
            /// - MAPI_E_OBJECT_CHANGED: somebody else has saved the message since its first change.
            /// - MAPI_E_OBJECT_DELETED: it has been deleted since.
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-savechanges).
            #[doc(alias = "SaveChanges")]
            #[doc(alias = "IMAPIProp::SaveChanges")]
            #[track_caller]
            pub fn save_changes(&self) -> Result<(), crate::Error> {
                use crate::subsystem::RawProp as _;
                const KEEP_OPEN_READWRITE: u32 = 2;
                let saved = self.raw().save_changes(KEEP_OPEN_READWRITE);
                crate::session::plain(crate::error::Call::SaveChanges, saved)
            }

            /// The whole value of a property that may be too large for [`props`](Self::props): of a
            /// PT_BINARY its bytes, of a PT_UNICODE its text in UTF-16, little end first.
            ///
            /// # Errors
            /// - MAPI_E_NOT_FOUND: the object has no such property.
            /// - MAPI_E_INTERFACE_NOT_SUPPORTED: a property of this type is no stream.
            /// - MAPI_E_INVALID_PARAMETER: the tag lacks a type.
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-openproperty).
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
                crate::session::plain(crate::error::Call::OpenProperty, read)
            }

            /// The tags of the properties with these names, without types; nothing for a name that the
            /// store does not know. With `create`, such a name becomes a property.
            ///
            /// # Errors
            /// - MAPI_E_INVALID_PARAMETER: there are no names.
            /// - MAPI_E_NO_SUPPORT: the object has no named properties.
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getidsfromnames).
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
                let (tags, _) = crate::session::split(crate::error::Call::GetIDsFromNames, tags)?;
                let is_known = |tag: &crate::property::PropTag| tag.id() != 0;
                Ok(tags
                    .into_iter()
                    .map(|tag| Some(tag).filter(is_known))
                    .collect())
            }

            /// The names of the properties with these tags; nothing for one that has no name.
            ///
            /// # Errors
            /// - MAPI_E_INVALID_PARAMETER: there are no tags.
            /// - MAPI_E_NO_SUPPORT: the object has no named properties.
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getnamesfromids).
            #[doc(alias = "GetNamesFromIDs")]
            #[doc(alias = "IMAPIProp::GetNamesFromIDs")]
            #[track_caller]
            pub fn names_from_ids(
                &self,
                tags: &[crate::property::PropTag],
            ) -> Result<Vec<Option<crate::property::PropName>>, crate::Error> {
                use crate::subsystem::RawProp as _;
                let names = self.raw().names_from_ids(tags, 0);
                Ok(crate::session::split(crate::error::Call::GetNamesFromIDs, names)?.0)
            }

            /// What is known of the last failure, or success with a warning, of a method of this object,
            /// if it had this HRESULT; else nothing.
            ///
            /// # Errors
            /// As [`Session::last_error`](crate::Session::last_error).
            ///
            /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getlasterror).
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
                crate::session::plain(crate::error::Call::GetObjectError, known)
            }
        }
    };
}

pub(super) use props;
