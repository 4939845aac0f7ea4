//! Rows, events and other records: a getter gives what the constructor or its `with_` was given.

use mapi_session::error::{Call, Failure, MapiError};
use mapi_session::flags::{ResourceFlags, ServiceFlags};
use mapi_session::notification::{
    CriticalError, ExtendedEvent, NewMail, ObjectEvent, ObjectEventKind, StatusEvent,
};
use mapi_session::property::{PropTag, Property};
use mapi_session::table::{ProviderRow, ServiceRow};
use mapi_session::types::{FormMessage, ObjectType, Recipient, RecipientType, ResourceType};
use mapi_session::{EntryId, HResult, MapiUid, UiParam};

fn id(byte: u8) -> EntryId {
    EntryId::new([byte; 4])
}

fn uid(byte: u8) -> MapiUid {
    MapiUid::new([byte; 16])
}

/// What each getter gives, and what it is to give.
macro_rules! gives {
    ($record:ident: $($getter:ident $wanted:expr;)*) => {
        $(assert_eq!($record.$getter(), $wanted, stringify!($getter));)*
    };
}

#[test]
fn an_event_gives_what_it_was_made_of() {
    let error = MapiError::new("It is over").with_component("EMSMDB");
    let error = error.with_low_level_error(0x6BA).with_context(7);
    gives! { error:
        error "It is over";
        component "EMSMDB";
        low_level_error 0x6BA;
        context 7;
    }

    let critical = CriticalError::new(HResult::MAPI_E_NETWORK_ERROR);
    gives! { critical: entry_id None; error None; }
    let critical = critical
        .with_entry_id(Some(id(1)))
        .with_error(Some(error.clone()));
    gives! { critical:
        hresult HResult::MAPI_E_NETWORK_ERROR;
        entry_id Some(&id(1));
        error Some(&error);
    }

    let mail = NewMail::new(id(1), id(2), "IPM.Note").with_message_flags(0x12);
    gives! { mail:
        entry_id &id(1);
        parent_id &id(2);
        message_class "IPM.Note";
        message_flags 0x12;
    }

    let object = ObjectEvent::new(ObjectEventKind::Moved, id(1), ObjectType::MESSAGE);
    let object = object
        .with_parent_id(Some(id(2)))
        .with_old_id(Some(id(3)))
        .with_old_parent_id(Some(id(4)))
        .with_property_tags(vec![0x0037_001F, 0x0E07_0003]);
    gives! { object:
        kind ObjectEventKind::Moved;
        entry_id &id(1);
        object_type ObjectType::MESSAGE;
        parent_id Some(&id(2));
        old_id Some(&id(3));
        old_parent_id Some(&id(4));
        property_tags [0x0037_001F, 0x0E07_0003];
    }

    let properties = vec![Property::new(PropTag::new(0x3E04_0003), 2)];
    let status = StatusEvent::new(id(1), properties.clone());
    gives! { status: entry_id &id(1); properties properties; }

    let extended = ExtendedEvent::new(9, [1, 2, 3]);
    gives! { extended: event 9; parameters [1, 2, 3]; }
}

#[test]
fn a_row_gives_what_it_was_made_of() {
    let files = vec!["EMSMDB32.DLL".to_owned(), "EMSUI32.DLL".to_owned()];
    let service = ServiceRow::new(uid(1), "MSEMS")
        .with_display_name("Microsoft Exchange")
        .with_resource_flags(ServiceFlags::PRIMARY_IDENTITY)
        .with_dll_name("EMSUI32.DLL")
        .with_entry_name("EMSCfg")
        .with_support_files(files.clone())
        .with_instance_key([5, 6]);
    gives! { service:
        uid uid(1);
        name "MSEMS";
        display_name "Microsoft Exchange";
        resource_flags ServiceFlags::PRIMARY_IDENTITY;
        dll_name "EMSUI32.DLL";
        entry_name "EMSCfg";
        support_files files;
        instance_key [5, 6];
    }

    let provider = ProviderRow::new(uid(1), "Mailbox")
        .with_provider_display("Microsoft Exchange")
        .with_dll_name("EMSMDB32.DLL")
        .with_ordinal(3)
        .with_resource_flags(ResourceFlags::DEFAULT_STORE)
        .with_resource_type(Some(ResourceType::STORE_PROVIDER))
        .with_service_name("MSEMS")
        .with_service_uid(uid(2))
        .with_instance_key([7, 8]);
    gives! { provider:
        uid uid(1);
        display_name "Mailbox";
        provider_display "Microsoft Exchange";
        dll_name "EMSMDB32.DLL";
        ordinal 3;
        resource_flags ResourceFlags::DEFAULT_STORE;
        resource_type Some(ResourceType::STORE_PROVIDER);
        service_name "MSEMS";
        service_uid uid(2);
        instance_key [7, 8];
    }
}

#[test]
fn arguments_give_what_they_were_made_of() {
    let form = FormMessage::new("IPM.Note")
        .with_status(0x1000)
        .with_flags(0x8)
        .with_access(0x3);
    gives! { form:
        class "IPM.Note";
        status 0x1000;
        flags 0x8;
        access 0x3;
    }
    let to = RecipientType::CC;
    let kim = Recipient::new("Kim")
        .recipient_type(to)
        .property(Property::new(PropTag::ROWID, 7));
    let props = kim.props();
    assert_eq!(props.text(PropTag::DISPLAY_NAME), Some("Kim"));
    assert_eq!(props.long(PropTag::RECIPIENT_TYPE), Some(to.get()));
    assert_eq!(props.long(PropTag::ROWID), Some(7));
    assert_eq!(EntryId::new([1, 2]).as_ref(), [1, 2]);
    assert_eq!(format!("{:?}", UiParam::new(0xABC)), "UiParam(0xABC)");
}

// An error in a log: the call by MAPI's name, and the failure in its own words.
#[test]
fn a_call_and_a_failure_are_shown_as_they_are_written() {
    let call = Call::SESSION_LOGOFF;
    assert_eq!(format!("{call:?}"), call.to_string());
    let failure = Failure::new(HResult::MAPI_E_NO_ACCESS).because("nobody may");
    let shown = format!("{failure:?}");
    assert!(
        shown.contains("MAPI_E_NO_ACCESS") && shown.contains("nobody may"),
        "{shown}"
    );
}
