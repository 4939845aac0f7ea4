//! outlook-mapi's interfaces, with some entries of their vtables replaced.
//!
//! windows-core's entry for a method that gives an object writes it without a look at the place, and has no
//! room for a warning beside it.

use std::ffi::c_void;

use outlook_mapi::sys;
use windows_core::{GUID, HRESULT, Interface, RuntimeName};

use super::call::give;
use mapi_session::subsystem::RawResult;

macro_rules! interfaces {
    ($(
        $Name:ident, $Vtbl:ident: $Base:ident, $BaseVtbl:ident, $BaseImpl:ident, $iid:expr;
        $Gives:ident { $($([$base:ident])? $Method:ident: $gives:ident -> $Object:ident;)* }
    )*) => {$(
        #[repr(transparent)]
        #[derive(Clone)]
        pub(super) struct $Name(pub(super) sys::$Base);

        // SAFETY: the vtable has the layout of the interface's.
        unsafe impl Interface for $Name {
            type Vtable = $Vtbl;
            const IID: GUID = $iid;
        }

        impl RuntimeName for $Name {}

        #[repr(transparent)]
        pub(super) struct $Vtbl(sys::$BaseVtbl);

        /// The methods whose entries are replaced.
        pub(super) trait $Gives {
            $(fn $gives(&self, flags: u32) -> RawResult<sys::$Object>;)*
        }

        impl $Vtbl {
            pub(super) const fn new<T: sys::$BaseImpl + $Gives, const OFFSET: isize>() -> Self {
                #[allow(unused_mut, reason = "for some it is the identifier only")]
                let mut vtable = sys::$BaseVtbl::new::<T, OFFSET>();
                $({
                    unsafe extern "system" fn entry<T: $Gives, const OFFSET: isize>(
                        this: *mut c_void,
                        flags: u32,
                        place: *mut *mut c_void,
                    ) -> HRESULT {
                        // SAFETY: the object is so many pointers before its interface, and is there until
                        // the method returns; so is the caller's place.
                        unsafe {
                            let object = &*this.cast::<*const ()>().offset(OFFSET).cast::<T>();
                            give(place, || object.$gives(flags))
                        }
                    }
                    vtable$(.$base)?.$Method = entry::<T, OFFSET>;
                })*
                Self(vtable)
            }

            pub(super) fn matches(iid: &GUID) -> bool {
                *iid == $iid || sys::$BaseVtbl::matches(iid)
            }
        }
    )*};
}

/// outlook-mapi gives IAttach no identifier.
const IID_IATTACHMENT: GUID = GUID::from_u128(0x00020308_0000_0000_c000_000000000046);

interfaces! {
    Session, SessionVtbl: IMAPISession, IMAPISession_Vtbl, IMAPISession_Impl, sys::IMAPISession::IID;
    SessionGives {
        GetMsgStoresTable: msg_stores_table -> IMAPITable;
        GetStatusTable: status_table -> IMAPITable;
        AdminServices: admin_services -> IMsgServiceAdmin;
    }

    Store, StoreVtbl: IMsgStore, IMsgStore_Vtbl, IMsgStore_Impl, sys::IMsgStore::IID;
    StoreGives {
        GetReceiveFolderTable: receive_folder_table -> IMAPITable;
        GetOutgoingQueue: outgoing_queue -> IMAPITable;
    }

    Folder, FolderVtbl: IMAPIFolder, IMAPIFolder_Vtbl, IMAPIFolder_Impl, sys::IMAPIFolder::IID;
    FolderGives {
        [base__] GetContentsTable: contents_table -> IMAPITable;
        [base__] GetHierarchyTable: hierarchy_table -> IMAPITable;
    }

    Message, MessageVtbl: IMessage, IMessage_Vtbl, IMessage_Impl, sys::IMessage::IID;
    MessageGives {
        GetAttachmentTable: attachment_table -> IMAPITable;
        GetRecipientTable: recipient_table -> IMAPITable;
    }

    Attachment, AttachmentVtbl: IAttach, IAttach_Vtbl, IAttach_Impl, IID_IATTACHMENT;
    AttachmentGives {}

    ProfAdmin, ProfAdminVtbl: IProfAdmin, IProfAdmin_Vtbl, IProfAdmin_Impl, sys::IProfAdmin::IID;
    ProfAdminGives {
        GetProfileTable: profile_table -> IMAPITable;
    }

    // It begins with the methods of IMsgServiceAdmin, so it is that too.
    ServiceAdmin, ServiceAdminVtbl:
        IMsgServiceAdmin2, IMsgServiceAdmin2_Vtbl, IMsgServiceAdmin2_Impl, sys::IMsgServiceAdmin::IID;
    ServiceAdminGives {
        GetMsgServiceTable: msg_service_table -> IMAPITable;
        GetProviderTable: provider_table -> IMAPITable;
    }

    ProviderAdmin, ProviderAdminVtbl:
        IProviderAdmin, IProviderAdmin_Vtbl, IProviderAdmin_Impl, sys::IProviderAdmin::IID;
    ProviderAdminGives {
        GetProviderTable: provider_table -> IMAPITable;
    }
}
