//! The host against real files, sockets and the real component.
//!
//! One program with many modules: each program of its own would link the engine again.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed"
)]

mod bench;
mod bucket;
mod cache;
mod canary;
mod cli;
mod cli_serve;
mod client;
mod code_cache;
mod components;
mod configuration;
mod connections;
mod deadline;
mod dns;
mod drill;
mod explain;
mod faults;
mod folder;
mod heif;
mod heif_colours;
mod heif_hdr;
mod heif_reference;
mod http_source;
mod kept;
mod manual;
mod observing;
mod origin;
mod overload;
mod picture;
mod protocols;
mod purging;
mod reach;
mod reloads;
mod restarts;
mod server;
mod serving;
mod setup;
mod shadow;
mod spot;
mod ssrf;
mod tickets;
mod walk;
