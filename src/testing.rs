#![doc = include_str!("testing/chapter.md")]

/// A tuple of a [`Layered`](crate::subsystem::layer::Layered) subsystem, as a subsystem.
macro_rules! layered_subsystem {
    ($Wrapper:ident, $Layer:ty) => {
        impl<B: Subsystem + Clone> Clone for $Wrapper<B> {
            fn clone(&self) -> Self {
                Self(self.0.clone())
            }
        }

        impl<B: Subsystem> fmt::Debug for $Wrapper<B> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($Wrapper))
            }
        }

        #[deny(clippy::missing_trait_methods)]
        impl<B: Subsystem> Subsystem for $Wrapper<B> {
            type Session = <Layered<B, $Layer> as Subsystem>::Session;
            type ProfileAdmin = <Layered<B, $Layer> as Subsystem>::ProfileAdmin;

            fn initialize(&self, version: u32, flags: u32) -> RawResult<()> {
                self.0.initialize(version, flags)
            }

            fn uninitialize(&self) {
                self.0.uninitialize();
            }

            fn logon_ex(
                &self,
                ui_param: crate::UiParam,
                profile_name: Option<&str>,
                password: Option<&str>,
                flags: u32,
            ) -> RawResult<Self::Session> {
                self.0.logon_ex(ui_param, profile_name, password, flags)
            }

            fn admin_profiles(&self, flags: u32) -> RawResult<Self::ProfileAdmin> {
                self.0.admin_profiles(flags)
            }

            fn has_profile(&self, name: &str) -> Option<bool> {
                self.0.has_profile(name)
            }

            fn as_debug(&self) -> Option<&dyn fmt::Debug> {
                self.0.as_debug()
            }
        }
    };
}

pub mod conformance;
mod faults;
pub mod profiles;
mod record;

pub use faults::{
    Blocked, Fault, Faults, KeptSlots, LateNotifications, Match, OnCall, OnNotification, Plan,
    Response, Unused,
};
pub use record::{
    CleanGuard, Journal, Leak, LeakKind, OutOfOrder, RecordedCall, Recorder, Step, ThreadMisuse,
    ThreadMisuseKind,
};
