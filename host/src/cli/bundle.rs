//! `selvedge bundle`: all that a bug report needs, in one file.

use std::path::PathBuf;

use tar::{Builder, Header};

use super::{Failure, Shared, files, ticket};
use crate::component::STILLS_NAME;

/// Pack component, source and plan of a ticket into a tar file
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    ticket: ticket::Args,
    /// The tar file, or - for standard output
    #[arg(long, short, value_name = "FILE", default_value = "selvedge-bundle.tar")]
    output: PathBuf,
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    shared.start_log();
    let found = args.ticket.find(shared)?;
    let names: Vec<String> =
        (0..found.files.len()).map(|number| format!("source-{number}")).collect();
    let (ticket, readme) =
        (format!("{}\n", found.ticket), readme(found.ticket.plan.as_str(), &names));
    let mut tar = Builder::new(Vec::new());
    let mut add = |name: &str, bytes: &[u8]| {
        let mut header = Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        // No owner and no time: the same ticket gives the same bundle.
        tar.append_data(&mut header, format!("selvedge-bundle/{name}"), bytes)
    };
    add("README.md", readme.as_bytes())?;
    add("ticket.txt", ticket.as_bytes())?;
    add("component.wasm", found.component.bytes())?;
    if let Some(stills) = found.component.stills() {
        add(STILLS_NAME, stills.bytes())?;
    }
    for (name, bytes) in names.iter().zip(&found.files) {
        add(name, bytes)?;
    }
    files::write(&args.output, &tar.into_inner()?)
}

fn readme(plan: &str, names: &[String]) -> String {
    let sources: Vec<String> = names.iter().map(|name| format!("--source {name}")).collect();
    format!(
        "# A picture to make again\n\n\
         `component.wasm` made a picture of `source-0` by the plan `{plan}`. `ticket.txt` has the SHA-256 of\n\
         the component, of each source and of the picture. What is drawn over the picture is `source-1` and so on.\n\n\
         To make it again and compare, with the `selvedge` program of the same contract:\n\n\
         ```sh\nselvedge --component component.wasm verify \"$(cat ticket.txt)\" {}\n```\n\n\
         To see it, where nothing is drawn over it:\n\n\
         ```sh\nselvedge --component component.wasm transform source-0 picture '{plan}'\n```\n",
        sources.join(" ")
    )
}
