//! Sections of the session's profile.

use super::open::{Holder, Opened, RawSection, debug, opened};
use super::query::UNICODE;
use super::{SessionRef, plain};
use crate::error::{Call, MapiError};
use crate::flags::ProfileSectionFlags;
use crate::property::Property;
use crate::subsystem::{RawProfileSection, RawResult, RawSession, Subsystem};
use crate::{Error, HResult, Live, MapiUid, Session};

impl<B: Subsystem> Session<Live, B> {
    /// Opens a section of the session's profile. A section has many readers or one writer.
    ///
    /// It borrows the session. To keep both in one struct, open it from an `Arc` of the session, with
    /// [`ProfileSection::open`].
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the section is open for writing; or [`ProfileSectionFlags::MODIFY`], and
    ///   it is open; or it is a provider's or a service's own, and
    ///   [`ProfileSectionFlags::FORCE_ACCESS`] is not set.
    /// - MAPI_E_NOT_FOUND: there is no such section, and [`ProfileSectionFlags::MODIFY`] is not set,
    ///   which makes one.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openprofilesection).
    #[doc(alias = "OpenProfileSection")]
    #[doc(alias = "IMAPISession::OpenProfileSection")]
    #[track_caller]
    pub fn open_profile_section(
        &self,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) -> Result<ProfileSection<'_, B>, Error> {
        ProfileSection::open(self, uid, flags)
    }
}

/// An open section of a profile. Dropping it releases it.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofsectimapiprop).
#[doc(alias = "IProfSect")]
#[must_use = "dropping a section releases it"]
pub struct ProfileSection<'s, B: Subsystem>(Opened<RawSection<B>, Holder<'s, B>>);

opened!(ProfileSection of a holder, RawSection<B>);

impl<'s, B: Subsystem> ProfileSection<'s, B> {
    pub(super) fn of(
        holder: Holder<'s, B>,
        call: Call,
        opened: RawResult<RawSection<B>>,
    ) -> Result<Self, Error> {
        Opened::new(holder, call, opened).map(Self)
    }

    /// As [`Session::open_profile_section`], from a session that is borrowed or shared.
    ///
    /// # Errors
    /// As [`Session::open_profile_section`].
    #[track_caller]
    pub fn open(
        session: impl Into<SessionRef<'s, B>>,
        uid: MapiUid,
        flags: ProfileSectionFlags,
    ) -> Result<Self, Error> {
        let session = session.into();
        let opened = session.raw.open_profile_section(uid, flags.bits());
        Self::of(Holder::Session(session), Call::OpenProfileSection, opened)
    }

    /// What is known of the last failure, or success with a warning, of a method of this section, if it had this HRESULT; else
    /// nothing.
    ///
    /// # Errors
    /// As [`Session::last_error`].
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getlasterror).
    #[doc(alias = "IProfSect::GetLastError")]
    #[track_caller]
    pub fn last_error(&self, hresult: HResult) -> Result<Option<MapiError>, Error> {
        plain(
            Call::GetSectionError,
            self.0.raw.last_error(hresult, UNICODE),
        )
    }

    /// All its properties, by their tags; without the secure ones, from 0x67F0 to 0x67FF, which are to
    /// be [asked for](Self::props_by_tag).
    ///
    /// # Errors
    /// Under [`ProfileSectionFlags::DEFERRED_ERRORS`], what the opening did not say.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops).
    #[doc(alias = "IMAPIProp::GetProps")]
    #[track_caller]
    pub fn props(&self) -> Result<Vec<Property>, Error> {
        plain(Call::GetSectionProps, self.0.raw.props())
    }

    /// The properties with these tags, in this order; secure ones too. A tag may lack a type, which is 0
    /// then. What the section does not have is there as the error MAPI_E_NOT_FOUND, and the call
    /// succeeds with a warning of tracing.
    ///
    /// # Errors
    /// MAPI_E_INVALID_PARAMETER: there are no tags.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-getprops).
    #[track_caller]
    pub fn props_by_tag(&self, tags: &[u32]) -> Result<Vec<Property>, Error> {
        plain(Call::GetSectionProps, self.0.raw.props_by_tag(tags))
    }

    /// Sets these properties, and leaves the others. Those that a section cannot have are left out,
    /// which is a warning of tracing: named ones, from 0x8000 on, and PR_OBJECT_TYPE and
    /// PR_PROFILE_NAME, which every section has.
    ///
    /// # Errors
    /// MAPI_E_NO_ACCESS: the section was opened for reading.
    ///
    /// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapiprop-setprops).
    #[doc(alias = "IMAPIProp::SetProps")]
    #[track_caller]
    pub fn set_props(&self, props: &[Property]) -> Result<(), Error> {
        plain(Call::SetSectionProps, self.0.raw.set_props(props))
    }
}
