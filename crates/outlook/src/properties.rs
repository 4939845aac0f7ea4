//! Properties: SPropValue as our [`Property`], and back; and the methods of IMAPIProp.

use std::ffi::c_void;
use std::ptr;
use std::rc::Rc;

use outlook_mapi::{MAPIOutParam, sys};
use windows::Win32::System::Com::{ISequentialStream, IStream};
use windows_core::Interface;

use super::com::{Com, first, given, method, opened};
use super::library::Library;
use super::mail::Names;
use super::text::{Text, copied};
use super::value::{Arena, each, read, uid, write};
use mapi_session::HResult;
use mapi_session::error::{Failure, Success};
use mapi_session::property::{PropName, PropProblem, PropTag, PropType, Property};
use mapi_session::subsystem::RawResult;

/// The tag of a text, which is Unicode, or the same one in the ANSI code page.
pub(super) fn text_tag(tag: PropTag, unicode: bool) -> PropTag {
    match tag.prop_type() {
        PropType::UNICODE if !unicode => tag.with_type(PropType::STRING8),
        it if it == PropType::UNICODE.multiple() && !unicode => {
            tag.with_type(PropType::STRING8.multiple())
        }
        _ => tag,
    }
}

/// An SPropTagArray.
pub(super) struct Tags(Vec<u32>);

impl Tags {
    pub(super) fn new(tags: impl ExactSizeIterator<Item = PropTag>) -> Self {
        let count = tags.len() as u32;
        Self([count].into_iter().chain(tags.map(PropTag::get)).collect())
    }

    pub(super) fn words(&self) -> &[u32] {
        &self.0
    }

    pub(super) fn as_ptr(&self) -> *mut sys::SPropTagArray {
        self.0.as_ptr().cast_mut().cast()
    }
}

/// Copies an SPropTagArray.
///
/// # Safety
/// `tags` is null, or as long as it says.
pub(super) unsafe fn tags(tags: *const sys::SPropTagArray) -> Vec<PropTag> {
    if tags.is_null() {
        return Vec::new();
    }
    // SAFETY: as the caller says.
    let tags = unsafe {
        let count = (&raw const (*tags).cValues).read_unaligned();
        each((&raw const (*tags).aulPropTag).cast::<u32>(), count)
    };
    tags.map(PropTag::new).collect()
}

/// # Safety
/// What the value points to is there.
pub(super) unsafe fn property(raw: &sys::SPropValue) -> Property {
    Property {
        tag: PropTag::new(raw.ulPropTag),
        // SAFETY: as the caller says.
        value: unsafe { read(raw) },
    }
}

/// Copies `count` properties, which need not be aligned; none for null. A value of a type that
/// [`PropertyValue`](mapi_session::property::PropertyValue) lacks is the error MAPI_E_INVALID_TYPE.
///
/// [SPropValue](https://learn.microsoft.com/office/client-developer/outlook/mapi/spropvalue) in the MAPI
/// reference.
///
/// # Safety
/// `values` is null, or there are `count` of them, with what they point to.
pub unsafe fn properties(values: *const sys::SPropValue, count: u32) -> Vec<Property> {
    // SAFETY: as the caller says.
    let values = unsafe { each(values, count) };
    // SAFETY: as above.
    values.map(|value| unsafe { property(&value) }).collect()
}

/// Properties for a call, and what they point to.
#[derive(Default)]
pub(super) struct Settings {
    values: Vec<sys::SPropValue>,
    _rooms: Rooms,
}

impl Settings {
    pub(super) fn new(properties: &[Property]) -> Result<Self, Failure> {
        let mut values = Vec::new();
        let mut rooms = Rooms::default();
        for Property { tag, value } in properties {
            let refused = |why: String| {
                Failure::new(HResult::MAPI_E_INVALID_PARAMETER)
                    .because(format!("the property {tag} {why}"))
            };
            let raw = write(value, tag.prop_type(), &mut rooms).map_err(refused)?;
            let raw = raw.ok_or_else(|| refused("has a value of another type".into()))?;
            values.push(sys::SPropValue {
                ulPropTag: tag.get(),
                Value: raw,
                ..Default::default()
            });
        }
        Ok(Self {
            values,
            _rooms: rooms,
        })
    }

    /// How many there are, and the first.
    pub(super) fn words(&mut self) -> (u32, *mut sys::SPropValue) {
        (self.values.len() as u32, self.values.as_mut_ptr())
    }

    /// The same; null where there are none.
    pub(super) fn words_or_null(&mut self) -> (u32, *mut sys::SPropValue) {
        match self.words() {
            (0, _) => (0, ptr::null_mut()),
            words => words,
        }
    }
}

/// Memory of ours.
#[derive(Default)]
pub(super) struct Rooms(Vec<Box<[u64]>>, Vec<Text>);

impl Arena for Rooms {
    /// What is wrong with the value.
    type Error = String;

    fn room(&mut self, size: usize) -> Result<*mut c_void, String> {
        if u32::try_from(size).is_err() {
            return Err("is too large".into());
        }
        let mut room = vec![0; size.div_ceil(size_of::<u64>())].into_boxed_slice();
        let start = room.as_mut_ptr().cast();
        self.0.push(room);
        Ok(start)
    }

    fn text(&mut self, text: &str, unicode: bool) -> Result<*mut c_void, String> {
        let text = Text::new(Some(text), unicode)?;
        let start = text.as_ptr().cast();
        self.1.push(text);
        Ok(start)
    }
}

/// IMAPIProp::GetProps. All come by their tags.
pub(super) fn get_props(
    object: &sys::IMAPIProp,
    tags: Option<&[PropTag]>,
    flags: u32,
) -> RawResult<Vec<Property>> {
    let mut count = 0;
    let mut values = MAPIOutParam::<sys::SPropValue>::default();
    let asked = tags.map(|tags| Tags::new(tags.iter().copied()));
    let asked = asked.as_ref().map_or(ptr::null_mut(), Tags::as_ptr);
    // SAFETY: the tags are null or as long as they say; the rest takes what comes out.
    let hresult = unsafe {
        method!(
            object,
            GetProps(asked, flags, &raw mut count, values.as_mut_ptr())
        )
    };
    let (mut values, warning) = given(values, hresult)?.into_parts();
    // SAFETY: MAPI gave this many.
    let mut props = unsafe { properties(first(&mut values), count) };
    if tags.is_none() {
        props.sort_by_key(|it| it.tag);
    }
    Ok(Success::from_parts(props, warning))
}

/// IMAPIProp::GetPropList.
pub(super) fn get_prop_list(object: &sys::IMAPIProp, flags: u32) -> RawResult<Vec<PropTag>> {
    let mut list = MAPIOutParam::<sys::SPropTagArray>::default();
    // SAFETY: it takes what comes out.
    let hresult = unsafe { method!(object, GetPropList(flags, list.as_mut_ptr())) };
    let (mut list, warning) = given(list, hresult)?.into_parts();
    // SAFETY: MAPI gave null, or an array as long as it says.
    let mut list = unsafe { tags(first(&mut list)) };
    list.sort_unstable();
    Ok(Success::from_parts(list, warning))
}

/// IMAPIProp::SetProps.
pub(super) fn set_props(
    object: &sys::IMAPIProp,
    props: &[Property],
) -> RawResult<Vec<PropProblem>> {
    let mut settings = Settings::new(props)?;
    let (count, values) = settings.words();
    with_problems(|problems| {
        // SAFETY: there are this many values, each of the type that its tag says, and what they
        // point to lives longer than the call.
        unsafe { method!(object, SetProps(count, values, problems)) }
    })
}

/// IMAPIProp::DeleteProps.
pub(super) fn delete_props(
    object: &sys::IMAPIProp,
    tags: &[PropTag],
) -> RawResult<Vec<PropProblem>> {
    let tags = Tags::new(tags.iter().copied());
    with_problems(|problems| {
        // SAFETY: the tags are as long as they say.
        unsafe { method!(object, DeleteProps(tags.as_ptr(), problems)) }
    })
}

/// IMAPIProp::OpenProperty, of a stream that is read to its end.
pub(super) fn read_stream(
    object: &sys::IMAPIProp,
    tag: PropTag,
    library: &Rc<Library>,
) -> RawResult<Vec<u8>> {
    let mut interface = IStream::IID;
    let mut stream = None::<IStream>;
    // SAFETY: it takes numbers, the interface, and what comes out, which is of that interface.
    let hresult = unsafe {
        method!(
            object,
            OpenProperty(
                tag.get(),
                &raw mut interface,
                0,
                0,
                (&raw mut stream).cast()
            )
        )
    };
    let (stream, warning) = opened(stream, hresult)?.into_parts();
    let stream = Com::new(stream, Rc::clone(library));
    let stream: &ISequentialStream = &stream;
    let mut bytes = Vec::new();
    let mut part = vec![0_u8; 0x1_0000];
    loop {
        let mut count = 0;
        // SAFETY: there is room for as many bytes.
        let hresult = unsafe {
            method!(
                stream,
                Read(part.as_mut_ptr().cast(), part.len() as u32, &raw mut count)
            )
        };
        Success::from_hresult((), hresult)?;
        let read = part.get(..count as usize).unwrap_or(&part);
        if read.is_empty() {
            return Ok(Success::from_parts(bytes, warning));
        }
        bytes.extend_from_slice(read);
    }
}

/// IMAPIProp::GetIDsFromNames.
pub(super) fn ids_from_names(
    object: &sys::IMAPIProp,
    names: &[PropName],
    flags: u32,
) -> RawResult<Vec<PropTag>> {
    if names.is_empty() {
        // In C that is all names at once.
        return Err(Failure::new(HResult::MAPI_E_INVALID_PARAMETER).because("there are no names"));
    }
    let mut names = Names::new(names)?;
    let (count, start) = names.words();
    let mut list = MAPIOutParam::<sys::SPropTagArray>::default();
    // SAFETY: there are this many names, and what they point to lives longer than the call.
    let hresult = unsafe {
        method!(
            object,
            GetIDsFromNames(count, start, flags, list.as_mut_ptr())
        )
    };
    let (mut list, warning) = given(list, hresult)?.into_parts();
    // SAFETY: MAPI gave null, or an array as long as it says.
    let list = unsafe { tags(first(&mut list)) };
    Ok(Success::from_parts(list, warning))
}

/// IMAPIProp::GetNamesFromIDs.
pub(super) fn names_from_ids(
    object: &sys::IMAPIProp,
    tags: &[PropTag],
    flags: u32,
) -> RawResult<Vec<Option<PropName>>> {
    let tags = Tags::new(tags.iter().copied());
    let mut asked = tags.as_ptr();
    let mut count = 0;
    let mut names = MAPIOutParam::<*mut sys::MAPINAMEID>::default();
    // SAFETY: the tags are as long as they say, and are not replaced, for they are not null.
    let hresult = unsafe {
        method!(
            object,
            GetNamesFromIDs(
                &raw mut asked,
                ptr::null_mut(),
                flags,
                &raw mut count,
                names.as_mut_ptr()
            )
        )
    };
    let (mut names, warning) = given(names, hresult)?.into_parts();
    // SAFETY: MAPI gave this many, each null or a name.
    let names = unsafe {
        let names = each(first(&mut names), count);
        names.map(|it| name_of(it)).collect()
    };
    Ok(Success::from_parts(names, warning))
}

/// Copies a name; none for null.
///
/// # Safety
/// `name` is null, or what it points to is there.
pub(super) unsafe fn name_of(name: *const sys::MAPINAMEID) -> Option<PropName> {
    // SAFETY: as the caller says.
    unsafe {
        let name = (!name.is_null()).then(|| name.read_unaligned())?;
        let set = (!name.lpguid.is_null()).then(|| name.lpguid.read_unaligned())?;
        let set = uid(set);
        match name.ulKind {
            sys::MNID_ID => Some(PropName::id(set, name.Kind.lID as u32)),
            sys::MNID_STRING => {
                let text = name.Kind.lpwstrName.0;
                (!text.is_null()).then(|| PropName::text(set, copied(text.cast(), true)))
            }
            _ => None,
        }
    }
}

/// A call that gives an SPropProblemArray.
fn with_problems(
    call: impl FnOnce(*mut *mut sys::SPropProblemArray) -> HResult,
) -> RawResult<Vec<PropProblem>> {
    let mut problems = MAPIOutParam::<sys::SPropProblemArray>::default();
    let hresult = call(problems.as_mut_ptr());
    let (mut problems, warning) = given(problems, hresult)?.into_parts();
    // SAFETY: MAPI gave null, or an array as long as it says.
    let problems = unsafe {
        let array = first(&mut problems);
        let count = match array.is_null() {
            true => 0,
            false => (&raw const (*array).cProblem).read_unaligned(),
        };
        each(
            (&raw const (*array).aProblem).cast::<sys::SPropProblem>(),
            count,
        )
    };
    let problems = problems.map(|it| {
        let tag = PropTag::new(it.ulPropTag);
        PropProblem::new(it.ulIndex as usize, tag, HResult::from(it.scode))
    });
    Ok(Success::from_parts(problems.collect(), warning))
}
