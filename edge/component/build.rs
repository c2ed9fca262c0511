//! Link options of the component: its last wall against memory.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // Declared in the artefact, so that both engines enforce it: 256 MiB, a multiple of the
        // 64 KiB page. Budgets are smaller and give a typed failure; this is for what they miss.
        println!("cargo:rustc-link-arg-cdylib=--max-memory=268435456");
        // The stack lies below everything else, so that an overflow traps instead of overwriting
        // data; half of the usual size is ample, as nothing recurses.
        println!("cargo:rustc-link-arg-cdylib=--stack-first");
        println!("cargo:rustc-link-arg-cdylib=-zstack-size=524288");
    }
}
