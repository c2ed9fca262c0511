//! What the documentation says of the dialects, one file each: examples that tests read.

mod cloudflare;
mod imgproxy;
mod ipx;
mod next;
mod showmax;
mod thumbor;
mod weserv;

use super::Dialect;

/// What the documentation says of a dialect: apart from it, since no server needs it.
pub struct Chapter {
    /// The dialect.
    pub dialect: &'static Dialect,
    /// What is to say of it.
    pub doc: &'static str,
    /// What an address looks like whose options stand in place of `{}`.
    pub sample: &'static str,
    /// What of it maps, and what does not.
    pub rows: &'static [Row],
}

/// What an option of a dialect means here.
pub struct Row {
    /// An example, in place of `{}` in the chapter's sample.
    pub theirs: &'static str,
    /// The options that it reads as, or why it cannot be read.
    pub ours: Result<&'static str, &'static str>,
}

/// Shorthand for the tables.
const fn maps(theirs: &'static str, ours: &'static str) -> Row {
    Row { theirs, ours: Ok(ours) }
}

/// Shorthand for the tables.
const fn refused(theirs: &'static str, why: &'static str) -> Row {
    Row { theirs, ours: Err(why) }
}

/// What the documentation says of every dialect, in the same order.
pub const CHAPTERS: &[&Chapter] = &[
    &cloudflare::CHAPTER,
    &next::CHAPTER,
    &ipx::CHAPTER,
    &weserv::CHAPTER,
    &thumbor::CHAPTER,
    &imgproxy::CHAPTER,
    &showmax::CHAPTER,
];
