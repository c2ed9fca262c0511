//! What `wit/` says, as Rust. Generated at build time; only these names leave the module.

#[expect(missing_docs, reason = "the documentation is in wit/selvedge.wit")]
mod generated {
    wasmtime::component::bindgen!({ path: "../wit", world: "image" });
}

#[expect(missing_docs, reason = "the documentation is in wit/selvedge.wit")]
mod generated_stills {
    wasmtime::component::bindgen!({
        path: "../wit",
        world: "heic",
        with: { "selvedge:image/trace": super::generated::selvedge::image::trace },
    });
}

pub use generated::exports::selvedge::image::transformer::{
    Budget, CodePoints, Colours, Decoded, Excess, Failure, Forecast, Header, Outline, Picture,
    Planes, Raster, Rendition, Source,
};
pub use generated::selvedge::image::trace::Host as Trace;
pub use generated::{Image, ImagePre};
pub use generated_stills::exports::selvedge::image::stills;
pub use generated_stills::{Heic, HeicPre};
