//! `selvedge verify`: makes a picture again, and tells whether it is the same.

use std::path::Path;

use super::{Failure, Shared, files, limits, ticket};
use crate::ticket::digest;
use crate::transform::Limits;

/// Make the picture of a ticket again, and compare
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    ticket: ticket::Args,
    #[command(flatten)]
    limits: limits::Args,
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    shared.start_log();
    let found = args.ticket.find(shared)?;
    let limits = args.limits.or(Limits::default());
    let transformer = shared.machine(1, &limits)?.load(&found.component)?;
    let mut all = found.files.into_iter();
    let source = all.next().unwrap_or_default();
    let overlays: Vec<Vec<u8>> = all.collect();
    let rendered = transformer.transform(source, &overlays, &found.ticket.plan, &limits)?;
    let got = digest(&rendered.bytes);
    if got != found.ticket.picture {
        let expected = &found.ticket.picture;
        return Err(format!("another picture: {got}, and that of the ticket is {expected}").into());
    }
    files::write(Path::new("-"), format!("the same picture: {got}\n").as_bytes())
}
