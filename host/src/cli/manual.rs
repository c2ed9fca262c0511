//! `selvedge man` and `selvedge completions`: what the command line says of itself, for other programs.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Failure, files};

/// Write the manual pages, one for each subcommand
#[derive(Debug, clap::Args)]
pub struct ManArgs {
    /// The folder, such as /usr/local/share/man/man1
    #[arg(value_name = "DIR")]
    folder: PathBuf,
}

/// Print what makes a shell complete this command line
#[derive(Debug, clap::Args)]
pub struct CompletionsArgs {
    /// Which shell
    shell: Shell,
}

pub fn pages(args: &ManArgs) -> Result<(), Failure> {
    let folder = &args.folder;
    fs::create_dir_all(folder)
        .and_then(|()| {
            clap_mangen::generate_to(Cli::command().disable_help_subcommand(true), folder)
        })
        .map_err(|error| format!("{}: {error}", folder.display()).into())
}

pub fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "selvedge", &mut text);
    files::write(Path::new("-"), &text)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_gets_its_completions() {
        for shell in Shell::value_variants() {
            let mut text = Vec::new();
            clap_complete::generate(*shell, &mut Cli::command(), "selvedge", &mut text);
            let text = String::from_utf8(text).unwrap();
            for part in ["transform", "out-dir", "admin"] {
                assert!(text.contains(part), "{shell}: {part}");
            }
        }
    }
}
