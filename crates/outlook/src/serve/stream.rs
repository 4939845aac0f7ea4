//! The stream of a large property's value.

use std::ffi::c_void;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use windows::Win32::Foundation::{
    E_NOTIMPL, S_FALSE, S_OK, STG_E_ACCESSDENIED, STG_E_INVALIDFUNCTION, STG_E_INVALIDPOINTER,
};
use windows::Win32::System::Com::{
    ISequentialStream_Impl, IStream, IStream_Impl, LOCKTYPE, STATFLAG, STATSTG, STGC, STGTY_STREAM,
    STREAM_SEEK, STREAM_SEEK_CUR, STREAM_SEEK_END, STREAM_SEEK_SET,
};
use windows_core::{Error, HRESULT, Ref, Result, implement};

use super::call::Out;

/// Bytes that can be read, and not written.
#[implement(IStream)]
pub(super) struct ComStream {
    bytes: Arc<[u8]>,
    position: Mutex<u64>,
}

impl ComStream {
    pub(super) fn of(bytes: Vec<u8>) -> IStream {
        Self {
            bytes: bytes.into(),
            position: Mutex::new(0),
        }
        .into()
    }

    fn position(&self) -> MutexGuard<'_, u64> {
        self.position.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// So many of the bytes that are left.
    fn next(&self, count: u64) -> &[u8] {
        let mut position = self.position();
        let length = self.bytes.len();
        let start = usize::try_from(*position).map_or(length, |it| it.min(length));
        let left = &self.bytes[start..];
        let count = usize::try_from(count).map_or(left.len(), |it| it.min(left.len()));
        *position += count as u64;
        &left[..count]
    }
}

impl ISequentialStream_Impl for ComStream_Impl {
    fn Read(&self, place: *mut c_void, count: u32, read: *mut u32) -> HRESULT {
        if place.is_null() {
            return STG_E_INVALIDPOINTER;
        }
        let bytes = self.next(count.into());
        // SAFETY: the caller has room for `count` bytes.
        unsafe { place.cast::<u8>().copy_from(bytes.as_ptr(), bytes.len()) };
        // SAFETY: null, or the caller's.
        unsafe { Out::optional(read) }.give(bytes.len() as u32);
        match bytes.len() < count as usize {
            true => S_FALSE,
            false => S_OK,
        }
    }

    fn Write(&self, _bytes: *const c_void, _count: u32, written: *mut u32) -> HRESULT {
        // SAFETY: null, or the caller's.
        unsafe { Out::optional(written) };
        STG_E_ACCESSDENIED
    }
}

impl IStream_Impl for ComStream_Impl {
    fn Seek(&self, by: i64, origin: STREAM_SEEK, position: *mut u64) -> Result<()> {
        let mut current = self.position();
        let from = match origin {
            STREAM_SEEK_SET => 0,
            STREAM_SEEK_CUR => *current,
            STREAM_SEEK_END => self.bytes.len() as u64,
            _ => return Err(STG_E_INVALIDFUNCTION.into()),
        };
        let to = from.checked_add_signed(by);
        let to = to.ok_or_else(|| Error::from_hresult(STG_E_INVALIDFUNCTION))?;
        *current = to;
        // SAFETY: null, or the caller's.
        unsafe { Out::optional(position) }.give(to);
        Ok(())
    }

    fn CopyTo(
        &self,
        to: Ref<'_, IStream>,
        count: u64,
        read: *mut u64,
        written: *mut u64,
    ) -> Result<()> {
        let to = to.ok()?;
        let (mut copied, mut there) = (0, 0);
        while copied < count {
            let bytes = self.next((count - copied).min(0x1_0000));
            let mut taken = 0;
            copied += bytes.len() as u64;
            // SAFETY: there are as many bytes.
            let wrote = unsafe {
                to.Write(
                    bytes.as_ptr().cast(),
                    bytes.len() as u32,
                    Some(&raw mut taken),
                )
            };
            wrote.ok()?;
            there += u64::from(taken);
            if bytes.is_empty() {
                break;
            }
        }
        // SAFETY: null, or the caller's.
        unsafe {
            Out::optional(read).give(copied);
            Out::optional(written).give(there);
        }
        Ok(())
    }

    fn Stat(&self, stat: *mut STATSTG, _flag: &STATFLAG) -> Result<()> {
        if stat.is_null() {
            return Err(STG_E_INVALIDPOINTER.into());
        }
        let it = STATSTG {
            r#type: STGTY_STREAM.0 as u32,
            cbSize: self.bytes.len() as u64,
            ..Default::default()
        };
        // SAFETY: the caller's.
        unsafe { Out::optional(stat) }.give(it);
        Ok(())
    }

    fn Clone(&self) -> Result<IStream> {
        Ok(ComStream {
            bytes: Arc::clone(&self.bytes),
            position: Mutex::new(*self.position()),
        }
        .into())
    }

    fn SetSize(&self, _size: u64) -> Result<()> {
        Err(STG_E_ACCESSDENIED.into())
    }

    fn Commit(&self, _flags: &STGC) -> Result<()> {
        Ok(())
    }

    fn Revert(&self) -> Result<()> {
        Ok(())
    }

    fn LockRegion(&self, _offset: u64, _count: u64, _kind: &LOCKTYPE) -> Result<()> {
        Err(E_NOTIMPL.into())
    }

    fn UnlockRegion(&self, _offset: u64, _count: u64, _kind: u32) -> Result<()> {
        Err(E_NOTIMPL.into())
    }
}
