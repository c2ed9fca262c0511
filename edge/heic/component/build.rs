//! Link options of the component: its last wall against memory.

fn main() {
    if std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("wasm32") {
        // 128 MiB: the planes of 48 megapixels, as the largest phones write them, are 70.
        println!("cargo:rustc-link-arg-cdylib=--max-memory=134217728");
        // As in the image component.
        println!("cargo:rustc-link-arg-cdylib=--stack-first");
        println!("cargo:rustc-link-arg-cdylib=-zstack-size=524288");
    }
}
