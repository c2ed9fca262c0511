//! How far it is: a bar where somebody watches, else a line now and then.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// Progress, told on stderr.
pub enum Progress {
    /// For people.
    Bar(ProgressBar),
    /// For logs.
    Lines {
        /// How many there are.
        all: usize,
        /// How many are done.
        done: usize,
    },
}

impl Progress {
    /// Nothing of `all` is done.
    pub fn start(all: usize) -> Self {
        if !io::stderr().is_terminal() {
            return Self::Lines { all, done: 0 };
        }
        let bar = ProgressBar::new(all as u64);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {pos}/{len} {eta} {wide_msg}") {
            bar.set_style(style);
        }
        Self::Bar(bar)
    }

    /// One more is done.
    pub fn advance(&mut self, what: &str) {
        match self {
            Self::Bar(bar) => {
                bar.set_message(what.to_owned());
                bar.inc(1);
            }
            Self::Lines { all, done } => {
                let tenth = |done: usize| done * 10 / (*all).max(1);
                *done += 1;
                if tenth(*done) > tenth(*done - 1) {
                    eprintln!("{done} of {all}");
                }
            }
        }
    }

    /// All is done.
    pub fn finish(self) {
        if let Self::Bar(bar) = self {
            bar.finish_and_clear();
        }
    }
}
