//! `mapi32.dll`: each of its exports is that of `olmapi32.dll`, as `mapi32.def` says.
