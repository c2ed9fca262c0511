//! The ways to write an address, one file each. Each turns text into the same [`Options`] and
//! [`Source`]; nothing after it knows which one it was.

mod chapters;
pub mod cloudflare;
mod draft;
pub mod imgproxy;
pub mod ipx;
pub mod next;
mod query;
pub mod showmax;
pub mod thumbor;
pub mod weserv;

use crate::options::Options;
use crate::problem::{Code, Problem};
use crate::request::Target;
use crate::source::Source;
pub use chapters::{CHAPTERS, Chapter, Row};
pub use draft::Wish;

/// A way to write an address.
pub struct Dialect {
    /// The stable name, as in configurations.
    pub name: &'static str,
    /// How an address looks.
    pub grammar: &'static str,
    /// Cuts a target that is in this dialect, by its beginning alone.
    pub(crate) cut: for<'a> fn(&'a str) -> Option<Target<'a>>,
    /// Reads what a signature covers.
    pub(crate) read: fn(&str) -> Result<Wish, Problem>,
}

impl core::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.name)
    }
}

/// Every dialect, in the order in which a target is tried on them: those with a prefix of their own
/// first, those that claim much last.
pub const TABLE: &[&Dialect] = &[
    &cloudflare::DIALECT,
    &next::DIALECT,
    &ipx::DIALECT,
    &weserv::DIALECT,
    &thumbor::DIALECT,
    &imgproxy::DIALECT,
    &showmax::DIALECT,
];

/// The dialects that a server understands; Cloudflare's always, since hand-overs are in it.
#[derive(Clone, Debug)]
pub struct Dialects(Vec<&'static Dialect>);

impl Default for Dialects {
    fn default() -> Self {
        Self(vec![&cloudflare::DIALECT])
    }
}

impl Dialects {
    /// All of them.
    pub fn all() -> Self {
        Self(TABLE.to_vec())
    }

    /// Reads names separated by commas.
    ///
    /// # Errors
    /// The first name that is none, with those that are.
    pub fn parse(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
        let known = |name: &str| TABLE.iter().any(|dialect| dialect.name == name);
        if let Some(odd) = names.iter().find(|name| !known(name)) {
            let known: Vec<&str> = TABLE.iter().map(|dialect| dialect.name).collect();
            return Err(format!("expected some of {}, got `{odd}`", known.join(", ")));
        }
        let wanted = |dialect: &&&Dialect| {
            dialect.name == cloudflare::DIALECT.name || names.contains(&dialect.name)
        };
        Ok(Self(TABLE.iter().filter(wanted).copied().collect()))
    }

    /// Their names.
    pub fn names(&self) -> Vec<&'static str> {
        self.0.iter().map(|dialect| dialect.name).collect()
    }

    /// Cuts a target by the first dialect that claims it.
    pub(crate) fn cut<'a>(&self, target: &'a str) -> Result<Target<'a>, Problem> {
        self.0.iter().find_map(|dialect| (dialect.cut)(target)).ok_or_else(|| {
            let known: Vec<&str> = self.0.iter().map(|dialect| dialect.grammar).collect();
            Problem::new(Code::NoSuchPath, format!("pictures are at {}", known.join(" or ")))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_of_every_table_is_true() {
        for Chapter { dialect, sample, rows, .. } in CHAPTERS {
            for row in *rows {
                let target = sample.replacen("{}", row.theirs, 1);
                let cut = (dialect.cut)(&target).unwrap_or_else(|| panic!("{target}"));
                assert_eq!(cut.dialect.name, dialect.name, "{target}");
                let read = cut.read().map(|wish| wish.options.print());
                match (&row.ours, &read) {
                    (Ok(ours), Ok(print)) => assert_eq!(print, ours, "{target}"),
                    (Err(_), Err(problem)) => {
                        assert_eq!(problem.code, Code::BadOption, "{target}: {problem}");
                        assert!(names_a_part(&problem.detail, row.theirs), "{target}: {problem}");
                    }
                    _ => panic!("{target}: {read:?}"),
                }
            }
        }
    }

    /// Whether `detail` quotes `text`, or a word of it.
    fn names_a_part(detail: &str, text: &str) -> bool {
        let mut words = text
            .split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
            .flat_map(|word| [word, word.split('_').next().unwrap_or_default()])
            .chain(text.split('/'));
        words.any(|word| !word.is_empty() && detail.contains(&format!("`{word}`")))
    }

    #[test]
    fn samples_are_claimed_by_their_own_dialect_alone() {
        let all = Dialects::all();
        for Chapter { dialect, sample, rows, .. } in CHAPTERS {
            let row = rows.first().unwrap();
            let target = sample.replacen("{}", row.theirs, 1);
            assert_eq!(all.cut(&target).unwrap().dialect.name, dialect.name, "{target}");
        }
    }

    #[test]
    fn every_dialect_has_its_chapter() {
        let names = CHAPTERS.iter().map(|chapter| chapter.dialect.name);
        assert!(names.eq(TABLE.iter().map(|dialect| dialect.name)));
    }

    #[test]
    fn only_what_is_switched_on_is_understood() {
        assert_eq!(Dialects::default().names(), ["cloudflare"]);
        let some = Dialects::parse("weserv, next").unwrap();
        assert_eq!(some.names(), ["cloudflare", "next", "weserv"]);
        assert!(some.cut("/unsafe/10x10/a.jpg").is_err());
        assert!(Dialects::parse("cloudinary").is_err());
    }
}
