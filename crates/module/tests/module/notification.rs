//! HrAllocAdviseSink, HrThisThreadAdviseSink and HrDispatchNotifications.

use std::ffi::c_void;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;

use mapi_session::notification::ExtendedEvent;
use mapi_session::{AdviseSink, Notification};
use mapi_session_outlook::{serve_sink, tell_sink};
use outlook_mapi::sys;
use windows::Win32::UI::WindowsAndMessaging::{DispatchMessageW, MSG, PM_REMOVE, PeekMessageW};
use windows_core::Interface;

fn event(number: u32) -> Notification {
    Notification::Extended(ExtendedEvent::new(number, vec![1, 2, 3]))
}

unsafe extern "system" fn count(
    context: *mut c_void,
    many: u32,
    told: *mut sys::NOTIFICATION,
) -> i32 {
    // SAFETY: the context is a count, and there is a notification.
    unsafe {
        assert_eq!((*told).ulEventType, sys::fnevExtended);
        (*context.cast::<AtomicU32>()).fetch_add(many, Ordering::Relaxed);
    }
    0
}

fn this_thread(sink: &sys::IMAPIAdviseSink) -> sys::IMAPIAdviseSink {
    let mut wrapped = ptr::null_mut();
    let made = call!(HrThisThreadAdviseSink(
        sink.as_raw() => *mut c_void, &raw mut wrapped => *mut *mut c_void
    ) -> i32);
    assert_eq!(made, 0);
    // SAFETY: it is a sink that nobody else has.
    unsafe { sys::IMAPIAdviseSink::from_raw(wrapped) }
}

#[test]
fn a_sink_calls_a_function() {
    let told = AtomicU32::new(0);
    let mut sink = ptr::null_mut();
    let made = call!(HrAllocAdviseSink(
        count => unsafe extern "system" fn(*mut c_void, u32, *mut sys::NOTIFICATION) -> i32,
        (&raw const told).cast_mut().cast() => *mut c_void, &raw mut sink => *mut *mut c_void
    ) -> i32);
    assert_eq!(made, 0);
    // SAFETY: it is a sink that nobody else has.
    let sink = unsafe { sys::IMAPIAdviseSink::from_raw(sink) };
    tell_sink(&sink, &event(1));
    tell_sink(&sink, &event(2));
    assert_eq!(told.load(Ordering::Relaxed), 2);
    let mut none = ptr::null_mut::<c_void>();
    let refused = call!(HrAllocAdviseSink(
        ptr::null() => *const c_void, ptr::null_mut() => *mut c_void,
        &raw mut none => *mut *mut c_void
    ) -> i32);
    assert!(refused < 0 && none.is_null());
}

/// Says on which thread it is called, and dropped.
struct Where(mpsc::Sender<(thread::ThreadId, Option<Notification>)>);

impl AdviseSink for Where {
    fn on_notify(&self, notification: &Notification) {
        _ = self
            .0
            .send((thread::current().id(), Some(notification.clone())));
    }
}

impl Drop for Where {
    fn drop(&mut self) {
        _ = self.0.send((thread::current().id(), None));
    }
}

/// A sink that can be called on any thread.
struct Free(sys::IMAPIAdviseSink);

// SAFETY: it was wrapped by HrThisThreadAdviseSink.
unsafe impl Send for Free {}

#[test]
fn a_wrapped_sink_is_called_and_released_on_its_thread() {
    for by_messages in [false, true] {
        let (sender, told) = mpsc::channel();
        let wrapped = Free(this_thread(&serve_sink(Where(sender))));
        let other = thread::spawn(move || {
            let wrapped = wrapped;
            (0..3).for_each(|number| tell_sink(&wrapped.0, &event(number)));
        });
        other.join().unwrap();
        assert_eq!(
            told.try_iter().count(),
            0,
            "nothing before its thread is ready"
        );
        match by_messages {
            false => assert_eq!(call!(HrDispatchNotifications(0 => u32) -> i32), 0),
            true => take_messages(),
        }
        let me = thread::current().id();
        let wanted: Vec<_> = (0..3).map(|number| (me, Some(event(number)))).collect();
        let told: Vec<_> = told.try_iter().collect();
        assert_eq!(told[..3], wanted);
        assert_eq!(told[3..], [(me, None)]);
    }
}

fn take_messages() {
    let mut message = MSG::default();
    // SAFETY: it takes what comes out.
    unsafe {
        while PeekMessageW(&raw mut message, None, 0, 0, PM_REMOVE).as_bool() {
            DispatchMessageW(&raw const message);
        }
    }
}

#[test]
fn a_wrapped_sink_may_dispatch_again() {
    let (sender, told) = mpsc::channel();
    let inner = serve_sink(move |it: &Notification| {
        _ = sender.send(it.clone());
        assert_eq!(call!(HrDispatchNotifications(0 => u32) -> i32), 0);
    });
    let wrapped = this_thread(&inner);
    drop(inner);
    (0..3).for_each(|number| tell_sink(&wrapped, &event(number)));
    assert_eq!(call!(HrDispatchNotifications(0 => u32) -> i32), 0);
    let told: Vec<_> = told.try_iter().collect();
    assert_eq!(told, [event(0), event(1), event(2)]);
}
