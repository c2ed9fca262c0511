//! Selvedge's native host: the image component in wasmtime, behind a command line and a server.
//!
//! The host is thin. What a request means, what is allowed and what is answered is decided by
//! `selvedge-plan`; what happens to pixels is decided by the component. Here are the things that
//! only a process can do: files, sockets, threads, clocks and the engine. It is for Unix: owners and
//! modes of files are part of what keeps compiled code safe.

pub mod bindings;
pub mod cache;
pub mod cli;
pub mod code_cache;
pub mod component;
pub mod components;
pub mod config;
pub mod engine;
pub mod failure;
mod files;
pub mod heif;
pub mod observe;
pub mod outside;
pub mod purge;
pub mod rollout;
pub mod serve;
pub mod shadow;
pub mod source;
pub mod steps;
pub mod stop;
mod thread;
mod ticket;
pub mod transform;
