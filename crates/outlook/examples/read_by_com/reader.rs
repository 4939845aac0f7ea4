//! The session, its stores, folders and tables are this crate's; what is in a message is read through its
//! COM interface.
#![allow(unsafe_code)] // To call a COM interface.

use std::error::Error;
use std::ptr::null_mut;

use mapi_session::property::PropTag;
use mapi_session::session::bound::Bound;
use mapi_session::{
    Live, LogoffFlags, LogonRequest, Mapi, OpenEntryFlags, OpenStoreFlags, Session,
};
use mapi_session_outlook::Outlook;
use mapi_session_outlook::outlook_mapi::{MAPIOutParam, PropValue, PropValueData, RowSet, sys};
use windows::Win32::System::Com::{ISequentialStream, IStream};
use windows_core::{Interface, PWSTR, w};

type Result<T> = std::result::Result<T, Box<dyn Error>>;
type Say<'a> = &'a mut dyn FnMut(String);
type OfSession<'s, T> = Bound<'s, Outlook, T>;

pub(crate) fn read(mapi: &Mapi<Outlook>, request: &LogonRequest<'_>, say: Say<'_>) -> Result<()> {
    let session = mapi.logon(request)?;
    // Whatever has been read: a live session is not just dropped.
    let done = read_inbox(&session, say);
    let logged_off = session.logoff(LogoffFlags::empty());
    done.and(
        logged_off
            .map(drop)
            .map_err(|it| mapi_session::Error::from(it).into()),
    )
}

fn read_inbox(session: &Session<Live, Outlook>, say: Say<'_>) -> Result<()> {
    let store = session.open_default_store(OpenStoreFlags::BEST_ACCESS)?;
    let inbox = store.open_receive_folder("IPM.Note")?;
    let table = inbox.contents_table(&[PropTag::ENTRYID, PropTag::SUBJECT])?;
    for row in table.rows() {
        let row = row?;
        let Some(entry_id) = row.entry_id(PropTag::ENTRYID) else {
            continue;
        };
        let entry = store.open_entry(&entry_id, OpenEntryFlags::empty())?;
        let Ok(message) = entry.into_message() else {
            continue;
        };
        let subject = row.text(PropTag::SUBJECT).unwrap_or_default();
        // A reference of its own to the message, so it is bound too: no logoff before its Release.
        let message = session.bind(message.raw().as_com().cast::<sys::IMessage>()?);
        say(format!("{subject}: {}", body(session, &message)?));
        for keyword in keywords(&message)? {
            say(format!("  keyword {keyword}"));
        }
        for (name, number) in attachments(session, &message)? {
            let bytes = attachment(session, &message, number)?;
            say(format!("  attachment {name}, {} bytes", bytes.len()));
        }
    }
    Ok(())
}

/// PR_BODY, as a stream: GetProps refuses a long one.
fn body(session: &Session<Live, Outlook>, message: &sys::IMessage) -> Result<String> {
    let bytes = stream(session, message, sys::PR_BODY_W)?;
    let units = bytes
        .chunks_exact(2)
        .map(|it| u16::from_le_bytes([it[0], it[1]]));
    Ok(String::from_utf16_lossy(&units.collect::<Vec<_>>()))
}

/// The names and numbers of the attachments.
fn attachments(
    session: &Session<Live, Outlook>,
    message: &sys::IMessage,
) -> Result<Vec<(String, u32)>> {
    // SAFETY: it takes a number, and what comes out.
    let table = session.bind(unsafe { message.GetAttachmentTable(sys::MAPI_UNICODE) }?);
    let mut columns = [2, sys::PR_ATTACH_NUM, sys::PR_ATTACH_LONG_FILENAME_W];
    let mut found = Vec::new();
    // SAFETY: there are two columns.
    unsafe { table.SetColumns(columns.as_mut_ptr().cast(), 0) }?;
    loop {
        let mut rows = RowSet::default();
        // SAFETY: it takes numbers, and what comes out.
        unsafe { table.QueryRows(50, 0, rows.as_mut_ptr()) }?;
        if rows.is_empty() {
            return Ok(found);
        }
        for row in rows {
            let (mut name, mut number) = ("without a name".into(), None);
            for PropValue { value, .. } in row.iter() {
                match value {
                    PropValueData::Long(it) => number = Some(it as u32),
                    PropValueData::Unicode(it) => {
                        let text = String::from_utf16_lossy(&it);
                        name = text.trim_end_matches('\0').into();
                    }
                    _ => {}
                }
            }
            found.extend(number.map(|it| (name, it)));
        }
    }
}

fn attachment(
    session: &Session<Live, Outlook>,
    message: &sys::IMessage,
    number: u32,
) -> Result<Vec<u8>> {
    let mut opened = None;
    // SAFETY: without an interface that is asked for, what comes out is an IAttach.
    unsafe { message.OpenAttach(number, null_mut(), 0, &raw mut opened) }?;
    let opened: OfSession<'_, sys::IAttach> = session.bind(opened.ok_or("there is no attachment")?);
    stream(session, &opened, sys::PR_ATTACH_DATA_BIN)
}

/// Reads a property to its end.
fn stream(session: &Session<Live, Outlook>, object: &sys::IMAPIProp, tag: u32) -> Result<Vec<u8>> {
    let (mut interface, mut opened) = (IStream::IID, None);
    // SAFETY: what comes out is of the interface that is asked for.
    unsafe { object.OpenProperty(tag, &raw mut interface, 0, 0, &raw mut opened) }?;
    let opened = opened
        .ok_or("there is no stream")?
        .cast::<ISequentialStream>()?;
    let opened = session.bind(opened);
    let (mut bytes, mut part) = (Vec::new(), [0_u8; 0x1000]);
    loop {
        let mut count = 0;
        // SAFETY: there is room for as many bytes.
        let read = unsafe {
            opened.Read(
                part.as_mut_ptr().cast(),
                part.len() as u32,
                Some(&raw mut count),
            )
        };
        read.ok()?;
        match part.get(..count as usize) {
            None | Some([]) => return Ok(bytes),
            Some(part) => bytes.extend_from_slice(part),
        }
    }
}

/// The keywords that Outlook calls categories: a property without a tag that is the same in every store.
fn keywords(message: &sys::IMAPIProp) -> Result<Vec<String>> {
    let mut set = sys::PS_PUBLIC_STRINGS;
    let mut name = sys::MAPINAMEID {
        lpguid: &raw mut set,
        ulKind: sys::MNID_STRING,
        ..Default::default()
    };
    name.Kind.lpwstrName = PWSTR(w!("Keywords").as_ptr().cast_mut());
    let mut names = &raw mut name;
    let mut tags = MAPIOutParam::<sys::SPropTagArray>::default();
    // SAFETY: there is one name, and one tag comes out.
    let tag = unsafe {
        message.GetIDsFromNames(1, &raw mut names, 0, tags.as_mut_ptr())?;
        tags.as_mut().map_or(sys::PT_ERROR, |it| it.aulPropTag[0])
    };
    if tag & 0xFFFF == sys::PT_ERROR {
        return Ok(Vec::new()); // The store has no such property yet.
    }
    let mut asked = [1, tag & 0xFFFF_0000 | sys::PT_MV_UNICODE];
    let (mut count, mut values) = (0, MAPIOutParam::<sys::SPropValue>::default());
    // SAFETY: there is one tag; as many values come out as are counted, and live as long as their texts
    // are read.
    unsafe {
        message.GetProps(
            asked.as_mut_ptr().cast(),
            0,
            &raw mut count,
            values.as_mut_ptr(),
        )?;
        let value = values
            .as_mut_slice(count as usize)
            .and_then(|it| it.first());
        match value.map(|it| PropValue::from(it).value) {
            Some(PropValueData::UnicodeArray(texts)) => {
                let texts = texts.iter().map(|it| it.to_string());
                Ok(texts.collect::<std::result::Result<_, _>>()?)
            }
            _ => Ok(Vec::new()),
        }
    }
}
