//! What well-known MAPI programs call, in their order and with their flags, on the module: the modes of
//! MrMAPI, and how MFCMAPI opens profile sections. A step that fails would end the mode.

use std::ffi::c_void;
use std::ptr;
use std::sync::Once;

use mapi_session::property::{PropTag, Property, Props};
use outlook_mapi::sys;
use windows::Win32::System::Com::{ISequentialStream, IStream};
use windows_core::{HRESULT, IUnknown, Interface, w};

const UNICODE: u32 = sys::MAPI_UNICODE;
const BEST_ACCESS: u32 = sys::MAPI_BEST_ACCESS;
const DEFERRED_ERRORS: u32 = sys::MAPI_DEFERRED_ERRORS;

fn worked<T>(what: &str, result: windows_core::Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{what}: {:#010X}", error.code().0))
}

/// An object that a call gave.
fn given<I: Interface>(what: &str, code: i32, object: *mut c_void) -> I {
    assert_eq!(code, 0, "{what}");
    // SAFETY: it is of this interface, and nobody else has it.
    unsafe { I::from_raw(object) }
}

/// MAPIInitialize with no parameters, once for all tests of the process.
fn initialize() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        assert_eq!(
            call!(MAPIInitialize(ptr::null_mut() => *mut c_void) -> i32),
            0
        );
    });
}

fn logon() -> sys::IMAPISession {
    initialize();
    let flags = sys::MAPI_EXTENDED
        | sys::MAPI_NO_MAIL
        | UNICODE
        | sys::MAPI_NEW_SESSION
        | sys::MAPI_USE_DEFAULT;
    let mut session = ptr::null_mut();
    let code = call!(MAPILogonEx(
        0 => usize, ptr::null() => *const i8, ptr::null() => *const i8, flags => u32,
        &raw mut session => *mut *mut c_void
    ) -> i32);
    given("MAPILogonEx", code, session)
}

/// An SPropTagArray.
fn array(tags: &[u32]) -> Vec<u32> {
    [tags.len() as u32].iter().chain(tags).copied().collect()
}

fn as_tags(words: &mut [u32]) -> *mut sys::SPropTagArray {
    words.as_mut_ptr().cast()
}

/// Takes the rows out of a set, and frees it.
fn rows_of(set: *mut sys::SRowSet) -> Vec<Props> {
    // SAFETY: it is as long as it says.
    let rows = unsafe {
        let first = (&raw const (*set).aRow).cast::<sys::SRow>();
        let rows = (0..(*set).cRows as usize).map(|index| *first.add(index));
        rows.map(|row| mapi_session_outlook::properties(row.lpProps, row.cValues).into())
            .collect()
    };
    call!(FreeProws(set => *mut sys::SRowSet) -> ());
    rows
}

fn all_rows(table: &sys::IMAPITable, tags: Option<&[u32]>) -> Vec<Props> {
    let mut words = tags.map(array);
    let tags = words.as_mut().map_or(ptr::null_mut(), |it| as_tags(it));
    let mut set = ptr::null_mut();
    let code = call!(HrQueryAllRows(
        table.as_raw() => *mut c_void, tags => *mut sys::SPropTagArray,
        ptr::null_mut() => *mut c_void, ptr::null_mut() => *mut c_void, 0 => i32,
        &raw mut set => *mut *mut sys::SRowSet
    ) -> i32);
    assert_eq!(code, 0, "HrQueryAllRows");
    rows_of(set)
}

/// SetColumns, and QueryRows to the end.
fn read(table: &sys::IMAPITable, tags: &[u32], flags: u32, batch: i32) -> Vec<Props> {
    let mut words = array(tags);
    let mut all = Vec::new();
    // SAFETY: the tags are as long as they say; it takes what comes out.
    unsafe {
        worked("SetColumns", table.SetColumns(as_tags(&mut words), flags));
        loop {
            let mut set = ptr::null_mut();
            worked("QueryRows", table.QueryRows(batch, 0, &raw mut set));
            let rows = rows_of(set);
            if rows.is_empty() {
                return all;
            }
            all.extend(rows);
        }
    }
}

/// GetPropList and GetProps, as GetPropsNULL of MFCMAPI.
fn props(object: &sys::IMAPIProp) -> Props {
    let (mut list, mut count, mut values) = (ptr::null_mut(), 0, ptr::null_mut());
    // SAFETY: it takes what comes out.
    unsafe {
        worked("GetPropList", object.GetPropList(UNICODE, &raw mut list));
        let got = object.GetProps(list, UNICODE, &raw mut count, &raw mut values);
        worked("GetProps", got);
        let props = mapi_session_outlook::properties(values, count);
        call!(MAPIFreeBuffer(list.cast() => *mut c_void) -> u32);
        call!(MAPIFreeBuffer(values.cast() => *mut c_void) -> u32);
        props.into()
    }
}

/// The default store, as OpenDefaultMessageStore of MFCMAPI finds it.
fn default_store(session: &sys::IMAPISession) -> sys::IMsgStore {
    // SAFETY: the arguments are as the methods demand them.
    unsafe {
        let table = worked("GetMsgStoresTable", session.GetMsgStoresTable(0));
        let mut is_default = sys::SPropValue {
            ulPropTag: sys::PR_DEFAULT_STORE,
            ..Default::default()
        };
        is_default.Value.b = 1;
        let mut restriction = sys::SRestriction {
            rt: sys::RES_PROPERTY,
            ..Default::default()
        };
        restriction.res.resProperty = sys::SPropertyRestriction {
            relop: sys::RELOP_EQ,
            ulPropTag: sys::PR_DEFAULT_STORE,
            lpProp: &raw mut is_default,
        };
        let mut tags = array(&[sys::PR_ENTRYID]);
        let mut set = ptr::null_mut();
        let code = call!(HrQueryAllRows(
            table.as_raw() => *mut c_void, as_tags(&mut tags) => *mut sys::SPropTagArray,
            &raw mut restriction => *mut sys::SRestriction, ptr::null_mut() => *mut c_void,
            0 => i32, &raw mut set => *mut *mut sys::SRowSet
        ) -> i32);
        assert_eq!(code, 0, "HrQueryAllRows with a restriction");
        let rows = rows_of(set);
        assert_eq!(rows.len(), 1);
        let id = rows[0].binary(PropTag::ENTRYID).unwrap();
        let (count, id) = (id.len() as u32, id.as_ptr().cast_mut().cast());
        let mut store = None;
        let opened =
            session.OpenMsgStore(0, count, id, ptr::null_mut(), sys::MDB_WRITE, &mut store);
        worked("OpenMsgStore", opened);
        store.unwrap()
    }
}

/// OpenEntry without an interface, and then the interface.
fn open<I: Interface>(container: &sys::IMAPIContainer, row: &Props) -> I {
    let id = row.binary(PropTag::ENTRYID).unwrap();
    let (count, id) = (id.len() as u32, id.as_ptr().cast_mut().cast());
    let (mut kind, mut object) = (0, None::<IUnknown>);
    // SAFETY: the identifier is as long as it says.
    let opened = unsafe {
        container.OpenEntry(
            count,
            id,
            ptr::null_mut(),
            BEST_ACCESS,
            &raw mut kind,
            &mut object,
        )
    };
    worked("IMAPIContainer::OpenEntry", opened);
    worked("QueryInterface", object.unwrap().cast())
}

/// MrMAPI -Folder 13.
fn inbox(store: &sys::IMsgStore) -> sys::IMAPIFolder {
    let (mut count, mut id) = (0, ptr::null_mut());
    let (mut kind, mut object) = (0, None::<IUnknown>);
    // SAFETY: the text ends with a NUL; it takes what comes out.
    unsafe {
        let class = w!("IPM.Note").as_ptr().cast_mut().cast();
        let found =
            store.GetReceiveFolder(class, UNICODE, &raw mut count, &raw mut id, ptr::null_mut());
        worked("GetReceiveFolder", found);
        let opened = store.OpenEntry(
            count,
            id,
            ptr::null_mut(),
            BEST_ACCESS,
            &raw mut kind,
            &mut object,
        );
        worked("OpenEntry", opened);
    }
    call!(MAPIFreeBuffer(id.cast() => *mut c_void) -> u32);
    worked("QueryInterface", object.unwrap().cast())
}

#[test]
fn store_lists_the_stores_and_opens_one() {
    const COLUMNS: [u32; 12] = [
        sys::PR_INSTANCE_KEY,
        sys::PR_DISPLAY_NAME_W,
        sys::PR_ENTRYID,
        sys::PR_OBJECT_TYPE,
        sys::PR_PROVIDER_DISPLAY_W,
        sys::PR_RESOURCE_FLAGS,
        sys::PR_DEFAULT_STORE,
        sys::PR_MDB_PROVIDER,
        sys::PR_RESOURCE_TYPE,
        sys::PR_RECORD_KEY,
        sys::PR_SERVICE_UID,
        sys::PR_PROVIDER_UID,
    ];
    let session = logon();
    // SAFETY: the arguments are as the methods demand them.
    unsafe {
        let table = worked("GetMsgStoresTable", session.GetMsgStoresTable(0));
        let rows = read(&table, &COLUMNS, sys::TBL_ASYNC, 10);
        let names: Vec<_> = rows
            .iter()
            .map(|it| it.text(PropTag::DISPLAY_NAME).unwrap())
            .collect();
        assert_eq!(names, ["Mailbox - Ana Trujillo", "Archive"]);
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        // The second, by its place.
        let mut tags = array(&[sys::PR_ENTRYID]);
        worked(
            "SetColumns",
            table.SetColumns(as_tags(&mut tags), sys::TBL_ASYNC),
        );
        let start = sys::BOOKMARK_BEGINNING as usize;
        worked("SeekRow", table.SeekRow(start, 1, ptr::null_mut()));
        let mut set = ptr::null_mut();
        worked("QueryRows", table.QueryRows(1, 0, &raw mut set));
        let row = rows_of(set).remove(0);
        let id = row.binary(PropTag::ENTRYID).unwrap();
        let (count, id) = (id.len() as u32, id.as_ptr().cast_mut().cast());
        let flags = sys::MDB_NO_DIALOG | sys::MDB_WRITE;
        let mut store = None;
        let opened = session.OpenMsgStore(0, count, id, ptr::null_mut(), flags, &mut store);
        worked("OpenMsgStore", opened);
        let props = props(&store.unwrap());
        assert_eq!(props.text(PropTag::DISPLAY_NAME), Some("Archive"));
        worked(
            "SeekRow past the end",
            table.SeekRow(start, 99, ptr::null_mut()),
        );
        worked("QueryRows", table.QueryRows(1, 0, &raw mut set));
        assert_eq!(rows_of(set), []);
    }
}

#[test]
fn folder_and_child_folders_are_walked() {
    fn walk(folder: &sys::IMAPIContainer, depth: usize, tree: &mut Vec<(usize, String)>) {
        const COLUMNS: [u32; 2] = [sys::PR_DISPLAY_NAME_W, sys::PR_ENTRYID];
        // SAFETY: it takes flags.
        let table = worked("GetHierarchyTable", unsafe {
            folder.GetHierarchyTable(DEFERRED_ERRORS)
        });
        for row in read(&table, &COLUMNS, sys::TBL_ASYNC, 50) {
            tree.push((depth, row.text(PropTag::DISPLAY_NAME).unwrap().into()));
            walk(&open::<sys::IMAPIContainer>(folder, &row), depth + 1, tree);
        }
    }
    let session = logon();
    let store = default_store(&session);
    let inbox = inbox(&store);
    let of_inbox = props(&inbox);
    assert_eq!(of_inbox.text(PropTag::DISPLAY_NAME), Some("Inbox"));
    // A path begins at the root: no bytes, and a pointer.
    let (mut kind, mut root) = (0, None::<IUnknown>);
    let nothing = 8 as *mut sys::ENTRYID;
    // SAFETY: there are no bytes.
    let opened = unsafe {
        store.OpenEntry(
            0,
            nothing,
            ptr::null_mut(),
            BEST_ACCESS,
            &raw mut kind,
            &mut root,
        )
    };
    worked("OpenEntry of the root", opened);
    assert_eq!(kind, 3, "MAPI_FOLDER");
    let mut tree = Vec::new();
    walk(&root.unwrap().cast().unwrap(), 0, &mut tree);
    assert_eq!(tree[0], (0, "Top of Information Store".into()));
    assert!(
        tree.contains(&(1, "Inbox".into())) && tree.len() == 6,
        "{tree:?}"
    );
}

#[test]
fn contents_are_written_out() {
    const COLUMNS: [u32; 8] = [
        sys::PR_MESSAGE_CLASS_W,
        sys::PR_SUBJECT_W,
        sys::PR_MESSAGE_DELIVERY_TIME,
        sys::PR_HASATTACH,
        sys::PR_ENTRYID,
        sys::PR_SEARCH_KEY,
        sys::PR_RECORD_KEY,
        0x674A_0014,
    ];
    let session = logon();
    let store = default_store(&session);
    let inbox = inbox(&store);
    // SAFETY: the arguments are as the methods demand them.
    unsafe {
        let table = worked("GetContentsTable", inbox.GetContentsTable(UNICODE));
        let mut tags = array(&COLUMNS);
        worked(
            "SetColumns",
            table.SetColumns(as_tags(&mut tags), sys::TBL_BATCH),
        );
        // -Subject and -Recent.
        let mut subject: Vec<u16> = "WELCOME\0".encode_utf16().collect();
        let mut wanted = sys::SPropValue {
            ulPropTag: sys::PR_SUBJECT_W,
            ..Default::default()
        };
        wanted.Value.lpv = subject.as_mut_ptr().cast();
        let mut exists = sys::SRestriction {
            rt: sys::RES_EXIST,
            ..Default::default()
        };
        exists.res.resExist.ulPropTag = sys::PR_SUBJECT_W;
        let mut content = sys::SRestriction {
            rt: sys::RES_CONTENT,
            ..Default::default()
        };
        content.res.resContent = sys::SContentRestriction {
            ulFuzzyLevel: sys::FL_FULLSTRING | sys::FL_IGNORECASE,
            ulPropTag: sys::PR_SUBJECT_W,
            lpProp: &raw mut wanted,
        };
        let mut both = [exists, content];
        let mut all = sys::SRestriction {
            rt: sys::RES_AND,
            ..Default::default()
        };
        all.res.resAnd = sys::SAndRestriction {
            cRes: 2,
            lpRes: both.as_mut_ptr(),
        };
        worked("Restrict", table.Restrict(&raw mut all, sys::TBL_BATCH));
        let mut order = [
            1,
            0,
            0,
            sys::PR_MESSAGE_DELIVERY_TIME,
            sys::TABLE_SORT_DESCEND,
        ];
        worked(
            "SortTable",
            table.SortTable(order.as_mut_ptr().cast(), sys::TBL_BATCH),
        );
        let mut count = 0;
        worked("GetRowCount", table.GetRowCount(0, &raw mut count));
        let mut set = ptr::null_mut();
        worked("QueryRows", table.QueryRows(255, 0, &raw mut set));
        let rows = rows_of(set);
        assert_eq!((count, rows.len()), (1, 1));
        let message: sys::IMessage = open(&inbox, &rows[0]);
        assert_eq!(props(&message).text(PropTag::SUBJECT), Some("Welcome"));
        assert_eq!(
            body(&message),
            "This is the MAPI of mapi-session, in memory."
        );
        let recipients = worked("GetRecipientTable", message.GetRecipientTable(0));
        let mut set = ptr::null_mut();
        worked(
            "QueryRows with the columns of the start",
            recipients.QueryRows(255, 0, &raw mut set),
        );
        let recipients = rows_of(set);
        assert_eq!(
            recipients[0].text(PropTag::DISPLAY_NAME),
            Some("Ana Trujillo")
        );
        let attachments = worked("GetAttachmentTable", message.GetAttachmentTable(0));
        let columns = [
            sys::PR_ATTACH_NUM,
            sys::PR_ATTACH_METHOD,
            sys::PR_ATTACH_FILENAME_W,
            sys::PR_DISPLAY_NAME_W,
        ];
        let attachments = read(&attachments, &columns, sys::TBL_BATCH, 255);
        assert_eq!(attachments.len(), 1);
        let number = attachments[0].bits(PropTag::ATTACH_NUM).unwrap();
        let mut attachment = None;
        worked(
            "OpenAttach",
            message.OpenAttach(number, ptr::null_mut(), BEST_ACCESS, &mut attachment),
        );
        let of_attachment = props(&attachment.unwrap());
        assert_eq!(
            of_attachment.text(PropTag::ATTACH_LONG_FILENAME),
            Some("read me.txt")
        );
    }
}

/// PR_BODY, by a stream whose size is asked for first.
fn body(message: &sys::IMessage) -> String {
    let mut interface = IStream::IID;
    let mut stream = None;
    // SAFETY: it takes the interface, and what comes out; there is room for what is read.
    unsafe {
        let opened = message.OpenProperty(sys::PR_BODY_W, &raw mut interface, 0, 0, &mut stream);
        worked("OpenProperty", opened);
        let stream: IStream = stream.unwrap().cast().unwrap();
        let mut stat = Default::default();
        worked(
            "Stat",
            stream.Stat(&raw mut stat, windows::Win32::System::Com::STATFLAG_NONAME),
        );
        let mut bytes = vec![0; stat.cbSize as usize];
        let mut read = 0;
        let stream: ISequentialStream = stream.cast().unwrap();
        let got = stream.Read(
            bytes.as_mut_ptr().cast(),
            bytes.len() as u32,
            Some(&raw mut read),
        );
        assert!(
            got.is_ok() && read as usize == bytes.len(),
            "the whole by one call"
        );
        let units: Vec<u16> = bytes
            .chunks(2)
            .map(|it| u16::from_le_bytes([it[0], it[1]]))
            .collect();
        String::from_utf16(&units)
            .unwrap()
            .trim_end_matches('\0')
            .into()
    }
}

#[test]
fn receive_folder_lists_the_classes() {
    const COLUMNS: [u32; 4] = [
        sys::PR_INSTANCE_KEY,
        sys::PR_ENTRYID,
        sys::PR_MESSAGE_CLASS_W,
        sys::PR_OBJECT_TYPE,
    ];
    let session = logon();
    let store = default_store(&session);
    // SAFETY: it takes flags.
    let table = worked("GetReceiveFolderTable", unsafe {
        store.GetReceiveFolderTable(0)
    });
    let rows = read(&table, &COLUMNS, sys::TBL_ASYNC, 10);
    let classes: Vec<_> = rows
        .iter()
        .map(|it| it.text(PropTag::MESSAGE_CLASS).unwrap())
        .collect();
    assert_eq!(classes, ["", "IPM"]);
}

fn profiles() -> sys::IProfAdmin {
    initialize();
    let mut admin = ptr::null_mut();
    let code = call!(MAPIAdminProfiles(0 => u32, &raw mut admin => *mut *mut c_void) -> i32);
    given("MAPIAdminProfiles", code, admin)
}

#[test]
fn profile_lists_and_exports() {
    const PR_DISPLAY_NAME_A: u32 = 0x3001_001E;
    let profiles = profiles();
    // SAFETY: the arguments are as the methods demand them.
    unsafe {
        let table = worked("GetProfileTable", profiles.GetProfileTable(0));
        let rows = all_rows(&table, Some(&[sys::PR_DEFAULT_PROFILE, PR_DISPLAY_NAME_A]));
        let name = Property::new(PropTag::new(PR_DISPLAY_NAME_A), "Outlook");
        assert_eq!(
            &rows[0][..],
            [Property::new(PropTag::DEFAULT_PROFILE, true), name]
        );
        let (name, password) = (
            c"Outlook".as_ptr().cast_mut().cast(),
            c"".as_ptr().cast_mut().cast(),
        );
        let mut admin = None;
        let opened = profiles.AdminServices(name, password, 0, sys::MAPI_DIALOG, &mut admin);
        worked("AdminServices", opened);
        let admin = admin.unwrap();
        let table = worked("GetMsgServiceTable", admin.GetMsgServiceTable(0));
        let services = all_rows(&table, None);
        assert!(!services.is_empty());
        for service in services {
            let mut uid = uid(service.binary(PropTag::SERVICE_UID).unwrap());
            section_of_service(&admin, &mut uid);
            let mut providers = None;
            worked(
                "AdminProviders",
                admin.AdminProviders(&raw mut uid, 0, &mut providers),
            );
            let providers = providers.unwrap();
            let table = worked("GetProviderTable", providers.GetProviderTable(0));
            for row in all_rows(&table, None) {
                section_of_provider(&providers, row.binary(PropTag::PROVIDER_UID).unwrap());
            }
        }
    }
}

fn uid(bytes: &[u8]) -> sys::MAPIUID {
    sys::MAPIUID {
        ab: bytes.try_into().unwrap(),
    }
}

const MAPI_FORCE_ACCESS: u32 = 0x0008_0000;
const NO_ACCESS: i32 = 0x8007_0005_u32 as i32;

/// MFCMAPI's OpenProfileSection of a service: where it is refused, a pointer behind the interface is tried.
unsafe fn section_of_service(admin: &sys::IMsgServiceAdmin, uid: &mut sys::MAPIUID) {
    let mut section = None;
    // SAFETY: as MFCMAPI does it.
    unsafe {
        let flags = sys::MAPI_MODIFY | MAPI_FORCE_ACCESS;
        _ = admin.OpenProfileSection(uid, ptr::null_mut(), flags, &mut section);
        match section {
            Some(section) => assert!(!props(&section).is_empty()),
            None => {
                let behind = admin.as_raw().byte_add(0x48).cast::<*mut c_void>().read();
                assert!(behind.is_null(), "MFCMAPI calls through it");
            }
        }
    }
}

/// The same of a provider: where it is refused, a byte behind the interface is written. Clients do not write
/// a provider's section (P12), so it is refused again; MFCMAPI goes on.
unsafe fn section_of_provider(admin: &sys::IProviderAdmin, id: &[u8]) {
    let (mut uid, mut section) = (uid(id), None);
    // SAFETY: as MFCMAPI does it.
    unsafe {
        let flags = sys::MAPI_MODIFY | MAPI_FORCE_ACCESS;
        let opened = admin.OpenProfileSection(&raw mut uid, ptr::null_mut(), flags, &mut section);
        assert_eq!(opened.unwrap_err().code().0, NO_ACCESS);
        admin.as_raw().byte_add(0x60).cast::<u8>().write(2);
        let again = sys::MAPI_MODIFY;
        let opened = admin.OpenProfileSection(&raw mut uid, ptr::null_mut(), again, &mut section);
        assert_eq!(opened.unwrap_err().code().0, NO_ACCESS);
        assert!(section.is_none());
        // To be read, it is opened.
        let flags = MAPI_FORCE_ACCESS;
        let opened = admin.OpenProfileSection(&raw mut uid, ptr::null_mut(), flags, &mut section);
        worked("OpenProfileSection of a provider", opened);
        assert!(!props(&section.unwrap()).is_empty());
    }
}

#[test]
fn a_refused_section_of_a_service_does_not_crash() {
    let profiles = profiles();
    // SAFETY: the arguments are as the methods demand them.
    unsafe {
        let name = c"Outlook".as_ptr().cast_mut().cast();
        let mut admin = None;
        worked(
            "AdminServices",
            profiles.AdminServices(name, ptr::null_mut(), 0, 0, &mut admin),
        );
        let mut nobodys = sys::MAPIUID { ab: [0x77; 16] };
        let admin = admin.unwrap();
        let mut section = None;
        let opened = admin.OpenProfileSection(&raw mut nobodys, ptr::null_mut(), 0, &mut section);
        assert!(opened.is_err() && section.is_none());
        section_of_service(&admin, &mut nobodys);
    }
}

#[test]
fn named_props_lists_every_name() {
    let session = logon();
    let store = default_store(&session);
    let (mut tags, mut count, mut names) = (ptr::null_mut(), 0, ptr::null_mut());
    // SAFETY: it takes null for all, and what comes out.
    unsafe {
        let got = store.GetNamesFromIDs(
            &raw mut tags,
            ptr::null_mut(),
            0,
            &raw mut count,
            &raw mut names,
        );
        worked("GetNamesFromIDs", got);
        assert_eq!((count, (*tags).cValues), (1, 1));
        assert_eq!((*tags).aulPropTag[0] >> 16, 0x8000);
        assert_eq!((**names).Kind.lpwstrName.to_string().unwrap(), "Keywords");
    }
    call!(MAPIFreeBuffer(tags.cast() => *mut c_void) -> u32);
    call!(MAPIFreeBuffer(names.cast() => *mut c_void) -> u32);
}

#[test]
fn one_property_is_got_and_set() {
    let session = logon();
    let store = default_store(&session);
    let inbox = inbox(&store);
    let get = |tag: u32| {
        let mut value = ptr::null_mut::<sys::SPropValue>();
        let code = call!(HrGetOneProp(
            inbox.as_raw() => *mut c_void, tag => u32, &raw mut value => *mut *mut sys::SPropValue
        ) -> i32);
        // SAFETY: null, or a property.
        let props = unsafe { mapi_session_outlook::properties(value, 1) };
        call!(MAPIFreeBuffer(value.cast() => *mut c_void) -> u32);
        (HRESULT(code), props)
    };
    assert_eq!(
        get(sys::PR_DISPLAY_NAME_W).1,
        [Property::new(PropTag::DISPLAY_NAME, "Inbox")]
    );
    assert_eq!(
        get(0x6677_0003),
        (HRESULT(0x8004_010F_u32 as i32), Vec::new())
    );
    let mut value = sys::SPropValue {
        ulPropTag: 0x6677_0003,
        ..Default::default()
    };
    value.Value.l = 7;
    let set = call!(HrSetOneProp(
        inbox.as_raw() => *mut c_void, &raw mut value => *mut sys::SPropValue
    ) -> i32);
    assert_eq!((set, get(0x6677_0003).0), (0, HRESULT(0)));
    value.ulPropTag = sys::PR_OBJECT_TYPE;
    let computed = call!(HrSetOneProp(
        inbox.as_raw() => *mut c_void, &raw mut value => *mut sys::SPropValue
    ) -> i32);
    assert!(computed < 0, "the problem is the failure");
    let exists = |tag: u32| call!(FPropExists(inbox.as_raw() => *mut c_void, tag => u32) -> i32);
    assert_eq!(
        (exists(sys::PR_DISPLAY_NAME_W), exists(0x6678_0003)),
        (1, 0)
    );
}
