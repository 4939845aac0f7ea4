//! The store table and the status table as objects that tell what changes (N11).

use std::collections::HashMap;

use super::{
    ClientKey, Kind, Logon, Message, ObjectKey, Result, SessionKey, State, Step, Subscribers,
};
use crate::Notification;
use crate::notification::{TableEvent, TableEventKind};
use crate::property::Property;
use crate::table::{MsgStoresTable, PR_ROWID, StatusTable};

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TableKind {
    Stores,
    Statuses,
}

/// A table that is open.
pub(super) struct OpenTable {
    kind: TableKind,
    /// Nothing as long as nobody has registered.
    watch: Option<Box<Watch>>,
}

impl OpenTable {
    /// The type of its handle.
    pub(super) fn name(&self) -> &'static str {
        match self.kind {
            TableKind::Stores => "MemoryStoreTable",
            TableKind::Statuses => "MemoryStatusTable",
        }
    }
}

#[derive(Default)]
struct Watch {
    subscribers: Subscribers,
    /// The rows that they know of.
    rows: Vec<WatchedRow>,
}

/// A row as it was told of.
struct WatchedRow {
    /// PR_INSTANCE_KEY.
    key: Box<[u8]>,
    columns: Vec<Property>,
}

impl WatchedRow {
    /// The place in the table is no change of the row.
    fn is_changed_from(&self, before: &Self) -> bool {
        let [here, before] = [self, before].map(|row| {
            let columns = row.columns.iter();
            columns.filter(|it| it.tag != PR_ROWID)
        });
        here.ne(before)
    }
}

impl State {
    /// GetMsgStoresTable and GetStatusTable, as an object.
    pub(crate) fn open_table(
        &mut self,
        client: ClientKey,
        kind: TableKind,
        flags: u32,
    ) -> Step<Result<ObjectKey>> {
        Step::checked(|| {
            self.live(client)?;
            self.check_text_flags(flags)?;
            let ready = match kind {
                TableKind::Stores => Step::Done(()),
                TableKind::Statuses => self.need_transports(client),
            };
            Ok(ready.then(self, move |state, ()| {
                let table = OpenTable { kind, watch: None };
                let live = state.live(client).map(drop);
                Step::Done(live.map(|()| state.open(client, Kind::Table(table), false)))
            }))
        })
    }

    pub(crate) fn store_table_rows(&self, table: ObjectKey) -> Result<MsgStoresTable> {
        let on = self.live(self.opened(table)?.client)?;
        Ok(self.store_rows(&on))
    }

    pub(crate) fn status_table_rows(&self, table: ObjectKey) -> Result<StatusTable> {
        let on = self.live(self.opened(table)?.client)?;
        Ok(self.status_rows(&on))
    }

    fn open_table_mut(&mut self, key: ObjectKey) -> Option<&mut OpenTable> {
        match &mut self.objects.get_mut(key)?.kind {
            Kind::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Who registered with a table, from when the first one does.
    pub(super) fn table_subscribers_mut(&mut self, key: ObjectKey) -> Option<&mut Subscribers> {
        let client = self.objects.get(key)?.client;
        let is_watched = self.open_table_mut(key)?.watch.is_some();
        if !is_watched {
            let rows = self.watched_rows(key);
            let session = self.clients.get(client)?.session;
            let watched = self.sessions[session].watched.get_or_insert_default();
            watched.tables.push(key);
            let watch = Watch {
                rows,
                ..Watch::default()
            };
            self.open_table_mut(key)?.watch = Some(Box::new(watch));
        }
        let watch = self.open_table_mut(key)?.watch.as_mut()?;
        Some(&mut watch.subscribers)
    }

    /// A table is released, or its client has ended: then its registrations go with it.
    pub(super) fn close_table(&mut self, session: SessionKey, table: &OpenTable) {
        let Some(watch) = &table.watch else { return };
        let subscriptions = watch.subscribers.iter().cloned().map(Message::Cancel);
        self.outbox.extend(subscriptions);
        let objects = &self.objects;
        if let Some(watched) = &mut self.sessions[session].watched {
            watched.tables.retain(|key| objects.get(*key).is_some());
        }
    }

    /// Nobody is registered with it any more.
    pub(super) fn unwatch_table(&mut self, session: SessionKey, key: ObjectKey) {
        if let Some(table) = self.open_table_mut(key) {
            table.watch = None;
        }
        if let Some(watched) = &mut self.sessions[session].watched {
            watched.tables.retain(|table| *table != key);
        }
    }

    fn watched_rows(&self, key: ObjectKey) -> Vec<WatchedRow> {
        let object = self.objects.get(key);
        let Some((on, kind)) = object.and_then(|object| match &object.kind {
            Kind::Table(table) => Some((self.find(object.client)?, table.kind)),
            _ => None,
        }) else {
            return Vec::new();
        };
        self.rows_of(&on, kind)
    }

    fn rows_of(&self, on: &Logon<'_>, kind: TableKind) -> Vec<WatchedRow> {
        let row = |key: &[u8], columns| WatchedRow {
            key: key.into(),
            columns,
        };
        match kind {
            TableKind::Stores => {
                let rows = self.store_rows(on).into_iter();
                rows.map(|it| row(it.instance_key(), it.properties()))
                    .collect()
            }
            TableKind::Statuses => {
                let rows = self.status_rows(on).into_iter();
                rows.map(|it| row(it.instance_key(), it.properties()))
                    .collect()
            }
        }
    }

    /// Tells those who registered with a table of a session which of its rows are others now: of the
    /// store table first.
    pub(super) fn tell_of_changed_rows(&mut self, session: SessionKey) {
        let watched = self
            .sessions
            .get(session)
            .and_then(|it| it.watched.as_ref());
        let Some(watched) = watched else { return };
        let mut tables = watched.tables.clone();
        tables.sort_by_key(|key| match self.objects.get(*key).map(|it| &it.kind) {
            Some(Kind::Table(table)) => table.kind,
            _ => TableKind::Statuses,
        });
        for key in tables {
            let now = self.watched_rows(key);
            let watch = self.open_table_mut(key).and_then(|it| it.watch.as_mut());
            let Some(watch) = watch else { continue };
            let before = std::mem::replace(&mut watch.rows, now);
            let events = changes(&before, &watch.rows);
            let subscribers = watch.subscribers.clone();
            for event in events {
                self.tell(subscribers.clone(), Notification::Table(event));
            }
        }
    }
}

/// What has become of the rows, in the order of the table: those that are gone first.
fn changes(before: &[WatchedRow], now: &[WatchedRow]) -> Vec<TableEvent> {
    let by_key = |rows: &'_ [WatchedRow]| -> HashMap<Box<[u8]>, usize> {
        rows.iter().map(|it| it.key.clone()).zip(0..).collect()
    };
    let (known, here) = (by_key(before), by_key(now));
    let gone = before.iter().filter(|it| !here.contains_key(&it.key));
    let gone = gone
        .map(|row| TableEvent::new(TableEventKind::ROW_DELETED).with_index(Some(row.key.clone())));
    let mut events: Vec<_> = gone.collect();
    let mut prior: Option<&WatchedRow> = None;
    for row in now {
        let kind = match known.get(&row.key) {
            None => Some(TableEventKind::ROW_ADDED),
            Some(index) if row.is_changed_from(&before[*index]) => {
                Some(TableEventKind::ROW_MODIFIED)
            }
            Some(_) => None,
        };
        events.extend(kind.map(|kind| {
            TableEvent::new(kind)
                .with_index(Some(row.key.clone()))
                .with_prior(prior.map(|it| it.key.clone()))
                .with_row(row.columns.clone())
        }));
        prior = Some(row);
    }
    events
}
