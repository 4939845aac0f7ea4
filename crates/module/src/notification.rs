//! Advise sinks: one that calls a function, and one that is called on its own thread.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::ffi::c_void;
use std::mem;
use std::ptr;
use std::rc::{Rc, Weak};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use mapi_session::{AdviseSink, HResult, Notification};
use mapi_session_outlook::{serve_sink, tell_sink};
use outlook_mapi::sys;
use windows::Win32::Foundation::{HWND, LPARAM, LRESULT, WPARAM};
use windows::Win32::UI::WindowsAndMessaging::{
    CreateWindowExW, DefWindowProcW, DestroyWindow, HWND_MESSAGE, PostMessageW, RegisterClassW,
    WINDOW_EX_STYLE, WINDOW_STYLE, WM_APP, WNDCLASSW,
};
use windows_core::{Interface, implement, w};

use crate::{OK, UNEXPECTED, code};

export! {
    /// [HrAllocAdviseSink](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrallocadvisesink).
    fn HrAllocAdviseSink(
        callback: sys::LPNOTIFCALLBACK,
        context: *mut c_void,
        place: *mut *mut c_void,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        }
        place.write_unaligned(ptr::null_mut());
        let Some(callback) = callback else {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        };
        let sink = sys::IMAPIAdviseSink::from(Callback { callback, context });
        place.write_unaligned(sink.into_raw());
        OK
    }

    /// [HrThisThreadAdviseSink](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrthisthreadadvisesink):
    /// the sink is called while its thread takes window messages, or in HrDispatchNotifications.
    fn HrThisThreadAdviseSink(
        sink: *mut c_void,
        place: *mut *mut c_void,
    ) -> i32 = UNEXPECTED {
        if place.is_null() {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        }
        place.write_unaligned(ptr::null_mut());
        let Some(sink) = sys::IMAPIAdviseSink::from_raw_borrowed(&sink) else {
            return code(HResult::MAPI_E_INVALID_PARAMETER);
        };
        let Some(post) = Desk::of_this_thread(|desk| desk.take(sink.clone())) else {
            return code(HResult::MAPI_E_CALL_FAILED);
        };
        place.write_unaligned(serve_sink(post).into_raw());
        OK
    }

    /// [HrDispatchNotifications](https://learn.microsoft.com/office/client-developer/outlook/mapi/hrdispatchnotifications).
    fn HrDispatchNotifications(_flags: u32) -> i32 = UNEXPECTED {
        deliver();
        OK
    }
}

#[implement(sys::IMAPIAdviseSink)]
struct Callback {
    callback: unsafe extern "system" fn(*mut c_void, u32, *mut sys::NOTIFICATION) -> i32,
    context: *mut c_void,
}

impl sys::IMAPIAdviseSink_Impl for Callback_Impl {
    fn OnNotify(&self, count: u32, notifications: *mut sys::NOTIFICATION) -> u32 {
        // SAFETY: as NOTIFCALLBACK is declared; the caller's notifications.
        unsafe { (self.callback)(self.context, count, notifications) as u32 }
    }
}

thread_local! {
    static DESK: RefCell<Option<Desk>> = const { RefCell::new(None) };
}

/// The sinks of a thread, and the window by which it hears of what waits for them.
struct Desk {
    window: HWND,
    sinks: Vec<Rc<ThisThread>>,
}

/// A sink that is called and released on this thread only.
struct ThisThread {
    sink: sys::IMAPIAdviseSink,
    letters: Arc<Letters>,
}

/// What a sink is still to be told.
#[derive(Default)]
struct Letters(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    waiting: VecDeque<Notification>,
    /// Nobody can post any more.
    is_closed: bool,
}

impl Letters {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where other threads leave notifications for a sink.
struct Post {
    letters: Arc<Letters>,
    /// A window's handle can be used by any thread.
    window: usize,
}

impl Post {
    fn ring(&self) {
        let window = HWND(self.window as *mut c_void);
        // SAFETY: a message to a window that may be gone: then nobody waits for it.
        _ = unsafe { PostMessageW(Some(window), WM_APP, WPARAM(0), LPARAM(0)) };
    }
}

impl AdviseSink for Post {
    fn on_notify(&self, notification: &Notification) {
        self.letters.lock().waiting.push_back(notification.clone());
        self.ring();
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        self.letters.lock().is_closed = true;
        self.ring();
    }
}

impl Desk {
    fn of_this_thread<T>(with: impl FnOnce(&mut Self) -> T) -> Option<T> {
        DESK.with_borrow_mut(|desk| {
            if desk.is_none() {
                *desk = Some(Self {
                    window: window()?,
                    sinks: Vec::new(),
                });
            }
            desk.as_mut().map(with)
        })
    }

    fn take(&mut self, sink: sys::IMAPIAdviseSink) -> Post {
        let letters = Arc::new(Letters::default());
        let post = Post {
            letters: Arc::clone(&letters),
            window: self.window.0 as usize,
        };
        self.sinks.push(Rc::new(ThisThread { sink, letters }));
        post
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // SAFETY: it is this thread's.
        _ = unsafe { DestroyWindow(self.window) };
    }
}

/// Calls the sinks of this thread with what waits for them. They may be called again meanwhile.
fn deliver() {
    let sinks: Vec<Weak<ThisThread>> = DESK.with_borrow(|desk| {
        let sinks = desk.iter().flat_map(|it| &it.sinks);
        sinks.map(Rc::downgrade).collect()
    });
    for sink in sinks {
        let Some(sink) = sink.upgrade() else { continue };
        loop {
            let next = sink.letters.lock().waiting.pop_front();
            let Some(next) = next else { break };
            tell_sink(&sink.sink, &next);
        }
    }
    // Those that nobody tells any more are released here, outside of the borrow.
    let closed = DESK.with_borrow_mut(|desk| {
        let Some(desk) = desk else { return Vec::new() };
        let (open, closed) = mem::take(&mut desk.sinks).into_iter().partition(|it| {
            let letters = it.letters.lock();
            !letters.is_closed || !letters.waiting.is_empty()
        });
        desk.sinks = open;
        closed
    });
    drop(closed);
}

/// A window of this thread's that shows nothing.
fn window() -> Option<HWND> {
    let class = WNDCLASSW {
        lpfnWndProc: Some(on_message),
        lpszClassName: w!("mapi-session notifications"),
        ..Default::default()
    };
    // SAFETY: the class has a name and a procedure. One that is there already is the same.
    unsafe {
        RegisterClassW(&raw const class);
        let (style, parent) = (WINDOW_STYLE(0), Some(HWND_MESSAGE));
        let name = class.lpszClassName;
        CreateWindowExW(
            WINDOW_EX_STYLE(0),
            name,
            None,
            style,
            0,
            0,
            0,
            0,
            parent,
            None,
            None,
            None,
        )
        .ok()
    }
}

unsafe extern "system" fn on_message(
    window: HWND,
    message: u32,
    wide: WPARAM,
    long: LPARAM,
) -> LRESULT {
    if message == WM_APP {
        mapi_session::subsystem::contain("an advise sink", deliver);
        return LRESULT(0);
    }
    // SAFETY: as the caller gives them.
    unsafe { DefWindowProcW(window, message, wide, long) }
}
