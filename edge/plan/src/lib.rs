//! Selvedge's decisions, free of I/O, clocks and floats, so that edge, origin and component agree.
//!
//! The way of a request through this crate:
//!
//! ```text
//! target ─► request ─► signature ─► options ─► plan ─► key        (decide)
//!                        source ─► allow-list      └─► canonical text ─► component
//! header of the source + plan ─► geometry
//! what happened ─► outcome (status, headers, problem body)
//! ```
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    warn(clippy::indexing_slicing, clippy::arithmetic_side_effects, clippy::float_arithmetic)
)]

pub mod accept;
pub mod address;
pub mod allow;
pub mod decide;
pub mod freshness;
pub mod geometry;
pub mod key;
pub mod limits;
pub mod options;
pub mod orientation;
pub mod outcome;
pub mod plan;
pub mod problem;
pub mod request;
pub mod signature;
pub mod source;

pub use decide::{Asked, Decision, Rules, decide};
pub use options::Options;
pub use plan::Plan;
pub use problem::{Code, Problem};
pub use source::Source;
