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
    /// ```
    /// # use mapi_session::{LogonRequest, Mapi, MapiUid};
    /// # use mapi_session::flags::ProfileSectionFlags;
    /// # use mapi_session::memory::{Folder, Memory, Profile, Store};
    /// # use mapi_session::property::{PropTag, Property};
    /// # let mailbox = Store::new("Mailbox").default_store().folder(Folder::new("Inbox").message("Hello"));
    /// # let profile = Profile::new("Work").default_profile().store(mailbox);
    /// # let memory = Memory::builder().profile(profile).build()?;
    /// # let mapi = Mapi::initialize(memory)?;
    /// # let session = mapi.logon(&LogonRequest::default_profile())?;
    /// const SETTINGS: MapiUid = MapiUid::new(*b"my own settings!");
    /// let section = session.open_profile_section(SETTINGS, ProfileSectionFlags::MODIFY)?; // made where there is none
    /// section.set_props(&[Property::new(PropTag::COMMENT, "checks every hour")])?;
    /// section.save_changes()?;
    /// # Ok::<(), mapi_session::Error>(())
    /// ```
    ///
    /// # Errors
    /// - MAPI_E_NO_ACCESS: the section is open for writing; or [`ProfileSectionFlags::MODIFY`] is set,
    ///   and it is open at all; or it belongs to a provider or a service, and
    ///   [`ProfileSectionFlags::FORCE_ACCESS`] is not set.
    /// - MAPI_E_NOT_FOUND: there is no such section, and [`ProfileSectionFlags::MODIFY`], which would
    ///   create it, is not set.
    /// - MAPI_E_UNKNOWN_FLAGS: `flags` has an undefined bit.
    ///
    /// [`IMAPISession::OpenProfileSection`](https://learn.microsoft.com/office/client-developer/outlook/mapi/imapisession-openprofilesection) in the MAPI reference.
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
/// Its [list of properties](Self::all_props) leaves out the secure ones, 0x67F0 to 0x67FF; [ask
/// for](Self::props) those by their tags. It has no named properties (0x8000 and up). Each change is
/// saved at once.
///
/// [`IProfSect : IMAPIProp`](https://learn.microsoft.com/office/client-developer/outlook/mapi/iprofsectimapiprop) in the MAPI reference.
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

    /// Does the same as [`Session::open_profile_section`], from a session that is borrowed or shared.
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
        Self::of(
            Holder::Session(session),
            Call::SESSION_OPEN_PROFILE_SECTION,
            opened,
        )
    }
}
