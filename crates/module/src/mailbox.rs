//! The mailbox that the module shows: a description in a file, or the one that is built in.

use std::env;
use std::fs;
use std::path::PathBuf;

use mapi_session::memory::{Answer, Dialog, Memory, Question};
use windows::Win32::Foundation::ERROR_SUCCESS;
use windows::Win32::System::Registry::{
    HKEY, HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE, RRF_RT_REG_SZ, RegGetValueW,
};
use windows_core::{HSTRING, PCWSTR, w};

/// What is shown where no file is named.
const BUILT_IN: &str = include_str!("mailbox.toml");

/// The subsystem in memory, whose user accepts every dialog.
///
/// # Errors
/// Why the file cannot be used.
pub(crate) fn memory() -> Result<Memory, String> {
    let (name, text) = match setting("MAPI_SESSION_MAILBOX", w!("Mailbox")) {
        None => ("the built-in mailbox".into(), BUILT_IN.into()),
        Some(path) => {
            let text = fs::read_to_string(&path);
            let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
            (path.display().to_string(), text)
        }
    };
    let builder = toml::from_str::<mapi_session::memory::Builder>(&text);
    let builder = builder.map_err(|error| format!("{name}: {error}"))?;
    let memory = builder
        .build()
        .map_err(|error| format!("{name}: {error}"))?;
    memory.user().answer_otherwise(accept);
    Ok(memory)
}

/// OK to everything; of several profiles, the first.
fn accept(dialog: &Dialog) -> Answer {
    match dialog.question() {
        Question::ChooseProfile { offered } if !offered.is_empty() => {
            Answer::Pick(offered[0].clone())
        }
        _ => Answer::Accept,
    }
}

/// A file's name, from this variable of the environment, or from this value in the registry.
pub(crate) fn setting(variable: &str, value: PCWSTR) -> Option<PathBuf> {
    let set = env::var_os(variable).filter(|it| !it.is_empty());
    set.map(PathBuf::from).or_else(|| {
        let keys = [HKEY_CURRENT_USER, HKEY_LOCAL_MACHINE];
        keys.into_iter().find_map(|key| from_registry(key, value))
    })
}

fn from_registry(key: HKEY, value: PCWSTR) -> Option<PathBuf> {
    let mut text = [0_u16; 1024];
    let mut size = size_of_val(&text) as u32;
    // SAFETY: the names end with a NUL; there is room for `size` bytes.
    let read = unsafe {
        RegGetValueW(
            key,
            w!("Software\\mapi-session"),
            value,
            RRF_RT_REG_SZ,
            None,
            Some(text.as_mut_ptr().cast()),
            Some(&raw mut size),
        )
    };
    let text: Vec<_> = text.into_iter().take_while(|unit| *unit != 0).collect();
    (read == ERROR_SUCCESS && !text.is_empty())
        .then(|| HSTRING::from_wide(&text).to_os_string().into())
}
