//! Calls through the vtables of what is served that no sane program makes: any flags, nulls, identifiers that
//! are cut or changed, objects that are released in any order, sessions that have ended.
//!
//! `MAPI_SESSION_HOSTILE_CALLS` is how many there are; without it 200,000.

use std::ffi::c_void;
use std::ptr;

use mapi_session::memory::{AddressBook, Folder, Memory, Message, Profile, Store};
use mapi_session::subsystem::Subsystem;
use mapi_session::{Notification, UiParam};
use mapi_session_outlook::outlook_mapi::sys;
use mapi_session_outlook::{serve, serve_sink};
use windows::Win32::System::Com::IStream;
use windows_core::{GUID, HRESULT, IUnknown, Interface};

use crate::fake;

/// Numbers that look random, and are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.roll() % limit as u64) as usize
    }

    /// Mostly flags that there are.
    fn flags(&mut self) -> u32 {
        match self.below(4) {
            0 => 0,
            1 => 1 << self.below(32),
            2 => sys::MAPI_UNICODE | 1,
            _ => self.roll() as u32,
        }
    }

    fn tag(&mut self) -> u32 {
        const KINDS: [u32; 12] = [0, 1, 2, 3, 0xA, 0xB, 0x14, 0x1E, 0x1F, 0x40, 0x102, 0x101F];
        const IDS: [u32; 8] = [
            0x0037, 0x3001, 0x0FFF, 0x1000, 0x0E07, 0x6600, 0x8000, 0xFFFF,
        ];
        IDS[self.below(IDS.len())] << 16 | KINDS[self.below(KINDS.len())]
    }
}

const INTERFACES: [GUID; 8] = [
    IUnknown::IID,
    sys::IMAPIProp::IID,
    sys::IMsgStore::IID,
    sys::IMAPIFolder::IID,
    sys::IMessage::IID,
    sys::IAddrBook::IID,
    IStream::IID,
    GUID::from_u128(0x7777),
];

/// The objects that a hostile client has, and what it knows.
struct Client {
    memory: Memory,
    dice: Dice,
    sessions: Vec<sys::IMAPISession>,
    objects: Vec<IUnknown>,
    ids: Vec<Vec<u8>>,
    /// How many objects it was given.
    given: u64,
}

/// An argument: some bytes that are an array of what they are taken for, or nothing.
struct Place {
    words: Vec<u64>,
    is_null: bool,
}

impl Place {
    fn ptr<T>(&mut self) -> *mut T {
        match self.is_null {
            true => ptr::null_mut(),
            false => self.words.as_mut_ptr().cast(),
        }
    }
}

impl Client {
    fn null(&mut self) -> bool {
        self.dice.below(8) == 0
    }

    fn id(&mut self) -> (u32, Vec<u8>) {
        let which = self.dice.below(self.ids.len());
        let mut id = self.ids[which].clone();
        match self.dice.below(6) {
            0 => id.truncate(self.dice.below(id.len() + 1)),
            1 if !id.is_empty() => {
                let at = self.dice.below(id.len());
                id[at] ^= 1 << self.dice.below(8);
            }
            2 => id.push(0),
            _ => {}
        }
        (id.len() as u32, id)
    }

    fn interface(&mut self) -> Option<GUID> {
        (self.dice.below(3) == 0).then(|| INTERFACES[self.dice.below(INTERFACES.len())])
    }

    fn tags(&mut self) -> Place {
        let count = self.dice.below(4);
        let mut words = vec![count as u32];
        words.extend((0..=count).map(|_| self.dice.tag()));
        words.resize(8, 0);
        let words = words
            .chunks(2)
            .map(|it| u64::from(it[0]) | u64::from(it[1]) << 32);
        Place {
            words: words.collect(),
            is_null: self.null(),
        }
    }

    /// Takes what has come out of a call.
    fn keep(&mut self, code: HRESULT, place: *mut c_void) {
        if code.0 < 0 {
            assert!(place.is_null(), "a failure gives null");
        } else if !place.is_null() {
            self.given += 1;
            // SAFETY: an object that nobody else has.
            self.objects.push(unsafe { IUnknown::from_raw(place) });
        }
        if self.objects.len() > 40 {
            let which = self.dice.below(self.objects.len());
            drop(self.objects.swap_remove(which));
        }
    }

    fn free(code: HRESULT, place: *mut c_void) {
        if code.0 < 0 {
            assert!(place.is_null(), "a failure gives null");
        }
        // SAFETY: null, or MAPI's memory that nobody else has.
        unsafe { sys::MAPIFreeBuffer(place) };
    }

    fn free_rows(code: HRESULT, place: *mut sys::SRowSet) {
        if code.0 < 0 {
            assert!(place.is_null(), "a failure gives null");
        }
        // SAFETY: null, or a set that nobody else has.
        unsafe { sys::FreeProws(place) };
    }

    fn logon(&mut self) {
        const FLAGS: [u32; 4] = [0x22, 0x2A, 0x20, 0x21];
        let flags = FLAGS[self.dice.below(FLAGS.len())];
        let session = self.memory.logon_ex(UiParam::NONE, Some("P"), None, flags);
        if let Ok(session) = session {
            self.sessions.push(serve(session.ignore_warning()).unwrap());
        }
        if self.sessions.len() > 4 {
            let which = self.dice.below(self.sessions.len());
            drop(self.sessions.swap_remove(which));
        }
    }

    fn step(&mut self) {
        match self.dice.below(64) {
            0 => self.logon(),
            1 => self.objects.clear(),
            2..24 if !self.sessions.is_empty() => self.call_session(),
            _ if !self.objects.is_empty() => self.call_object(),
            _ => self.logon(),
        }
    }

    fn call_session(&mut self) {
        let which = self.dice.below(self.sessions.len());
        let session = self.sessions[which].clone();
        let (flags, mut place, null) = (self.dice.flags(), ptr::null_mut::<c_void>(), self.null());
        let mut interface = self.interface();
        let interface = interface.as_mut().map_or(ptr::null_mut(), ptr::from_mut);
        let (count, mut id) = self.id();
        let id = if self.null() {
            ptr::null_mut()
        } else {
            id.as_mut_ptr().cast::<sys::ENTRYID>()
        };
        let out = if null {
            ptr::null_mut()
        } else {
            &raw mut place
        };
        let (it, of) = (session.as_raw(), session.vtable());
        let mut size = 0_u32;
        // SAFETY: what the arguments point to is there, or null.
        unsafe {
            match self.dice.below(12) {
                0 => {
                    let code = (of.GetMsgStoresTable)(it, flags, out.cast());
                    self.keep(code, place);
                }
                1 => {
                    let code = (of.GetStatusTable)(it, flags, out.cast());
                    self.keep(code, place);
                }
                2 => {
                    let code = (of.AdminServices)(it, flags, out.cast());
                    self.keep(code, place);
                }
                3 => {
                    let code = (of.OpenMsgStore)(it, 0, count, id, interface, flags, out);
                    self.keep(code, place);
                }
                4 | 5 => {
                    let code = (of.OpenEntry)(it, count, id, interface, flags, &raw mut size, out);
                    self.keep(code, place);
                }
                6 => {
                    let code = (of.OpenAddressBook)(it, 0, interface, flags, out);
                    self.keep(code, place);
                }
                7 => {
                    let mut uid = sys::MAPIUID {
                        ab: [self.dice.below(4) as u8; 16],
                    };
                    let code = (of.OpenProfileSection)(it, &raw mut uid, interface, flags, out);
                    self.keep(code, place);
                }
                8 => {
                    let code = (of.QueryIdentity)(it, &raw mut size, out.cast());
                    Self::free(code, place);
                }
                9 => {
                    let sink = serve_sink(|_: &Notification| {});
                    let mut connection = 0;
                    _ = (of.Advise)(it, count, id, flags, sink.as_raw(), &raw mut connection);
                    let connection = connection.wrapping_add(self.dice.below(2));
                    _ = (of.Unadvise)(it, connection);
                }
                10 => {
                    let code = (of.GetLastError)(it, HRESULT(flags as i32), flags, out.cast());
                    Self::free(code, place);
                }
                _ if self.dice.below(8) == 0 => {
                    _ = (of.Logoff)(it, 0, flags, self.dice.below(2) as u32);
                }
                _ => {
                    let compare = of.CompareEntryIDs;
                    _ = compare(it, count, id, count, id, flags, &raw mut size);
                }
            }
        }
    }

    fn call_object(&mut self) {
        let which = self.dice.below(self.objects.len());
        let object = self.objects[which].clone();
        if let Ok(table) = object.cast::<sys::IMAPITable>() {
            self.call_table(&table);
        } else if let Ok(folder) = object.cast::<sys::IMAPIFolder>() {
            self.call_folder(&folder);
        } else if let Ok(message) = object.cast::<sys::IMessage>() {
            self.call_message(&message);
        } else if let Ok(store) = object.cast::<sys::IMsgStore>() {
            self.call_store(&store);
        } else if let Ok(object) = object.cast::<sys::IMAPIProp>() {
            self.call_props(&object);
        } else if let Ok(admin) = object.cast::<sys::IMsgServiceAdmin>() {
            let mut place = ptr::null_mut();
            let flags = self.dice.flags();
            // SAFETY: it takes flags, and what comes out.
            let code =
                unsafe { (admin.vtable().GetProviderTable)(admin.as_raw(), flags, &raw mut place) };
            self.keep(code, place);
        } else if let Ok(stream) = object.cast::<IStream>() {
            let mut bytes = [0_u8; 64];
            let by = self.dice.roll() as i64;
            let origin = windows::Win32::System::Com::STREAM_SEEK(self.dice.below(4) as u32);
            // SAFETY: there is room.
            unsafe {
                _ = stream.Seek(by, origin, None);
                _ = stream.Read(bytes.as_mut_ptr().cast(), 64, None);
            }
        }
    }

    fn call_table(&mut self, table: &sys::IMAPITable) {
        let (flags, mut place) = (self.dice.flags(), ptr::null_mut::<c_void>());
        let (mut tags, number) = (self.tags(), self.dice.roll() as i32);
        let bookmark = self.dice.below(6);
        let (it, of) = (table.as_raw(), table.vtable());
        let mut size = 0_u32;
        // SAFETY: what the arguments point to is there, or null.
        unsafe {
            match self.dice.below(10) {
                0 => _ = (of.SetColumns)(it, tags.ptr(), flags),
                1 => _ = (of.SeekRow)(it, bookmark, number, ptr::null_mut()),
                2 | 3 => {
                    let mut rows = ptr::null_mut();
                    let code = (of.QueryRows)(it, number % 9, flags, &raw mut rows);
                    if code.0 >= 0 && !rows.is_null() && (*rows).cRows > 0 {
                        let row = (*rows).aRow[0];
                        let props = mapi_session_outlook::properties(row.lpProps, row.cValues);
                        self.learn(&props);
                    }
                    Self::free_rows(code, rows);
                }
                4 => _ = (of.GetRowCount)(it, flags, &raw mut size),
                5 => {
                    let mut value = sys::SPropValue {
                        ulPropTag: self.dice.tag(),
                        ..Default::default()
                    };
                    value.Value.li = 0;
                    let mut wanted = sys::SRestriction {
                        rt: self.dice.below(12) as u32,
                        ..Default::default()
                    };
                    wanted.res.resProperty = sys::SPropertyRestriction {
                        relop: self.dice.below(8) as u32,
                        ulPropTag: self.dice.tag(),
                        lpProp: &raw mut value,
                    };
                    // Only those whose shape this is.
                    if matches!(wanted.rt, sys::RES_PROPERTY | 9..) {
                        _ = (of.Restrict)(it, &raw mut wanted, flags);
                        _ = (of.FindRow)(it, &raw mut wanted, bookmark, flags);
                    }
                }
                6 => {
                    let mut order = [1, 0, 0, self.dice.tag(), self.dice.below(3) as u32];
                    _ = (of.SortTable)(it, order.as_mut_ptr().cast(), flags);
                }
                7 => {
                    let code = (of.QueryColumns)(it, flags, (&raw mut place).cast());
                    Self::free(code, place);
                }
                8 => {
                    let mut made = 0;
                    _ = (of.CreateBookmark)(it, &raw mut made);
                    _ = (of.FreeBookmark)(it, made.wrapping_add(self.dice.below(3)));
                }
                _ => _ = (of.Restrict)(it, ptr::null_mut(), 0),
            }
        }
    }

    /// Remembers the identifiers.
    fn learn(&mut self, props: &[mapi_session::property::Property]) {
        for property in props {
            if let mapi_session::property::PropertyValue::Binary(id) = &property.value {
                if self.ids.len() > 60 {
                    let which = self.dice.below(self.ids.len());
                    self.ids.swap_remove(which);
                }
                self.ids.push(id.to_vec());
            }
        }
    }

    fn call_props(&mut self, object: &sys::IMAPIProp) {
        let (flags, mut place, mut tags) =
            (self.dice.flags(), ptr::null_mut::<c_void>(), self.tags());
        let (it, of) = (object.as_raw(), object.vtable());
        let mut size = 0_u32;
        // SAFETY: what the arguments point to is there, or null.
        unsafe {
            match self.dice.below(7) {
                0 | 1 => {
                    let code = (of.GetProps)(
                        it,
                        tags.ptr(),
                        flags,
                        &raw mut size,
                        (&raw mut place).cast(),
                    );
                    Self::free(code, place);
                }
                2 => {
                    let code = (of.GetPropList)(it, flags, (&raw mut place).cast());
                    Self::free(code, place);
                }
                3 => {
                    let mut value = sys::SPropValue {
                        ulPropTag: self.dice.tag(),
                        ..Default::default()
                    };
                    value.Value.li = 0;
                    let code = (of.SetProps)(it, 1, &raw mut value, (&raw mut place).cast());
                    Self::free(code, place);
                }
                4 => {
                    let code = (of.DeleteProps)(it, tags.ptr(), (&raw mut place).cast());
                    Self::free(code, place);
                }
                5 => {
                    let mut iid = self.interface().unwrap_or(IStream::IID);
                    let (tag, iid) = (self.dice.tag(), &raw mut iid);
                    let code =
                        (of.OpenProperty)(it, tag, iid, 0, flags % 4, (&raw mut place).cast());
                    self.keep(code, place);
                }
                _ => _ = (of.SaveChanges)(it, flags),
            }
        }
    }

    fn call_store(&mut self, store: &sys::IMsgStore) {
        let (flags, mut place) = (self.dice.flags(), ptr::null_mut::<c_void>());
        let (count, mut id) = self.id();
        let id = if self.null() {
            ptr::null_mut()
        } else {
            id.as_mut_ptr().cast::<sys::ENTRYID>()
        };
        let (it, of) = (store.as_raw(), store.vtable());
        let mut size = 0_u32;
        // SAFETY: what the arguments point to is there, or null.
        unsafe {
            match self.dice.below(5) {
                0 | 1 => {
                    let out = (&raw mut place).cast();
                    let code =
                        (of.OpenEntry)(it, count, id, ptr::null_mut(), flags, &raw mut size, out);
                    self.keep(code, place);
                }
                2 => {
                    let code = (of.GetReceiveFolderTable)(it, flags, &raw mut place);
                    self.keep(code, place);
                }
                3 => {
                    let mut asked = flags;
                    _ = (of.StoreLogoff)(it, &raw mut asked);
                }
                _ => self.call_props(store),
            }
        }
    }

    fn call_folder(&mut self, folder: &sys::IMAPIFolder) {
        let (flags, mut place) = (self.dice.flags(), ptr::null_mut::<c_void>());
        let (count, mut id) = self.id();
        let mut one = sys::SBinary {
            cb: count,
            lpb: id.as_mut_ptr(),
        };
        let mut list = sys::SBinaryArray {
            cValues: 1,
            lpbin: &raw mut one,
        };
        let list = if self.null() {
            ptr::null_mut()
        } else {
            &raw mut list
        };
        let (it, of) = (folder.as_raw(), folder.vtable());
        // SAFETY: what the arguments point to is there, or null.
        unsafe {
            match self.dice.below(7) {
                0 => {
                    let code = (of.base__.GetContentsTable)(it, flags, &raw mut place);
                    self.keep(code, place);
                }
                1 => {
                    let code = (of.base__.GetHierarchyTable)(it, flags, &raw mut place);
                    self.keep(code, place);
                }
                2 => {
                    let code = (of.CreateMessage)(it, ptr::null_mut(), flags, &raw mut place);
                    self.keep(code, place);
                }
                3 => _ = (of.DeleteMessages)(it, list, 0, ptr::null_mut(), flags),
                4 => _ = (of.SetReadFlags)(it, list, 0, ptr::null_mut(), flags),
                _ => self.call_props(folder),
            }
        }
    }

    fn call_message(&mut self, message: &sys::IMessage) {
        let (flags, mut place) = (self.dice.flags(), ptr::null_mut::<c_void>());
        let number = self.dice.below(3) as u32;
        let (it, of) = (message.as_raw(), message.vtable());
        // SAFETY: what the arguments point to is there, or null.
        unsafe {
            match self.dice.below(7) {
                0 => {
                    let code = (of.GetRecipientTable)(it, flags, &raw mut place);
                    self.keep(code, place);
                }
                1 => {
                    let code = (of.GetAttachmentTable)(it, flags, &raw mut place);
                    self.keep(code, place);
                }
                2 => {
                    let code = (of.OpenAttach)(it, number, ptr::null_mut(), flags, &raw mut place);
                    self.keep(code, place);
                }
                3 => _ = (of.SubmitMessage)(it, flags),
                4 => {
                    let mut number = 0;
                    let (interface, flags) = (ptr::null_mut(), flags & 8);
                    let code =
                        (of.CreateAttach)(it, interface, flags, &raw mut number, &raw mut place);
                    self.keep(code, place);
                }
                _ => self.call_props(message),
            }
        }
    }
}

fn memory() -> Memory {
    let letter = Message::from("Hello")
        .body("How are you?")
        .to("Ana")
        .attachment("a.txt", "text");
    let inbox = Folder::new("Inbox")
        .message(letter)
        .folder(Folder::new("Deep"));
    let mailbox = Store::new("Mailbox")
        .default_store()
        .identity("Ana")
        .folder(inbox);
    let profile = Profile::new("P")
        .store(mailbox)
        .store(Store::new("Archive").read_only());
    let profile = profile.address_book(AddressBook::new("Contacts").mail_user("Ana"));
    Memory::builder().profile(profile).build().unwrap()
}

#[test]
fn hostile_calls_end_without_a_crash_or_a_leak() {
    let calls = std::env::var("MAPI_SESSION_HOSTILE_CALLS").ok();
    let calls: u64 = calls.and_then(|it| it.parse().ok()).unwrap_or(200_000);
    fake::load();
    const A_RUN: u64 = 50_000;
    for run in 0..calls.div_ceil(A_RUN) {
        let memory = memory();
        memory.initialize(0, 0).unwrap();
        let id = |path: &[&str]| memory.entry_id("P", path).unwrap().as_bytes().to_vec();
        let mut client = Client {
            dice: Dice::new(run + 1),
            sessions: Vec::new(),
            objects: Vec::new(),
            ids: vec![
                Vec::new(),
                id(&["Mailbox"]),
                id(&["Archive"]),
                id(&["Mailbox", "Inbox"]),
                id(&["Mailbox", "Inbox", "Hello"]),
            ],
            memory: memory.clone(),
            given: 0,
        };
        for _ in 0..A_RUN.min(calls) {
            client.step();
        }
        // Not only refusals.
        assert!(client.given > A_RUN / 100, "{}", client.given);
        client.objects.clear();
        client.sessions.clear();
        assert_eq!(memory.open_sessions(), 0);
        memory.uninitialize();
        assert_eq!(fake::outstanding(), 0, "MAPI's memory that is not freed");
    }
}
