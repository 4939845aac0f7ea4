//! The calls of MAPI, a row each: the one table from which [`Call`](crate::error::Call), the forwarding of
//! [`Layered`](crate::subsystem::layer::Layered) and the names of arguments are made.
//!
//! A row has the variant of `Call` and MAPI's name. Then, in braces, stand the methods of the traits
//! of [`subsystem`](crate::subsystem) that make the call, where there are any:
//!
//! - each argument with its type, and its name in C;
//! - after `->` what it gives; or after `opens` the object that it opens, and how that is wrapped;
//! - `by hand`: the method is written out in `subsystem/layer.rs`, and only the names stand here.
//!
//! The rows stand in a group for each trait, with its name, in the order of its methods.

/// Hands the table to the macro `$then`, after the tokens `$with`.
macro_rules! calls {
    ($then:ident $($with:tt)*) => { $then! { $($with)*
        Subsystem {
            Initialize "MAPIInitialize" {
                initialize(version: u32 = "ulVersion", flags: u32 = "ulFlags") -> ()
            }
            Uninitialize "MAPIUninitialize" { by hand() }
            LogonEx "MAPILogonEx" {
                logon_ex(
                    ui_param: UiParam = "ulUIParam",
                    profile_name: Option<&str> = "lpszProfileName",
                    password: Option<&str> = "lpszPassword",
                    flags: u32 = "flFlags"
                ) opens Self::Session = |below, open| open.object(OpenKind::SessionObject, below)
            }
            AdminProfiles "MAPIAdminProfiles" {
                admin_profiles(flags: u32 = "ulFlags") opens Self::ProfileAdmin = |below, open| {
                    open.object(OpenKind::ProfileAdminObject, below)
                }
            }
            Release "IUnknown::Release"
            QueryInterface "IUnknown::QueryInterface"
        }
        RawSession {
            GetLastError "IMAPISession::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            GetMsgStoresTable "IMAPISession::GetMsgStoresTable" {
                msg_stores_table(flags: u32 = "ulFlags") -> MsgStoresTable;
                open_msg_stores_table(flags: u32 = "ulFlags")
                    opens Self::StoreTable = |below, open| open.object(OpenKind::TableObject, below)
            }
            OpenMsgStore "IMAPISession::OpenMsgStore" {
                open_msg_store(
                    ui_param: UiParam = "ulUIParam",
                    entry_id: Option<&[u8]> = "lpEntryID",
                    flags: u32 = "ulFlags"
                ) opens Self::MsgStore = |below, open| open.object(OpenKind::StoreObject, below)
            }
            OpenAddressBook "IMAPISession::OpenAddressBook" {
                open_address_book(ui_param: UiParam = "ulUIParam", flags: u32 = "ulFlags")
                    opens Self::Object = |below, open| {
                        open.object(OpenKind::EntryObject(ObjectType::ADDRESS_BOOK), below)
                    }
            }
            OpenProfileSection "IMAPISession::OpenProfileSection" {
                open_profile_section(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProfileSection = |below, open| {
                        open.object(OpenKind::SectionObject, below)
                    }
            }
            GetStatusTable "IMAPISession::GetStatusTable" {
                status_table(flags: u32 = "ulFlags") -> StatusTable;
                open_status_table(flags: u32 = "ulFlags")
                    opens Self::StatusTable = |below, open| {
                        open.object(OpenKind::TableObject, below)
                    }
            }
            OpenEntry "IMAPISession::OpenEntry" {
                open_entry(entry_id: Option<&[u8]> = "lpEntryID", flags: u32 = "ulFlags")
                    opens RawEntry<Self::MsgStore, Self::Object> = |below, open| match below {
                        RawEntry::MsgStore(below) => {
                            RawEntry::MsgStore(open.object(OpenKind::StoreObject, below))
                        }
                        RawEntry::Object(kind, below) => {
                            RawEntry::Object(kind, open.object(OpenKind::EntryObject(kind), below))
                        }
                    }
            }
            CompareEntryIds "IMAPISession::CompareEntryIDs" {
                compare_entry_ids(
                    one: Option<&[u8]> = "lpEntryID1",
                    other: Option<&[u8]> = "lpEntryID2",
                    flags: u32 = "ulFlags"
                ) -> bool
            }
            Advise "IMAPISession::Advise" { by hand("lpEntryID", "ulEventMask") }
            Unadvise "IMAPISession::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
            MessageOptions "IMAPISession::MessageOptions" {
                message_options(
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags",
                    address_type: &str = "lpszAdrType",
                    message: &Self::Object = "lpMessage"
                ) -> ()
            }
            QueryDefaultMessageOpt "IMAPISession::QueryDefaultMessageOpt" {
                query_default_message_opt(
                    address_type: &str = "lpszAdrType",
                    flags: u32 = "ulFlags"
                ) -> Vec<Property>
            }
            EnumAdrTypes "IMAPISession::EnumAdrTypes" {
                enum_adr_types(flags: u32 = "ulFlags") -> Vec<String>
            }
            QueryIdentity "IMAPISession::QueryIdentity" { query_identity() -> EntryId }
            Logoff "IMAPISession::Logoff" {
                logoff(
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags",
                    reserved: u32 = "ulReserved"
                ) -> ()
            }
            SetDefaultStore "IMAPISession::SetDefaultStore" {
                set_default_store(
                    flags: u32 = "ulFlags",
                    entry_id: Option<&[u8]> = "lpEntryID"
                ) -> ()
            }
            AdminServices "IMAPISession::AdminServices" {
                admin_services(flags: u32 = "ulFlags")
                    opens Self::ServiceAdmin = |below, open| {
                        open.object(OpenKind::AdminObject, below)
                    }
            }
            ShowForm "IMAPISession::ShowForm" {
                show_form(
                    ui_param: UiParam = "ulUIParam",
                    store: &Self::MsgStore = "lpMsgStore",
                    parent_folder: &Self::Object = "lpParentFolder",
                    token: FormToken = "ulMessageToken",
                    flags: u32 = "ulFlags",
                    message: &FormMessage = "ulMessageStatus"
                ) -> ()
            }
            PrepareForm "IMAPISession::PrepareForm" {
                prepare_form(message: &Self::Object = "lpMessage") -> FormToken
            }
            QueryFastShutdown "IMAPIClientShutdown::QueryFastShutdown" {
                query_fast_shutdown() -> ()
            }
            NotifyProcessShutdown "IMAPIClientShutdown::NotifyProcessShutdown" {
                notify_process_shutdown() -> ()
            }
            DoFastShutdown "IMAPIClientShutdown::DoFastShutdown" { do_fast_shutdown() -> () }
        }
        RawProp {
            GetObjectError "IMAPIProp::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            SaveChanges "IMAPIProp::SaveChanges" { save_changes(flags: u32 = "ulFlags") -> () }
            GetProps "IMAPIProp::GetProps" {
                props(tags: Option<&[PropTag]> = "lpPropTagArray", flags: u32 = "ulFlags")
                    -> Vec<Property>
            }
            GetPropList "IMAPIProp::GetPropList" {
                prop_list(flags: u32 = "ulFlags") -> Vec<PropTag>
            }
            SetProps "IMAPIProp::SetProps" {
                set_props(props: &[Property] = "lpPropArray") -> Vec<PropProblem>
            }
            DeleteProps "IMAPIProp::DeleteProps" {
                delete_props(tags: &[PropTag] = "lpPropTagArray") -> Vec<PropProblem>
            }
            OpenProperty "IMAPIProp::OpenProperty" {
                read_stream(tag: PropTag = "ulPropTag") -> Vec<u8>
            }
            GetIDsFromNames "IMAPIProp::GetIDsFromNames" {
                ids_from_names(names: &[PropName] = "lppPropNames", flags: u32 = "ulFlags")
                    -> Vec<PropTag>
            }
            GetNamesFromIDs "IMAPIProp::GetNamesFromIDs" {
                names_from_ids(tags: &[PropTag] = "*lppPropTags", flags: u32 = "ulFlags")
                    -> Vec<Option<PropName>>
            }
        }
        RawMsgStore {
            OpenStoreEntry "IMsgStore::OpenEntry" {
                open_entry(entry_id: Option<&[u8]> = "lpEntryID", flags: u32 = "ulFlags")
                    opens (ObjectType, Self::Object) = |below, open| {
                        (below.0, open.object(OpenKind::EntryObject(below.0), below.1))
                    }
            }
            StoreAdvise "IMsgStore::Advise" { by hand("lpEntryID", "ulEventMask") }
            StoreUnadvise "IMsgStore::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
            GetReceiveFolder "IMsgStore::GetReceiveFolder" {
                receive_folder(
                    message_class: Option<&str> = "lpszMessageClass",
                    flags: u32 = "ulFlags"
                ) -> (EntryId, String)
            }
            GetReceiveFolderTable "IMsgStore::GetReceiveFolderTable" {
                receive_folder_table(flags: u32 = "ulFlags")
                    opens <Self::Object as RawObject>::Table = |below, open| {
                        open.object(OpenKind::TableObject, below)
                    }
            }
            StoreLogoff "IMsgStore::StoreLogoff" { store_logoff(flags: u32 = "*lpulFlags") -> u32 }
        }
        RawObject {
            GetContentsTable "IMAPIContainer::GetContentsTable" {
                contents_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            GetHierarchyTable "IMAPIContainer::GetHierarchyTable" {
                hierarchy_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            CreateMessage "IMAPIFolder::CreateMessage" {
                create_message(flags: u32 = "ulFlags") opens Self = |below, open| {
                    open.object(OpenKind::EntryObject(ObjectType::MESSAGE), below)
                }
            }
            CreateFolder "IMAPIFolder::CreateFolder" {
                create_folder(
                    folder_type: u32 = "ulFolderType",
                    name: &str = "lpszFolderName",
                    comment: &str = "lpszFolderComment",
                    flags: u32 = "ulFlags"
                ) opens Self = |below, open| {
                    open.object(OpenKind::EntryObject(ObjectType::FOLDER), below)
                }
            }
            DeleteMessages "IMAPIFolder::DeleteMessages" {
                delete_messages(
                    entry_ids: &[EntryId] = "lpMsgList",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            SetReadFlags "IMAPIFolder::SetReadFlags" {
                set_read_flags(
                    entry_ids: Option<&[EntryId]> = "lpMsgList",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            GetRecipientTable "IMessage::GetRecipientTable" {
                recipient_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            ModifyRecipients "IMessage::ModifyRecipients" {
                modify_recipients(flags: u32 = "ulFlags", recipients: &[Props] = "lpMods") -> ()
            }
            GetAttachmentTable "IMessage::GetAttachmentTable" {
                attachment_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            OpenAttach "IMessage::OpenAttach" {
                open_attach(number: u32 = "ulAttachmentNum", flags: u32 = "ulFlags")
                    opens Self = |below, open| {
                        open.object(OpenKind::EntryObject(ObjectType::ATTACHMENT), below)
                    }
            }
            SubmitMessage "IMessage::SubmitMessage" { submit_message(flags: u32 = "ulFlags") -> () }
            ValidateState "IMAPIStatus::ValidateState" {
                validate_state(ui_param: UiParam = "ulUIParam", flags: u32 = "ulFlags") -> ()
            }
            SettingsDialog "IMAPIStatus::SettingsDialog" {
                settings_dialog(ui_param: UiParam = "ulUIParam", flags: u32 = "ulFlags") -> ()
            }
            ChangePassword "IMAPIStatus::ChangePassword" {
                change_password(
                    old: Option<&str> = "lpOldPass",
                    new: Option<&str> = "lpNewPass",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            FlushQueues "IMAPIStatus::FlushQueues" {
                flush_queues(
                    ui_param: UiParam = "ulUIParam",
                    transport: Option<&[u8]> = "lpTargetTransport",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            AddressBookAdvise "IAddrBook::Advise" { by hand("lpEntryID", "ulEventMask") }
            AddressBookUnadvise "IAddrBook::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
        }
        RawTable {
            QueryAllRows "HrQueryAllRows" { rows() -> Table<Self::Row> }
            TableAdvise "IMAPITable::Advise" { by hand("ulEventMask") }
            TableUnadvise "IMAPITable::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
        }
        RawPropTable {
            GetTableError "IMAPITable::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            SetColumns "IMAPITable::SetColumns" {
                set_columns(tags: &[PropTag] = "lpPropTagArray", flags: u32 = "ulFlags") -> ()
            }
            QueryColumns "IMAPITable::QueryColumns" {
                query_columns(flags: u32 = "ulFlags") -> Vec<PropTag>
            }
            GetRowCount "IMAPITable::GetRowCount" { row_count(flags: u32 = "ulFlags") -> u32 }
            SeekRow "IMAPITable::SeekRow" {
                seek_row(origin: Bookmark = "bkOrigin", rows: i32 = "lRowCount") -> i32
            }
            Restrict "IMAPITable::Restrict" {
                restrict(
                    restriction: Option<&Restriction> = "lpRestriction",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            SortTable "IMAPITable::SortTable" {
                sort_table(order: &[SortOrder] = "lpSortCriteria", flags: u32 = "ulFlags") -> ()
            }
            FindRow "IMAPITable::FindRow" {
                find_row(
                    restriction: &Restriction = "lpRestriction",
                    origin: Bookmark = "bkOrigin",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            QuerySortOrder "IMAPITable::QuerySortOrder" { query_sort_order() -> Vec<SortOrder> }
            QueryPosition "IMAPITable::QueryPosition" { query_position() -> TablePosition }
            CreateBookmark "IMAPITable::CreateBookmark" { create_bookmark() -> Bookmark }
            FreeBookmark "IMAPITable::FreeBookmark" {
                free_bookmark(bookmark: Bookmark = "bkPosition") -> ()
            }
            QueryRows "IMAPITable::QueryRows" {
                query_rows(rows: i32 = "lRowCount", flags: u32 = "ulFlags") -> Vec<Props>
            }
        }
        RawServiceAdmin {
            GetServiceAdminError "IMsgServiceAdmin::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            GetMsgServiceTable "IMsgServiceAdmin::GetMsgServiceTable" {
                msg_service_table(flags: u32 = "ulFlags") -> MsgServiceTable
            }
            CreateMsgService "IMsgServiceAdmin::CreateMsgService" {
                create_msg_service(
                    service: &str = "lpszService",
                    display_name: &str = "lpszDisplayName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            DeleteMsgService "IMsgServiceAdmin::DeleteMsgService" {
                delete_msg_service(uid: MapiUid = "lpUID") -> ()
            }
            CopyMsgService "IMsgServiceAdmin::CopyMsgService" {
                copy_msg_service(
                    uid: MapiUid = "lpUID",
                    destination: &Self = "lpObjectDst",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            RenameMsgService "IMsgServiceAdmin::RenameMsgService" {
                rename_msg_service(
                    uid: MapiUid = "lpUID",
                    flags: u32 = "ulFlags",
                    display_name: &str = "lpszDisplayName"
                ) -> ()
            }
            ConfigureMsgService "IMsgServiceAdmin::ConfigureMsgService" {
                configure_msg_service(
                    uid: MapiUid = "lpUID",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags",
                    props: &[Property] = "cValues"
                ) -> ()
            }
            OpenServiceSection "IMsgServiceAdmin::OpenProfileSection" {
                open_profile_section(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProfileSection = |below, open| {
                        open.object(OpenKind::SectionObject, below)
                    }
            }
            MsgServiceTransportOrder "IMsgServiceAdmin::MsgServiceTransportOrder" {
                msg_service_transport_order(
                    uids: &[MapiUid] = "lpUIDList",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            AdminProviders "IMsgServiceAdmin::AdminProviders" {
                admin_providers(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProviderAdmin = |below, open| {
                        open.object(OpenKind::ProviderAdminObject, below)
                    }
            }
            SetPrimaryIdentity "IMsgServiceAdmin::SetPrimaryIdentity" {
                set_primary_identity(uid: Option<MapiUid> = "lpUID", flags: u32 = "ulFlags") -> ()
            }
            GetProviderTable "IMsgServiceAdmin::GetProviderTable" {
                provider_table(flags: u32 = "ulFlags") -> ProviderTable
            }
            CreateMsgServiceEx "IMsgServiceAdmin2::CreateMsgServiceEx" {
                create_msg_service_ex(
                    service: &str = "lpszService",
                    display_name: &str = "lpszDisplayName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> MapiUid
            }
        }
        RawProviderAdmin {
            GetProviderAdminError "IProviderAdmin::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            GetServiceProviderTable "IProviderAdmin::GetProviderTable" {
                provider_table(flags: u32 = "ulFlags") -> ProviderTable
            }
            CreateProvider "IProviderAdmin::CreateProvider" {
                create_provider(
                    provider: &str = "lpszProvider",
                    props: &[Property] = "cValues",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> MapiUid
            }
            DeleteProvider "IProviderAdmin::DeleteProvider" {
                delete_provider(uid: MapiUid = "lpUID") -> ()
            }
            OpenProviderSection "IProviderAdmin::OpenProfileSection" {
                open_profile_section(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProfileSection = |below, open| {
                        open.object(OpenKind::SectionObject, below)
                    }
            }
        }
        RawProfAdmin {
            GetProfAdminError "IProfAdmin::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            GetProfileTable "IProfAdmin::GetProfileTable" {
                profile_table(flags: u32 = "ulFlags") -> ProfileTable
            }
            CreateProfile "IProfAdmin::CreateProfile" {
                create_profile(
                    name: &str = "lpszProfileName",
                    password: Option<&str> = "lpszPassword",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            DeleteProfile "IProfAdmin::DeleteProfile" {
                delete_profile(name: &str = "lpszProfileName", flags: u32 = "ulFlags") -> ()
            }
            ChangeProfilePassword "IProfAdmin::ChangeProfilePassword" {
                change_profile_password(
                    name: &str = "lpszProfileName",
                    old_password: Option<&str> = "lpszOldPassword",
                    new_password: Option<&str> = "lpszNewPassword",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            CopyProfile "IProfAdmin::CopyProfile" {
                copy_profile(
                    old_name: &str = "lpszOldProfileName",
                    old_password: Option<&str> = "lpszOldPassword",
                    new_name: &str = "lpszNewProfileName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            RenameProfile "IProfAdmin::RenameProfile" {
                rename_profile(
                    old_name: &str = "lpszOldProfileName",
                    old_password: Option<&str> = "lpszOldPassword",
                    new_name: &str = "lpszNewProfileName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            SetDefaultProfile "IProfAdmin::SetDefaultProfile" {
                set_default_profile(
                    name: Option<&str> = "lpszProfileName",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            AdminProfileServices "IProfAdmin::AdminServices" {
                admin_services(
                    name: &str = "lpszProfileName",
                    password: Option<&str> = "lpszPassword",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) opens Self::ServiceAdmin = |below, open| {
                    open.object(OpenKind::AdminObject, below)
                }
            }
        }
    } };
}
