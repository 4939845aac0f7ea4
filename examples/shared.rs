//! Three clients share a session; one logs off with MAPI_LOGOFF_SHARED, and the others hear of it
//! and log off in order. Then the same as Outlook does it since its fast shutdown, where a client
//! with a session of its own hears of it too.
//!
//! `cargo run --example shared`

use std::error::Error;
use std::io::IsTerminal;
use std::sync::mpsc::{self, Receiver};

use mapi_session::memory::{Builder, Memory, Profile};
use mapi_session::{
    EventMask, Live, LogoffFlags, LogonRequest, Mapi, Notification, Registration, Session,
};

fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_ansi(std::io::stdout().is_terminal())
        .without_time()
        .with_target(false)
        .init();

    println!("== a shared session");
    run(outlook())?;
    println!("\n== the same, with the fast shutdown of Outlook 2007 SP2");
    run(outlook().fast_shutdown())?;
    Ok(())
}

fn outlook() -> Builder {
    Memory::builder()
        .profile(Profile::new("Outlook").default_profile())
        .profile(Profile::new("Other"))
}

fn run(builder: Builder) -> Result<(), Box<dyn Error>> {
    let memory = builder.build()?;
    let mapi = Mapi::initialize(memory.clone())?;
    let first = mapi.logon(&LogonRequest::default_profile().allow_others())?;
    let second = mapi.logon(&LogonRequest::join_shared())?;
    let third = mapi.logon(&LogonRequest::join_shared())?;
    let fourth = mapi.logon(&LogonRequest::new_session("Other"))?;
    println!(
        "four clients are logged on, to {} sessions",
        memory.open_sessions()
    );

    let (second_hears, second_registration) = listen(&second)?;
    let (third_hears, third_registration) = listen(&third)?;
    let (fourth_hears, fourth_registration) = listen(&fourth)?;

    println!("the first client logs off with MAPI_LOGOFF_SHARED");
    first.logoff(LogoffFlags::SHARED)?;

    // In order: end the registration, log off, release.
    let told = report("second", &second_hears);
    drop(second_registration);
    if told {
        second.logoff(LogoffFlags::empty())?;
        println!("the second client has logged off");
    }
    let told = report("third", &third_hears);
    drop(third_registration);
    if told {
        third.logoff(LogoffFlags::empty())?;
        println!("the third client has logged off");
    }
    let told = report("fourth", &fourth_hears);
    drop(fourth_registration);
    println!(
        "the fourth client, on its own session, {}",
        if told { "ends it" } else { "goes on" }
    );
    fourth.logoff(LogoffFlags::empty())?;
    println!("{} sessions are open", memory.open_sessions());
    Ok(())
}

type Listening<'s> = (Receiver<Notification>, Registration<'s, Memory>);

fn listen(session: &Session<Live, Memory>) -> Result<Listening<'_>, mapi_session::Error> {
    let (sink, hears) = mpsc::channel();
    Ok((hears, session.advise_sink(EventMask::EXTENDED, sink)?))
}

/// Says what a client has heard, and gives whether it is to log off.
fn report(client: &str, hears: &Receiver<Notification>) -> bool {
    let events: Vec<_> = hears.try_iter().collect();
    if events.is_empty() {
        println!("the {client} client hears nothing");
    }
    for event in &events {
        match event {
            Notification::CriticalError(error) => {
                println!(
                    "the {client} client hears: critical error {}",
                    error.hresult()
                );
            }
            other => println!("the {client} client hears: {:?}", other.event()),
        }
    }
    events.iter().any(Notification::ends_session)
}
