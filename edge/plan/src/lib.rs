//! Selvedge's decisions, free of I/O, clocks and floats, so that edge, origin and component agree.
//!
//! The way of a request through this crate:
//!
//! ```text
//! target ─► request ─► signature ─► dialect ─► options ─► presets, policy ─► plan ─► key   (decide)
//!                        source ─► allow-list      header fields ─► client ─┘  └─► canonical text
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
pub mod admission;
pub mod allow;
pub mod arrival;
pub mod ask;
pub mod available;
pub mod brands;
pub mod candidate;
pub mod client;
mod cut;
pub mod decide;
pub mod dialects;
pub mod edge;
pub mod ending;
pub mod facts;
mod fitting;
pub mod foreign;
pub mod freshness;
pub mod geometry;
pub mod handover;
mod hex;
pub mod kept;
pub mod key;
pub mod ladder;
mod later;
pub mod limits;
pub mod line;
pub mod location;
pub mod options;
pub mod orientation;
pub mod outcome;
pub mod output;
pub mod plan;
pub mod policy;
pub mod presets;
pub mod problem;
pub mod range;
pub mod reference;
pub mod reply;
pub mod request;
pub mod rollout;
pub mod rules;
pub mod said;
pub mod settings;
pub mod signature;
pub mod source;
pub mod spot;
pub mod steps;
pub mod ticket;
pub mod unsigned;
pub mod version;
mod warnings;

pub use client::{Client, Fields};
pub use decide::{Asked, Decision, decide};
pub use options::Options;
pub use plan::Plan;
pub use problem::{Code, Problem};
pub use rules::Rules;
pub use source::Source;
