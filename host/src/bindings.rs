//! What `wit/` says, as Rust. Generated at build time; only these names leave the module.

#[expect(missing_docs, reason = "the documentation is in wit/selvedge.wit")]
mod generated {
    wasmtime::component::bindgen!({ path: "../wit", world: "image" });
}

pub use generated::exports::selvedge::image::transformer::{
    Budget, CodePoints, Colours, Decoded, Excess, Failure, Forecast, Header, Picture, Raster,
    Rendition, Source,
};
pub use generated::selvedge::image::trace::Host as Trace;
pub use generated::{Image, ImagePre};
