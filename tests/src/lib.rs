//! What tests Selvedge as a whole: the real host and the real Worker, started on free ports.
//!
//! ```text
//! samples ─► upstream ─► edge   ─┐
//!       └──────────────► origin ─┴─► conformance: the same bytes?
//! ```
#![forbid(unsafe_code)]

pub mod broken;
pub mod browser;
pub mod conformance;
pub mod drill;
pub mod edge;
pub mod http;
pub mod jpeg;
pub mod matrix;
pub mod memory;
pub mod mutate;
pub mod netpbm;
pub mod origin;
pub mod pair;
pub mod picture;
pub mod process;
pub mod samples;
pub mod stage;
pub mod tools;
pub mod upstream;
pub mod workspace;
