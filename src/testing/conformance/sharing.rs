//! Rules S: individual and shared sessions.

use super::scene::{
    Asked, ENDS, NEW, Verdict, end, ensure, events, fails, is_live, listen, log_off, works,
};
use super::stage::{Item, OTHER, PROFILE};
use crate::subsystem::{RawSession, Subsystem};
use crate::types::ResourceType;
use crate::{HResult, LogoffFlags, LogonFlags};

pub(super) fn s1<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let shared = scene.shared()?;
    let heard = listen(&shared, ENDS)?;
    let individual = scene.logon(Some(OTHER), NEW)?;
    scene.has_store(&individual, Item::OtherStore)?;
    end(individual)?;
    scene.individual().and_then(end)?;
    scene.settle();
    ensure(
        events(&heard).is_empty(),
        || "a client of a shared session was told of the end of an individual one",
    )?;
    end(shared)
}

pub(super) fn s2<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let shared = scene.shared()?;
    for name in [None, Some(PROFILE), Some(OTHER)] {
        for flags in [LogonFlags::empty(), LogonFlags::ALLOW_OTHERS] {
            let joined = scene.logon(name, flags)?;
            scene.has_store(&joined, Item::DefaultStore)?;
            end(joined)?;
        }
    }
    end(shared)
}

pub(super) fn s3<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let first = scene.shared()?;
    let second = scene.logon(Some(OTHER), NEW | LogonFlags::ALLOW_OTHERS)?;
    scene.has_store(&second, Item::OtherStore)?;
    let joined = scene.join()?;
    scene.has_store(&joined, Item::DefaultStore)?;
    end(joined)?;
    end(first)?;
    let joined = scene.join()?;
    scene.has_store(&joined, Item::OtherStore)?;
    end(joined)?;
    end(second)
}

pub(super) fn s4<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let first = scene.shared()?;
    let joined = scene.logon(None, LogonFlags::NO_MAIL)?;
    let table = works("GetStatusTable", first.status_table(0))?;
    ensure(
        table.first(ResourceType::TRANSPORT_PROVIDER).is_some(),
        || "another client's MAPI_NO_MAIL took this client's transports",
    )?;
    end(joined)?;
    is_live("after another client's logoff", &first)?;
    end(first)
}

pub(super) fn s5<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (first, second) = (scene.shared()?, scene.join()?);
    end(first)?;
    is_live("after the first client's logoff", &second)?;
    let third = scene.join()?;
    end(second)?;
    is_live("after the second client's logoff", &third)?;
    end(third)?;
    let joined = scene.try_logon(None, LogonFlags::empty());
    let what = "a logon that would join, after the last client's logoff";
    fails(what, joined, HResult::MAPI_E_LOGON_FAILED)
}

pub(super) fn s6<B: Subsystem>(asked: &Asked<'_, B>) -> Verdict {
    let scene = asked.plain()?;
    let (first, second) = (scene.shared()?, scene.join()?);
    log_off(&first, LogoffFlags::SHARED)?;
    let joined = scene.try_logon(None, LogonFlags::empty());
    let what = "a logon that would join, after MAPI_LOGOFF_SHARED";
    fails(what, joined, HResult::MAPI_E_LOGON_FAILED)?;
    let new = scene.logon(Some(PROFILE), LogonFlags::empty())?;
    is_live("after another client's MAPI_LOGOFF_SHARED", &second)?;
    end(new)?;
    end(second)
}
