//! The arguments that a ticket takes to be made again.

use std::path::{Path, PathBuf};

use clap::ArgAction;
use selvedge_plan::ticket::Ticket;

use super::{Failure, Shared, files};
use crate::component::ComponentFile;
use crate::components::Archive;
use crate::ticket::digest;

/// A ticket, and what it speaks of.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The ticket, as in the header selvedge-ticket or the log
    #[arg(value_name = "TICKET")]
    ticket: Ticket,
    /// The source; and what is drawn over it, in the plan's order, by more of these
    #[arg(long = "source", value_name = "FILE", required = true, action = ArgAction::Append)]
    sources: Vec<PathBuf>,
    /// A folder of components by their digests [default: what --component says]
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// What a ticket speaks of, all of it as the ticket says.
pub struct Found<'a> {
    /// The ticket.
    pub ticket: &'a Ticket,
    /// The source, then what is drawn over it.
    pub files: Vec<Vec<u8>>,
    /// The component.
    pub component: ComponentFile,
}

impl Args {
    /// Reads all, and checks that it is what the ticket speaks of.
    pub fn find(&self, shared: &Shared) -> Result<Found<'_>, Failure> {
        let ticket = &self.ticket;
        let files =
            self.sources.iter().map(|path| files::read(path)).collect::<Result<Vec<_>, _>>()?;
        let told: Vec<String> = files.iter().map(|file| digest(file)).collect();
        if told != ticket.files {
            let (got, expected) = (told.join("+"), ticket.files.join("+"));
            return Err(format!("the files are {got}, and those of the ticket {expected}").into());
        }
        let component = match &self.folder {
            Some(folder) => Archive::new(Path::new(folder)).open(&ticket.component)?,
            None => ComponentFile::open(shared.component.as_deref())?,
        };
        if component.digest() != ticket.component {
            let (got, expected) = (component.digest(), &ticket.component);
            let hint = "name it with --component, or a folder that has it with --folder";
            return Err(
                format!("the component is {got}, that of the ticket {expected}: {hint}").into()
            );
        }
        Ok(Found { ticket, files, component })
    }
}
