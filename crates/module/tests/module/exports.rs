//! The exports of `olmapi32.dll`, called as a C program calls them, each as its page in the MAPI reference
//! has it; and those of `mapi32.dll`, which are the same.

use std::ffi::{CStr, c_void};
use std::ptr;

use outlook_mapi::sys;
use windows::Win32::System::Com::IStream;
use windows_core::{Interface, PSTR, PWSTR};

use crate::address;

const INVALID: i32 = 0x8007_0057_u32 as i32;
const NOT_FOUND: i32 = 0x8004_010F_u32 as i32;

fn allocate(size: u32) -> *mut c_void {
    let mut place = ptr::null_mut();
    assert_eq!(
        call!(MAPIAllocateBuffer(size => u32, &raw mut place => *mut *mut c_void) -> i32),
        0
    );
    place
}

fn allocate_more(size: u32, root: *mut c_void) -> (i32, *mut c_void) {
    let mut place = ptr::dangling_mut::<c_void>();
    let code = call!(MAPIAllocateMore(
        size => u32, root => *mut c_void, &raw mut place => *mut *mut c_void
    ) -> i32);
    (code, place)
}

fn free(start: *mut c_void) -> u32 {
    call!(MAPIFreeBuffer(start => *mut c_void) -> u32)
}

#[test]
fn memory_is_chained_and_freed_once() {
    let root = allocate(100);
    assert_eq!(root as usize % 16, 0);
    let (code, more) = allocate_more(7, root);
    assert!(code == 0 && !more.is_null());
    // What is chained is no block of its own.
    assert_ne!(free(more), 0);
    assert_eq!(free(root), 0);
    assert_ne!(free(root), 0, "freed twice");
    assert_eq!(free(ptr::null_mut()), 0);
    assert_eq!(allocate_more(7, root), (INVALID, ptr::null_mut()));
    assert_eq!(
        call!(MAPIAllocateBuffer(7 => u32, ptr::null_mut() => *mut *mut c_void) -> i32),
        INVALID
    );
    // Nothing is something.
    let (one, other) = (allocate(0), allocate(0));
    assert!(one != other && !one.is_null());
    assert_eq!((free(one), free(other)), (0, 0));
}

#[test]
fn memory_is_for_all_threads() {
    let threads: Vec<_> = (0..8_u8)
        .map(|thread| {
            std::thread::spawn(move || {
                for size in 0..2000_u32 {
                    let root = allocate(size + 1);
                    let (_, more) = allocate_more(size + 1, root);
                    // SAFETY: there are so many bytes.
                    unsafe {
                        root.cast::<u8>().add(size as usize).write(thread);
                        more.cast::<u8>().add(size as usize).write(thread);
                        assert_eq!(root.cast::<u8>().add(size as usize).read(), thread);
                    }
                    assert_eq!(free(root), 0);
                }
            })
        })
        .collect();
    threads.into_iter().for_each(|it| it.join().unwrap());
}

#[test]
fn com_has_an_allocator() {
    let malloc = call!(MAPIGetDefaultMalloc() -> *mut c_void);
    assert!(!malloc.is_null());
    assert!(call!(UlAddRef(malloc => *mut c_void) -> u32) > 0);
    call!(UlRelease(malloc => *mut c_void) -> u32);
    call!(UlRelease(malloc => *mut c_void) -> u32);
    assert_eq!(call!(UlRelease(ptr::null_mut() => *mut c_void) -> u32), 0);
}

fn value(tag: u32) -> sys::SPropValue {
    sys::SPropValue {
        ulPropTag: tag,
        ..Default::default()
    }
}

fn long(tag: u32, number: i32) -> sys::SPropValue {
    let mut value = value(tag);
    value.Value.l = number;
    value
}

fn wide(tag: u32, text: &mut [u16]) -> sys::SPropValue {
    let mut value = value(tag);
    value.Value.lpszW = PWSTR(text.as_mut_ptr());
    value
}

#[test]
fn a_property_is_found_by_its_tag() {
    let mut all = [long(0x3001_0003, 1), long(0x3002_001E, 2)];
    let values = all.as_mut_ptr();
    let find = |tag: u32| {
        call!(PpropFindProp(
            values => *mut sys::SPropValue, 2 => u32, tag => u32
        ) -> *mut sys::SPropValue)
    };
    let of_id = |tag: u32| {
        call!(LpValFindProp(
            tag => u32, 2 => u32, values => *mut sys::SPropValue
        ) -> *mut sys::SPropValue)
    };
    let second = values.wrapping_add(1);
    for (tag, by_tag, by_id) in [
        (0x3001_0003, values, values),
        (0x3002_0000, second, second),
        (0x3002_001F, ptr::null_mut(), second),
        (0x3003_0003, ptr::null_mut(), ptr::null_mut()),
    ] {
        assert_eq!((find(tag), of_id(tag)), (by_tag, by_id), "{tag:#X}");
    }
    let none = call!(PpropFindProp(
        3 as *mut _ => *mut sys::SPropValue, 0 => u32, 0x3001_0003 => u32
    ) -> *mut sys::SPropValue);
    assert!(none.is_null(), "a count of zero, and an odd pointer");
}

/// Every shape of a value: inside, bytes, a text, an array, and arrays that point further.
fn with_shapes(test: impl FnOnce(&mut [sys::SPropValue])) {
    let mut text: Vec<u16> = "Größe\0".encode_utf16().collect();
    let mut ansi = *b"plain\0";
    let mut bytes = [1_u8, 2, 3, 4, 5];
    let mut numbers = [1_i64, -1, i64::MAX];
    let mut texts = [PWSTR(text.as_mut_ptr()), PWSTR(text.as_mut_ptr())];
    let mut binaries = [
        sys::SBinary {
            cb: 5,
            lpb: bytes.as_mut_ptr(),
        },
        sys::SBinary {
            cb: 0,
            lpb: ptr::null_mut(),
        },
    ];
    let mut all = [
        long(0x6601_0003, 7),
        wide(0x6602_001F, &mut text),
        value(0x6603_001E),
        value(0x6604_0102),
        value(0x6605_1014),
        value(0x6606_101F),
        value(0x6607_1102),
    ];
    all[2].Value.lpszA = PSTR(ansi.as_mut_ptr());
    all[3].Value.bin = sys::SBinary {
        cb: 5,
        lpb: bytes.as_mut_ptr(),
    };
    all[4].Value.MVli = sys::SLargeIntegerArray {
        cValues: 3,
        lpli: numbers.as_mut_ptr(),
    };
    all[5].Value.MVszW = sys::SWStringArray {
        cValues: 2,
        lppszW: texts.as_mut_ptr(),
    };
    all[6].Value.MVbin = sys::SBinaryArray {
        cValues: 2,
        lpbin: binaries.as_mut_ptr(),
    };
    test(&mut all);
}

fn read(values: *const sys::SPropValue, count: usize) -> Vec<mapi_session::property::Property> {
    // SAFETY: there are so many.
    unsafe { mapi_session_outlook::properties(values, count as u32) }
}

#[test]
fn properties_are_copied_whole() {
    with_shapes(|all| {
        let count = all.len() as i32;
        let original = read(all.as_ptr(), all.len());
        let mut size = 0;
        let counted = call!(ScCountProps(
            count => i32, all.as_ptr() => *const sys::SPropValue, &raw mut size => *mut u32
        ) -> i32);
        assert_eq!(counted, 0);
        // Into a buffer of ours, which then moves.
        let mut buffer = vec![0_u64; size as usize / 8 + 1];
        let mut written = 0;
        let start = buffer.as_mut_ptr().cast::<c_void>();
        let copied = call!(ScCopyProps(
            count => i32, all.as_ptr() => *const sys::SPropValue, start => *mut c_void,
            &raw mut written => *mut u32
        ) -> i32);
        assert_eq!((copied, written), (0, size));
        assert_eq!(read(start.cast(), all.len()), original);
        let mut moved = buffer.clone();
        buffer.fill(0xDDDD_DDDD_DDDD_DDDD);
        let now = moved.as_mut_ptr().cast::<c_void>();
        let relocated = call!(ScRelocProps(
            count => i32, now.cast() => *mut sys::SPropValue, start => *mut c_void,
            now => *mut c_void, &raw mut written => *mut u32
        ) -> i32);
        assert_eq!((relocated, written), (0, size));
        assert_eq!(read(now.cast(), all.len()), original);
        // Into a block, and one by one.
        let allocate_buffer = address(c"MAPIAllocateBuffer");
        let mut copy = ptr::null_mut::<sys::SPropValue>();
        let duplicated = call!(ScDupPropset(
            count => i32, all.as_ptr() => *const sys::SPropValue,
            allocate_buffer => *const c_void, &raw mut copy => *mut *mut sys::SPropValue
        ) -> i32);
        assert_eq!(duplicated, 0);
        assert_eq!(read(copy, all.len()), original);
        assert_eq!(free(copy.cast()), 0);
        let root = allocate(1);
        for (property, original) in all.iter().zip(&original) {
            let mut copy = sys::SPropValue::default();
            let copied = call!(PropCopyMore(
                &raw mut copy => *mut sys::SPropValue, property => *const sys::SPropValue,
                address(c"MAPIAllocateMore") => *const c_void, root => *mut c_void
            ) -> i32);
            assert_eq!(copied, 0);
            assert_eq!(&read(&raw const copy, 1)[0], original);
        }
        assert_eq!(free(root), 0);
    });
}

#[test]
fn what_cannot_be_copied_is_refused() {
    let mut size = 0;
    for (property, count, code) in [
        (value(0x6601_0077), 1, INVALID),
        (value(0x0000_0003), 1, INVALID),
        (value(0xFFFF_0003), 1, INVALID),
        (value(0x6601_0003), -1, INVALID),
        (value(0x6601_0003), 1, 0),
    ] {
        let counted = call!(ScCountProps(
            count => i32, &raw const property => *const sys::SPropValue, &raw mut size => *mut u32
        ) -> i32);
        assert_eq!(counted, code, "{:#X}", property.ulPropTag);
    }
    let none = call!(ScCountProps(
        0 => i32, 3 as *const _ => *const sys::SPropValue, &raw mut size => *mut u32
    ) -> i32);
    assert_eq!((none, size), (0, 0));
    let mut copy = 3 as *mut sys::SPropValue;
    let refused = call!(ScDupPropset(
        1 => i32, ptr::null() => *const sys::SPropValue,
        address(c"MAPIAllocateBuffer") => *const c_void, &raw mut copy => *mut *mut sys::SPropValue
    ) -> i32);
    assert_eq!((refused, copy), (INVALID, ptr::null_mut()));
}

#[test]
fn properties_are_compared() {
    let mut texts = ["b\0", "B\0", "abc\0"].map(|it| it.encode_utf16().collect::<Vec<_>>());
    let [one, other, long_text] = &mut texts;
    let [b, big_b, abc] = [one, other, long_text].map(|it| wide(0x6602_001F, it));
    let (two, three) = (long(0x6601_0003, 2), long(0x6601_0003, 3));
    let compare = |one: &sys::SPropValue, relation: u32, other: &sys::SPropValue| {
        call!(FPropCompareProp(
            one => *const sys::SPropValue, relation => u32, other => *const sys::SPropValue
        ) -> i32)
    };
    for (one, relation, other, holds) in [
        (&two, sys::RELOP_LT, &three, 1),
        (&two, sys::RELOP_GE, &three, 0),
        (&two, sys::RELOP_NE, &three, 1),
        (&b, sys::RELOP_EQ, &big_b, 1),
        (&b, sys::RELOP_GT, &abc, 1),
        (&b, sys::RELOP_NE, &two, 0),
        (&two, 0x77, &two, 0),
    ] {
        assert_eq!(compare(one, relation, other), holds);
    }
    let order = |one: &sys::SPropValue, other: &sys::SPropValue| {
        call!(LPropCompareProp(
            one => *const sys::SPropValue, other => *const sys::SPropValue
        ) -> i32)
    };
    assert!(order(&two, &three) < 0 && order(&three, &two) > 0 && order(&two, &two) == 0);
    assert_ne!(order(&two, &b), 0);
    let contains = |all: &sys::SPropValue, part: &sys::SPropValue, level: u32| {
        call!(FPropContainsProp(
            all => *const sys::SPropValue, part => *const sys::SPropValue, level => u32
        ) -> i32)
    };
    const SUBSTRING: u32 = 1;
    const IGNORECASE: u32 = 0x1_0000;
    assert_eq!(contains(&abc, &b, SUBSTRING), 1);
    assert_eq!(contains(&abc, &big_b, SUBSTRING | IGNORECASE), 1);
    assert_eq!(contains(&abc, &big_b, SUBSTRING), 0);
    assert_eq!(contains(&abc, &b, 0), 0);
    assert_eq!(contains(&two, &two, 0), 0);
    let size = |of: &sys::SPropValue| call!(UlPropSize(of => *const sys::SPropValue) -> u32);
    assert_eq!((size(&two), size(&abc)), (4, 8));
}

#[test]
fn names_are_compared() {
    let (mut set, mut other_set) = (
        windows_core::GUID::from_u128(1),
        windows_core::GUID::from_u128(2),
    );
    let mut texts =
        ["Keywords\0", "keywords\0", "Keywords\0"].map(|it| it.encode_utf16().collect::<Vec<_>>());
    let name = |set: &mut windows_core::GUID, text: &mut [u16]| sys::MAPINAMEID {
        lpguid: set,
        ulKind: sys::MNID_STRING,
        Kind: sys::MAPINAMEID_0 {
            lpwstrName: PWSTR(text.as_mut_ptr()),
        },
    };
    let [one, small, same] = &mut texts;
    let (one, small, same) = (
        name(&mut set, one),
        name(&mut set, small),
        name(&mut set, same),
    );
    let elsewhere = sys::MAPINAMEID {
        lpguid: &raw mut other_set,
        ..same
    };
    let equal = |one: &sys::MAPINAMEID, other: &sys::MAPINAMEID| call!(FEqualNames(one => *const sys::MAPINAMEID, other => *const sys::MAPINAMEID) -> i32);
    assert_eq!(equal(&one, &same), 1);
    assert_eq!(equal(&one, &small), 0);
    assert_eq!(equal(&one, &elsewhere), 0);
    let nothing = sys::MAPINAMEID::default();
    assert_eq!(equal(&nothing, &nothing), 0, "names without a set");
}

#[test]
fn texts_are_read_and_searched() {
    let mut bytes = [0_u8; 4];
    let from_hex = |text: &CStr, place: *mut u8| call!(FBinFromHex(text.as_ptr() => *const i8, place => *mut u8) -> i32);
    assert_eq!(from_hex(c"00Ffa1", bytes.as_mut_ptr()), 1);
    assert_eq!(bytes, [0, 0xFF, 0xA1, 0]);
    assert_eq!(from_hex(c"00F", bytes.as_mut_ptr()), 0);
    assert_eq!(from_hex(c"0G", bytes.as_mut_ptr()), 0);
    let bounded = |text: &CStr, room: u32| {
        let mut bytes = [0_u8; 4];
        call!(ScBinFromHexBounded(
            text.as_ptr() => *const i8, bytes.as_mut_ptr() => *mut u8, room => u32
        ) -> i32)
    };
    assert_eq!(bounded(c"0102", 2), 0);
    assert_ne!(bounded(c"010203", 2), 0);
    let mut digits = [0x7F_i8; 8];
    call!(HexFromBin(
        [0xAB_u8, 0x01].as_ptr() => *const u8, 2 => i32, digits.as_mut_ptr() => *mut i8
    ) -> ());
    // SAFETY: it ends with a NUL.
    assert_eq!(unsafe { CStr::from_ptr(digits.as_ptr().cast()) }, c"AB01");
    let text = c"a/b/c";
    let start = text.as_ptr();
    let at = |found: *const i8| (!found.is_null()).then(|| found as usize - start as usize);
    let find = |it: u8| call!(SzFindCh(start => *const i8, it.into() => u16) -> *const i8);
    let last = |it: u8| call!(SzFindLastCh(start => *const i8, it.into() => u16) -> *const i8);
    assert_eq!(
        (at(find(b'/')), at(last(b'/')), at(find(b'x'))),
        (Some(1), Some(3), None)
    );
    let within =
        |it: &CStr| call!(SzFindSz(start => *const i8, it.as_ptr() => *const i8) -> *const i8);
    assert_eq!(at(within(c"b/c")), Some(2));
    assert_eq!(at(within(c"")), Some(0));
    assert_eq!(at(within(c"a/b/c/d")), None);
    assert_eq!(call!(UFromSz(c"42 pages".as_ptr() => *const i8) -> u32), 42);
    assert_eq!(call!(UFromSz(ptr::null() => *const i8) -> u32), 0);
}

#[test]
fn a_stream_stands_on_a_file() {
    const CREATE: u32 = 0x1000;
    const READWRITE: u32 = 2;
    let open = |flags: u32, name: *const i8| {
        let mut stream = ptr::dangling_mut::<c_void>();
        let code = call!(OpenStreamOnFile(
            ptr::null() => *const c_void, ptr::null() => *const c_void, flags => u32,
            name => *const i8, c"ms".as_ptr() => *const i8, &raw mut stream => *mut *mut c_void
        ) -> i32);
        // SAFETY: null, or a stream that nobody else has.
        (code, unsafe {
            (!stream.is_null()).then(|| IStream::from_raw(stream))
        })
    };
    let (code, stream) = open(sys::SOF_UNIQUEFILENAME | CREATE | READWRITE, ptr::null());
    assert_eq!(code, 0);
    let mut written = 0;
    // SAFETY: there are three bytes.
    let wrote = unsafe {
        stream
            .unwrap()
            .Write(b"abc".as_ptr().cast(), 3, Some(&raw mut written))
    };
    assert!(wrote.is_ok() && written == 3);
    let (code, stream) = open(0, c"no such file".as_ptr());
    assert!(code == NOT_FOUND && stream.is_none());
    assert_eq!(open(0, ptr::null()).0, INVALID);
}

#[test]
fn objects_are_wanted() {
    let mut rows = ptr::dangling_mut::<sys::SRowSet>();
    let read = call!(HrQueryAllRows(
        ptr::null_mut() => *mut c_void, ptr::null_mut() => *mut c_void,
        ptr::null_mut() => *mut c_void, ptr::null_mut() => *mut c_void, 0 => i32,
        &raw mut rows => *mut *mut sys::SRowSet
    ) -> i32);
    assert_eq!((read, rows), (INVALID, ptr::null_mut()));
    call!(FreeProws(ptr::null_mut() => *mut c_void) -> ());
    call!(FreePadrlist(ptr::null_mut() => *mut c_void) -> ());
    let mut sink = ptr::dangling_mut::<c_void>();
    let made = call!(HrThisThreadAdviseSink(
        ptr::null_mut() => *mut c_void, &raw mut sink => *mut *mut c_void
    ) -> i32);
    assert_eq!((made, sink), (INVALID, ptr::null_mut()));
    assert_eq!(call!(HrDispatchNotifications(0 => u32) -> i32), 0);
    let mut session = ptr::dangling_mut::<c_void>();
    let logon = call!(MAPILogonEx(
        0 => usize, ptr::null() => *const i8, ptr::null() => *const i8, 0 => u32,
        &raw mut session => *mut *mut c_void
    ) -> i32);
    assert!(logon < 0 && session.is_null(), "without MAPIInitialize");
    let mut value = ptr::dangling_mut::<sys::SPropValue>();
    let got = call!(HrGetOneProp(
        ptr::null_mut() => *mut c_void, 0x3001_001F => u32,
        &raw mut value => *mut *mut sys::SPropValue
    ) -> i32);
    assert_eq!((got, value), (INVALID, ptr::null_mut()));
}

#[test]
fn mapi32_forwards_every_export() {
    let list = include_str!("../../mapi32/mapi32.def");
    let forwarded: Vec<_> = list
        .lines()
        .filter_map(|line| line.trim().split_once(" = "))
        .collect();
    for (name, target) in &forwarded {
        assert_eq!(*target, format!("olmapi32.{name}"));
        let name = std::ffi::CString::new(*name).unwrap();
        assert!(!address(&name).is_null());
    }
    for source in std::fs::read_dir("src").unwrap() {
        let text = std::fs::read_to_string(source.unwrap().path()).unwrap();
        let exports = text
            .split("\nexport! {\n")
            .skip(1)
            .filter_map(|it| it.split_once("\n}\n"));
        for line in exports.flat_map(|(block, _)| block.lines()) {
            let name = line
                .strip_prefix("    fn ")
                .and_then(|it| it.split_once('('));
            if let Some((name, _)) = name {
                assert!(
                    forwarded.iter().any(|it| it.0 == name),
                    "mapi32.def lacks {name}"
                );
            }
        }
    }
}
