//! Values under keys. A key whose value is gone finds nothing, also where another value has its
//! place since.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

pub(crate) struct Slab<K, T> {
    slots: Vec<Slot<T>>,
    /// The slots without a value.
    free: Vec<u32>,
    keys: PhantomData<K>,
}

struct Slot<T> {
    /// That of the value, or of the next one.
    generation: u32,
    value: Option<T>,
}

/// What a value is found by; `K` tells the keys of one kind of values from those of another.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key<K> {
    index: u32,
    generation: u32,
    kind: PhantomData<K>,
}

macro_rules! keys {
    ($($(#[$doc:meta])* $key:ident of $kind:ident;)*) => {$(
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum $kind {}

        $(#[$doc])*
        pub(crate) type $key = Key<$kind>;
    )*};
}

keys! {
    ProviderKey of OfProvider;
    /// Of a version of a profile.
    ProfileKey of OfProfile;
    /// Of what all versions of a profile have in common.
    CommonKey of OfCommon;
    SessionKey of OfSession;
    ClientKey of OfClient;
    ObjectKey of OfObject;
    /// Of an administration object.
    AdminKey of OfAdmin;
    /// Of a profile section that is open without a session.
    OpeningKey of OfOpening;
}

impl<K: Copy> Key<K> {
    /// The key as a number that is not zero.
    pub(crate) fn to_number(self) -> u64 {
        u64::from(self.generation) << 32 | (u64::from(self.index) + 1)
    }

    /// The key of this number, where it is one.
    pub(crate) fn from_number(number: u64) -> Option<Self> {
        Some(Self {
            index: (number as u32).checked_sub(1)?,
            generation: (number >> 32) as u32,
            kind: PhantomData,
        })
    }
}

impl<K: Copy, T> Slab<K, T> {
    pub(super) fn len(&self) -> usize {
        self.slots.len() - self.free.len()
    }

    pub(super) fn insert(&mut self, value: T) -> Key<K> {
        self.insert_with(|| value)
    }

    /// Makes the value where it is to stand.
    pub(super) fn insert_with(&mut self, make: impl FnOnce() -> T) -> Key<K> {
        let index = self.free.pop().unwrap_or_else(|| self.add_slot());
        let slot = &mut self.slots[index as usize];
        slot.value.get_or_insert_with(make);
        key(index, slot.generation)
    }

    fn add_slot(&mut self) -> u32 {
        let (generation, value) = (1, None);
        self.slots.push(Slot { generation, value });
        self.slots.len() as u32 - 1
    }

    pub(super) fn remove(&mut self, key: Key<K>) -> Option<T> {
        let slot = self.slots.get_mut(key.index as usize)?;
        if slot.generation != key.generation || slot.value.is_none() {
            return None;
        }
        slot.generation = slot.generation.wrapping_add(1);
        self.free.push(key.index);
        slot.value.take()
    }

    /// Drops the value where it stands.
    pub(super) fn discard(&mut self, key: Key<K>) {
        if let Some(slot) = self.slots.get_mut(key.index as usize) {
            if slot.generation == key.generation && slot.value.is_some() {
                slot.generation = slot.generation.wrapping_add(1);
                slot.value = None;
                self.free.push(key.index);
            }
        }
    }

    pub(super) fn get(&self, key: Key<K>) -> Option<&T> {
        let slot = self.slots.get(key.index as usize)?;
        slot.value
            .as_ref()
            .filter(|_| slot.generation == key.generation)
    }

    pub(super) fn contains(&self, key: Key<K>) -> bool {
        self.get(key).is_some()
    }

    pub(super) fn get_mut(&mut self, key: Key<K>) -> Option<&mut T> {
        let slot = self.slots.get_mut(key.index as usize)?;
        let value = slot.value.as_mut();
        value.filter(|_| slot.generation == key.generation)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (Key<K>, &T)> {
        let slots = self.slots.iter().zip(0..);
        slots.filter_map(|(slot, index)| Some((key(index, slot.generation), slot.value.as_ref()?)))
    }
}

/// With room for the first few.
impl<K, T> Default for Slab<K, T> {
    fn default() -> Self {
        Self {
            slots: Vec::with_capacity(4),
            free: Vec::with_capacity(4),
            keys: PhantomData,
        }
    }
}

fn key<K>(index: u32, generation: u32) -> Key<K> {
    Key {
        index,
        generation,
        kind: PhantomData,
    }
}

/// For the keys that the state itself holds: what they name is there.
impl<K: Copy, T> Index<Key<K>> for Slab<K, T> {
    type Output = T;

    fn index(&self, key: Key<K>) -> &T {
        self.get(key)
            .expect("a key of the state names what is there")
    }
}

impl<K: Copy, T> IndexMut<Key<K>> for Slab<K, T> {
    fn index_mut(&mut self, key: Key<K>) -> &mut T {
        self.get_mut(key)
            .expect("a key of the state names what is there")
    }
}
