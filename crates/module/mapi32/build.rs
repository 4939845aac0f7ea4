//! Has the linker forward what `mapi32.def` lists.

use std::env;

fn main() {
    let def = format!(
        "{}/mapi32.def",
        env::var("CARGO_MANIFEST_DIR").unwrap_or_default()
    );
    println!("cargo::rerun-if-changed={def}");
    if env::var_os("CARGO_CFG_WINDOWS").is_none() {
        return;
    }
    match env::var("CARGO_CFG_TARGET_ENV").as_deref() {
        Ok("msvc") => println!("cargo::rustc-cdylib-link-arg=/DEF:{def}"),
        _ => println!("cargo::rustc-cdylib-link-arg={def}"),
    }
}
