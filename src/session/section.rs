//! Sections of the session's profile.

use super::SessionRef;
use super::open::{Holder, Opened, RawSection, debug, opened};
use super::props::props;
use crate::error::Call;
use crate::flags::ProfileSectionFlags;
use crate::subsystem::{RawProfileSection, RawResult, RawSession, Subsystem};
use crate::{Error, Live, MapiUid, Session};

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
/// Its [list of properties](Self::all_props) leaves out the secure ones, from 0x67F0 to 0x67FF, which are
/// to be [asked for](Self::props). It has no named ones, from 0x8000 on; what is set is kept at once.
///
/// [Reference](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofsectimapiprop).
#[doc(alias = "IProfSect")]
#[must_use = "dropping a section releases it"]
pub struct ProfileSection<'s, B: Subsystem>(Opened<RawSection<B>, Holder<'s, B>>);

opened!(ProfileSection of a holder, RawSection<B>);
props!(ProfileSection);

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
}
