//! The calls of MAPI, a row each: the one table from which [`Call`](crate::error::Call), the forwarding of
//! [`Layered`](crate::subsystem::layer::Layered) and the names of arguments are made.
//!
//! A row has the constant of `Call` and MAPI's name. Then, in braces, stand the methods of the traits
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
            INITIALIZE "MAPIInitialize" {
                initialize(version: u32 = "ulVersion", flags: u32 = "ulFlags") -> ()
            }
            UNINITIALIZE "MAPIUninitialize" { by hand() }
            LOGON_EX "MAPILogonEx" {
                logon_ex(
                    ui_param: UiParam = "ulUIParam",
                    profile_name: Option<&str> = "lpszProfileName",
                    password: Option<&str> = "lpszPassword",
                    flags: u32 = "flFlags"
                ) opens Self::Session = |below, open| open.object(OpenKind::SessionObject, below)
            }
            ADMIN_PROFILES "MAPIAdminProfiles" {
                admin_profiles(flags: u32 = "ulFlags") opens Self::ProfileAdmin = |below, open| {
                    open.object(OpenKind::ProfileAdminObject, below)
                }
            }
            RELEASE "IUnknown::Release"
            QUERY_INTERFACE "IUnknown::QueryInterface"
        }
        RawSession {
            SESSION_GET_LAST_ERROR "IMAPISession::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            SESSION_GET_MSG_STORES_TABLE "IMAPISession::GetMsgStoresTable" {
                msg_stores_table(flags: u32 = "ulFlags") -> MsgStoresTable;
                open_msg_stores_table(flags: u32 = "ulFlags")
                    opens Self::StoreTable = |below, open| open.object(OpenKind::TableObject, below)
            }
            SESSION_OPEN_MSG_STORE "IMAPISession::OpenMsgStore" {
                open_msg_store(
                    ui_param: UiParam = "ulUIParam",
                    entry_id: Option<&[u8]> = "lpEntryID",
                    flags: u32 = "ulFlags"
                ) opens Self::MsgStore = |below, open| open.object(OpenKind::StoreObject, below)
            }
            SESSION_OPEN_ADDRESS_BOOK "IMAPISession::OpenAddressBook" {
                open_address_book(ui_param: UiParam = "ulUIParam", flags: u32 = "ulFlags")
                    opens Self::Object = |below, open| {
                        open.object(OpenKind::EntryObject(ObjectType::ADDRESS_BOOK), below)
                    }
            }
            SESSION_OPEN_PROFILE_SECTION "IMAPISession::OpenProfileSection" {
                open_profile_section(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProfileSection = |below, open| {
                        open.object(OpenKind::SectionObject, below)
                    }
            }
            SESSION_GET_STATUS_TABLE "IMAPISession::GetStatusTable" {
                status_table(flags: u32 = "ulFlags") -> StatusTable;
                open_status_table(flags: u32 = "ulFlags")
                    opens Self::StatusTable = |below, open| {
                        open.object(OpenKind::TableObject, below)
                    }
            }
            SESSION_OPEN_ENTRY "IMAPISession::OpenEntry" {
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
            SESSION_COMPARE_ENTRY_IDS "IMAPISession::CompareEntryIDs" {
                compare_entry_ids(
                    one: Option<&[u8]> = "lpEntryID1",
                    other: Option<&[u8]> = "lpEntryID2",
                    flags: u32 = "ulFlags"
                ) -> bool
            }
            SESSION_ADVISE "IMAPISession::Advise" { by hand("lpEntryID", "ulEventMask") }
            SESSION_UNADVISE "IMAPISession::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
            SESSION_MESSAGE_OPTIONS "IMAPISession::MessageOptions" {
                message_options(
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags",
                    address_type: &str = "lpszAdrType",
                    message: &Self::Object = "lpMessage"
                ) -> ()
            }
            SESSION_QUERY_DEFAULT_MESSAGE_OPT "IMAPISession::QueryDefaultMessageOpt" {
                query_default_message_opt(
                    address_type: &str = "lpszAdrType",
                    flags: u32 = "ulFlags"
                ) -> Vec<Property>
            }
            SESSION_ENUM_ADR_TYPES "IMAPISession::EnumAdrTypes" {
                enum_adr_types(flags: u32 = "ulFlags") -> Vec<String>
            }
            SESSION_QUERY_IDENTITY "IMAPISession::QueryIdentity" { query_identity() -> EntryId }
            SESSION_LOGOFF "IMAPISession::Logoff" {
                logoff(
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags",
                    reserved: u32 = "ulReserved"
                ) -> ()
            }
            SESSION_SET_DEFAULT_STORE "IMAPISession::SetDefaultStore" {
                set_default_store(
                    flags: u32 = "ulFlags",
                    entry_id: Option<&[u8]> = "lpEntryID"
                ) -> ()
            }
            SESSION_ADMIN_SERVICES "IMAPISession::AdminServices" {
                admin_services(flags: u32 = "ulFlags")
                    opens Self::ServiceAdmin = |below, open| {
                        open.object(OpenKind::AdminObject, below)
                    }
            }
            SESSION_SHOW_FORM "IMAPISession::ShowForm" {
                show_form(
                    ui_param: UiParam = "ulUIParam",
                    store: &Self::MsgStore = "lpMsgStore",
                    parent_folder: &Self::Object = "lpParentFolder",
                    token: FormToken = "ulMessageToken",
                    flags: u32 = "ulFlags",
                    message: &FormMessage = "ulMessageStatus"
                ) -> ()
            }
            SESSION_PREPARE_FORM "IMAPISession::PrepareForm" {
                prepare_form(message: &Self::Object = "lpMessage") -> FormToken
            }
            CLIENT_SHUTDOWN_QUERY_FAST_SHUTDOWN "IMAPIClientShutdown::QueryFastShutdown" {
                query_fast_shutdown() -> ()
            }
            CLIENT_SHUTDOWN_NOTIFY_PROCESS_SHUTDOWN "IMAPIClientShutdown::NotifyProcessShutdown" {
                notify_process_shutdown() -> ()
            }
            CLIENT_SHUTDOWN_DO_FAST_SHUTDOWN "IMAPIClientShutdown::DoFastShutdown" { do_fast_shutdown() -> () }
        }
        RawProp {
            PROP_GET_LAST_ERROR "IMAPIProp::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            PROP_SAVE_CHANGES "IMAPIProp::SaveChanges" { save_changes(flags: u32 = "ulFlags") -> () }
            PROP_GET_PROPS "IMAPIProp::GetProps" {
                props(tags: Option<&[PropTag]> = "lpPropTagArray", flags: u32 = "ulFlags")
                    -> Vec<Property>
            }
            PROP_GET_PROP_LIST "IMAPIProp::GetPropList" {
                prop_list(flags: u32 = "ulFlags") -> Vec<PropTag>
            }
            PROP_SET_PROPS "IMAPIProp::SetProps" {
                set_props(props: &[Property] = "lpPropArray") -> Vec<PropProblem>
            }
            PROP_DELETE_PROPS "IMAPIProp::DeleteProps" {
                delete_props(tags: &[PropTag] = "lpPropTagArray") -> Vec<PropProblem>
            }
            PROP_OPEN_PROPERTY "IMAPIProp::OpenProperty" {
                read_stream(tag: PropTag = "ulPropTag") -> Vec<u8>
            }
            PROP_GET_IDS_FROM_NAMES "IMAPIProp::GetIDsFromNames" {
                ids_from_names(names: &[PropName] = "lppPropNames", flags: u32 = "ulFlags")
                    -> Vec<PropTag>
            }
            PROP_GET_NAMES_FROM_IDS "IMAPIProp::GetNamesFromIDs" {
                names_from_ids(tags: &[PropTag] = "*lppPropTags", flags: u32 = "ulFlags")
                    -> Vec<Option<PropName>>
            }
        }
        RawMsgStore {
            STORE_OPEN_ENTRY "IMsgStore::OpenEntry" {
                open_entry(entry_id: Option<&[u8]> = "lpEntryID", flags: u32 = "ulFlags")
                    opens (ObjectType, Self::Object) = |below, open| {
                        (below.0, open.object(OpenKind::EntryObject(below.0), below.1))
                    }
            }
            STORE_ADVISE "IMsgStore::Advise" { by hand("lpEntryID", "ulEventMask") }
            STORE_UNADVISE "IMsgStore::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
            STORE_GET_RECEIVE_FOLDER "IMsgStore::GetReceiveFolder" {
                receive_folder(
                    message_class: Option<&str> = "lpszMessageClass",
                    flags: u32 = "ulFlags"
                ) -> (EntryId, String)
            }
            STORE_GET_RECEIVE_FOLDER_TABLE "IMsgStore::GetReceiveFolderTable" {
                receive_folder_table(flags: u32 = "ulFlags")
                    opens <Self::Object as RawObject>::Table = |below, open| {
                        open.object(OpenKind::TableObject, below)
                    }
            }
            STORE_LOGOFF "IMsgStore::StoreLogoff" { store_logoff(flags: u32 = "*lpulFlags") -> u32 }
        }
        RawObject {
            CONTAINER_GET_CONTENTS_TABLE "IMAPIContainer::GetContentsTable" {
                contents_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            CONTAINER_GET_HIERARCHY_TABLE "IMAPIContainer::GetHierarchyTable" {
                hierarchy_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            FOLDER_CREATE_MESSAGE "IMAPIFolder::CreateMessage" {
                create_message(flags: u32 = "ulFlags") opens Self = |below, open| {
                    open.object(OpenKind::EntryObject(ObjectType::MESSAGE), below)
                }
            }
            FOLDER_CREATE_FOLDER "IMAPIFolder::CreateFolder" {
                create_folder(
                    folder_type: u32 = "ulFolderType",
                    name: &str = "lpszFolderName",
                    comment: &str = "lpszFolderComment",
                    flags: u32 = "ulFlags"
                ) opens Self = |below, open| {
                    open.object(OpenKind::EntryObject(ObjectType::FOLDER), below)
                }
            }
            FOLDER_DELETE_MESSAGES "IMAPIFolder::DeleteMessages" {
                delete_messages(
                    entry_ids: &[EntryId] = "lpMsgList",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            FOLDER_SET_READ_FLAGS "IMAPIFolder::SetReadFlags" {
                set_read_flags(
                    entry_ids: Option<&[EntryId]> = "lpMsgList",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            MESSAGE_GET_RECIPIENT_TABLE "IMessage::GetRecipientTable" {
                recipient_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            MESSAGE_MODIFY_RECIPIENTS "IMessage::ModifyRecipients" {
                modify_recipients(flags: u32 = "ulFlags", recipients: &[Props] = "lpMods") -> ()
            }
            MESSAGE_GET_ATTACHMENT_TABLE "IMessage::GetAttachmentTable" {
                attachment_table(flags: u32 = "ulFlags")
                    opens Self::Table = |below, open| open.object(OpenKind::TableObject, below)
            }
            MESSAGE_OPEN_ATTACH "IMessage::OpenAttach" {
                open_attach(number: u32 = "ulAttachmentNum", flags: u32 = "ulFlags")
                    opens Self = |below, open| {
                        open.object(OpenKind::EntryObject(ObjectType::ATTACHMENT), below)
                    }
            }
            MESSAGE_CREATE_ATTACH "IMessage::CreateAttach" {
                create_attach(flags: u32 = "ulFlags") opens Self = |below, open| {
                    open.object(OpenKind::EntryObject(ObjectType::ATTACHMENT), below)
                }
            }
            MESSAGE_SUBMIT_MESSAGE "IMessage::SubmitMessage" { submit_message(flags: u32 = "ulFlags") -> () }
            STATUS_VALIDATE_STATE "IMAPIStatus::ValidateState" {
                validate_state(ui_param: UiParam = "ulUIParam", flags: u32 = "ulFlags") -> ()
            }
            STATUS_SETTINGS_DIALOG "IMAPIStatus::SettingsDialog" {
                settings_dialog(ui_param: UiParam = "ulUIParam", flags: u32 = "ulFlags") -> ()
            }
            STATUS_CHANGE_PASSWORD "IMAPIStatus::ChangePassword" {
                change_password(
                    old: Option<&str> = "lpOldPass",
                    new: Option<&str> = "lpNewPass",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            STATUS_FLUSH_QUEUES "IMAPIStatus::FlushQueues" {
                flush_queues(
                    ui_param: UiParam = "ulUIParam",
                    transport: Option<&[u8]> = "lpTargetTransport",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            ADDR_BOOK_ADVISE "IAddrBook::Advise" { by hand("lpEntryID", "ulEventMask") }
            ADDR_BOOK_UNADVISE "IAddrBook::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
        }
        RawTable {
            QUERY_ALL_ROWS "HrQueryAllRows" { rows() -> Table<Self::Row> }
            TABLE_ADVISE "IMAPITable::Advise" { by hand("ulEventMask") }
            TABLE_UNADVISE "IMAPITable::Unadvise" {
                unadvise(connection: Connection = "ulConnection") -> ()
            }
        }
        RawPropTable {
            TABLE_GET_LAST_ERROR "IMAPITable::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            TABLE_SET_COLUMNS "IMAPITable::SetColumns" {
                set_columns(tags: &[PropTag] = "lpPropTagArray", flags: u32 = "ulFlags") -> ()
            }
            TABLE_QUERY_COLUMNS "IMAPITable::QueryColumns" {
                query_columns(flags: u32 = "ulFlags") -> Vec<PropTag>
            }
            TABLE_GET_ROW_COUNT "IMAPITable::GetRowCount" { row_count(flags: u32 = "ulFlags") -> u32 }
            TABLE_SEEK_ROW "IMAPITable::SeekRow" {
                seek_row(origin: Bookmark = "bkOrigin", rows: i32 = "lRowCount") -> i32
            }
            TABLE_RESTRICT "IMAPITable::Restrict" {
                restrict(
                    restriction: Option<&Restriction> = "lpRestriction",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            TABLE_SORT_TABLE "IMAPITable::SortTable" {
                sort_table(order: &[SortOrder] = "lpSortCriteria", flags: u32 = "ulFlags") -> ()
            }
            TABLE_FIND_ROW "IMAPITable::FindRow" {
                find_row(
                    restriction: &Restriction = "lpRestriction",
                    origin: Bookmark = "bkOrigin",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            TABLE_QUERY_SORT_ORDER "IMAPITable::QuerySortOrder" { query_sort_order() -> Vec<SortOrder> }
            TABLE_QUERY_POSITION "IMAPITable::QueryPosition" { query_position() -> TablePosition }
            TABLE_CREATE_BOOKMARK "IMAPITable::CreateBookmark" { create_bookmark() -> Bookmark }
            TABLE_FREE_BOOKMARK "IMAPITable::FreeBookmark" {
                free_bookmark(bookmark: Bookmark = "bkPosition") -> ()
            }
            TABLE_QUERY_ROWS "IMAPITable::QueryRows" {
                query_rows(rows: i32 = "lRowCount", flags: u32 = "ulFlags") -> Vec<Props>
            }
        }
        RawServiceAdmin {
            SERVICE_ADMIN_GET_LAST_ERROR "IMsgServiceAdmin::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            SERVICE_ADMIN_GET_MSG_SERVICE_TABLE "IMsgServiceAdmin::GetMsgServiceTable" {
                msg_service_table(flags: u32 = "ulFlags") -> MsgServiceTable
            }
            SERVICE_ADMIN_CREATE_MSG_SERVICE "IMsgServiceAdmin::CreateMsgService" {
                create_msg_service(
                    service: &str = "lpszService",
                    display_name: &str = "lpszDisplayName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            SERVICE_ADMIN_DELETE_MSG_SERVICE "IMsgServiceAdmin::DeleteMsgService" {
                delete_msg_service(uid: MapiUid = "lpUID") -> ()
            }
            SERVICE_ADMIN_COPY_MSG_SERVICE "IMsgServiceAdmin::CopyMsgService" {
                copy_msg_service(
                    uid: MapiUid = "lpUID",
                    destination: &Self = "lpObjectDst",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            SERVICE_ADMIN_RENAME_MSG_SERVICE "IMsgServiceAdmin::RenameMsgService" {
                rename_msg_service(
                    uid: MapiUid = "lpUID",
                    flags: u32 = "ulFlags",
                    display_name: &str = "lpszDisplayName"
                ) -> ()
            }
            SERVICE_ADMIN_CONFIGURE_MSG_SERVICE "IMsgServiceAdmin::ConfigureMsgService" {
                configure_msg_service(
                    uid: MapiUid = "lpUID",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags",
                    props: &[Property] = "cValues"
                ) -> ()
            }
            SERVICE_ADMIN_OPEN_PROFILE_SECTION "IMsgServiceAdmin::OpenProfileSection" {
                open_profile_section(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProfileSection = |below, open| {
                        open.object(OpenKind::SectionObject, below)
                    }
            }
            SERVICE_ADMIN_MSG_SERVICE_TRANSPORT_ORDER "IMsgServiceAdmin::MsgServiceTransportOrder" {
                msg_service_transport_order(
                    uids: &[MapiUid] = "lpUIDList",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            SERVICE_ADMIN_ADMIN_PROVIDERS "IMsgServiceAdmin::AdminProviders" {
                admin_providers(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProviderAdmin = |below, open| {
                        open.object(OpenKind::ProviderAdminObject, below)
                    }
            }
            SERVICE_ADMIN_SET_PRIMARY_IDENTITY "IMsgServiceAdmin::SetPrimaryIdentity" {
                set_primary_identity(uid: Option<MapiUid> = "lpUID", flags: u32 = "ulFlags") -> ()
            }
            SERVICE_ADMIN_GET_PROVIDER_TABLE "IMsgServiceAdmin::GetProviderTable" {
                provider_table(flags: u32 = "ulFlags") -> ProviderTable
            }
            SERVICE_ADMIN_CREATE_MSG_SERVICE_EX "IMsgServiceAdmin2::CreateMsgServiceEx" {
                create_msg_service_ex(
                    service: &str = "lpszService",
                    display_name: &str = "lpszDisplayName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> MapiUid
            }
        }
        RawProviderAdmin {
            PROVIDER_ADMIN_GET_LAST_ERROR "IProviderAdmin::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            PROVIDER_ADMIN_GET_PROVIDER_TABLE "IProviderAdmin::GetProviderTable" {
                provider_table(flags: u32 = "ulFlags") -> ProviderTable
            }
            PROVIDER_ADMIN_CREATE_PROVIDER "IProviderAdmin::CreateProvider" {
                create_provider(
                    provider: &str = "lpszProvider",
                    props: &[Property] = "cValues",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> MapiUid
            }
            PROVIDER_ADMIN_DELETE_PROVIDER "IProviderAdmin::DeleteProvider" {
                delete_provider(uid: MapiUid = "lpUID") -> ()
            }
            PROVIDER_ADMIN_OPEN_PROFILE_SECTION "IProviderAdmin::OpenProfileSection" {
                open_profile_section(uid: MapiUid = "lpUID", flags: u32 = "ulFlags")
                    opens Self::ProfileSection = |below, open| {
                        open.object(OpenKind::SectionObject, below)
                    }
            }
        }
        RawProfAdmin {
            PROF_ADMIN_GET_LAST_ERROR "IProfAdmin::GetLastError" {
                last_error(hresult: HResult = "hResult", flags: u32 = "ulFlags") -> Option<MapiError>
            }
            PROF_ADMIN_GET_PROFILE_TABLE "IProfAdmin::GetProfileTable" {
                profile_table(flags: u32 = "ulFlags") -> ProfileTable
            }
            PROF_ADMIN_CREATE_PROFILE "IProfAdmin::CreateProfile" {
                create_profile(
                    name: &str = "lpszProfileName",
                    password: Option<&str> = "lpszPassword",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            PROF_ADMIN_DELETE_PROFILE "IProfAdmin::DeleteProfile" {
                delete_profile(name: &str = "lpszProfileName", flags: u32 = "ulFlags") -> ()
            }
            PROF_ADMIN_CHANGE_PROFILE_PASSWORD "IProfAdmin::ChangeProfilePassword" {
                change_profile_password(
                    name: &str = "lpszProfileName",
                    old_password: Option<&str> = "lpszOldPassword",
                    new_password: Option<&str> = "lpszNewPassword",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            PROF_ADMIN_COPY_PROFILE "IProfAdmin::CopyProfile" {
                copy_profile(
                    old_name: &str = "lpszOldProfileName",
                    old_password: Option<&str> = "lpszOldPassword",
                    new_name: &str = "lpszNewProfileName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            PROF_ADMIN_RENAME_PROFILE "IProfAdmin::RenameProfile" {
                rename_profile(
                    old_name: &str = "lpszOldProfileName",
                    old_password: Option<&str> = "lpszOldPassword",
                    new_name: &str = "lpszNewProfileName",
                    ui_param: UiParam = "ulUIParam",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            PROF_ADMIN_SET_DEFAULT_PROFILE "IProfAdmin::SetDefaultProfile" {
                set_default_profile(
                    name: Option<&str> = "lpszProfileName",
                    flags: u32 = "ulFlags"
                ) -> ()
            }
            PROF_ADMIN_ADMIN_SERVICES "IProfAdmin::AdminServices" {
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
