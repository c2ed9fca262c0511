//! What addresses without a signature may ask for: nothing, a short list, or all on a server for
//! development.
//!
//! Anybody can write such an address, so the list bounds what anybody can have made: its options, the
//! values of each, and with them the number of pictures of one source. What is not on it is refused.

use crate::accept::Class;
use crate::ladder::Ladder;
use crate::limits;
use crate::options::Options;
use crate::options::compression::Compression;
use crate::options::format::Format;
use crate::options::side::Width;
use crate::presets::Presets;
use crate::problem::{Code, Problem};
use crate::source::Source;

/// What addresses without a signature may ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Unsigned {
    /// Everything. For development on loopback.
    All,
    /// What a list says.
    Listed(List),
    /// Nothing.
    #[default]
    No,
}

/// A few options, and a few values of each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List(Vec<Entry>);

/// An option by its canonical name, and its values in their one spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Entry {
    name: String,
    values: Vec<String>,
}

impl List {
    /// Reads clauses with blanks between them: `width=320|640 format=auto preset=thumb|card`. Each
    /// option may be left out of an address; the presets and the ladder that its values mean are the
    /// server's.
    ///
    /// # Errors
    /// The first clause that is wrong, or how many pictures of one source the list would let be made,
    /// if that is more than [`limits::UNSIGNED_VARIANTS`].
    pub fn parse(text: &str, presets: &Presets, ladder: &Ladder) -> Result<Self, String> {
        let mut entries: Vec<Entry> = Vec::new();
        for clause in text.split_ascii_whitespace() {
            let entry = Entry::parse(clause)?;
            if entries.iter().any(|known| known.name == entry.name) {
                return Err(format!("{}: expected once", entry.name));
            }
            entries.push(entry);
        }
        if entries.is_empty() {
            return Err("expected clauses such as width=320|640, got none".to_owned());
        }
        let list = Self(entries);
        let (count, most) = (list.variants(presets, ladder)?, limits::UNSIGNED_VARIANTS);
        if count > most {
            return Err(format!(
                "expected at most {most} pictures of one source, got {count} or more: list fewer \
                 values, or values that belong together as presets"
            ));
        }
        Ok(list)
    }

    /// How many pictures of one source addresses can ask for, at most. Stops counting beyond the
    /// limit.
    fn variants(&self, presets: &Presets, ladder: &Ladder) -> Result<usize, String> {
        let mut texts = vec![String::new()];
        for Entry { name, values } in &self.0 {
            let with = |text: &String| {
                let more = values.iter().map(move |value| format!("{text},{name}={value}"));
                let text = text.clone();
                more.chain([text]).collect::<Vec<_>>()
            };
            texts = texts.iter().flat_map(with).collect();
            if texts.len() > limits::UNSIGNED_VARIANTS.saturating_add(1) {
                return Ok(texts.len());
            }
        }
        let count = |text: &String| {
            let options = Options::parse(text.trim_start_matches(','));
            let options = options.and_then(|options| presets.expand(options));
            options.map(|options| meanings(&options, ladder)).map_err(|problem| problem.detail)
        };
        // An address has at least one option.
        let counts = texts.iter().filter(|text| !text.is_empty()).map(count);
        counts.sum()
    }

    /// Whether an address may ask for this. Presets are not expanded yet.
    ///
    /// # Errors
    /// [`Code::NotSigned`], with what is on the list.
    pub fn check(&self, options: &Options, source: &Source) -> Result<(), Problem> {
        let pairs = options.pairs();
        if pairs.is_empty() {
            return Err(refuse("nothing that is asked for has an effect".to_owned()));
        }
        for (name, value) in pairs {
            let Some(entry) = self.0.iter().find(|entry| entry.name == name) else {
                let known: Vec<&str> = self.0.iter().map(|entry| entry.name.as_str()).collect();
                let known = known.join(", ");
                return Err(refuse(format!(
                    "option `{name}`: without one only {known} may be given"
                )));
            };
            if !entry.values.contains(&value) {
                let known = entry.values.join(", ");
                let expected = format!("expected one of {known} without one, got `{value}`");
                return Err(refuse(format!("option `{name}`: {expected}")));
            }
        }
        if source.has_query() {
            // Most servers give the same picture for any query: one more way to any number of them.
            return Err(refuse("the source may have a query with one only".to_owned()));
        }
        Ok(())
    }
}

impl Entry {
    fn parse(clause: &str) -> Result<Self, String> {
        let (name, values) = clause
            .split_once('=')
            .ok_or_else(|| format!("expected name=value|value, got `{clause}`"))?;
        let mut entry = Self { name: String::new(), values: Vec::new() };
        for value in values.split('|') {
            let options = Options::parse(&format!("{name}={value}"));
            let mut pairs = options.map_err(|problem| problem.detail)?.pairs();
            let (Some((name, value)), true) = (pairs.pop(), pairs.is_empty()) else {
                return Err(format!("{clause}: expected options that stand alone; see presets"));
            };
            if entry.values.contains(&value) {
                return Err(format!("{clause}: expected each value once"));
            }
            entry.name = name;
            entry.values.push(value);
        }
        Ok(entry)
    }
}

/// How many pictures the same options can mean to different clients.
fn meanings(options: &Options, ladder: &Ladder) -> usize {
    let fast = options.compression == Some(Compression::Fast);
    let formats = if options.format == Some(Format::Auto) && !fast { Class::ALL.len() } else { 1 };
    let widths = if options.width == Some(Width::Auto) { ladder.len() } else { 1 };
    let qualities = if options.slow_quality.is_some() { 2 } else { 1 };
    formats.saturating_mul(widths).saturating_mul(qualities)
}

fn refuse(why: String) -> Problem {
    Problem::new(Code::NotSigned, format!("the address has no signature: {why}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str) -> Result<List, String> {
        let presets = Presets::parse("thumb:width=200,format=auto soft:quality=40").unwrap();
        List::parse(text, &presets, &Ladder::default())
    }

    #[test]
    fn only_what_is_listed_passes() {
        let list = list("w=320|640 f=auto preset=thumb background=%23fff").unwrap();
        for (options, part) in [
            ("width=320", ""),
            ("w=640,format=auto", ""),
            ("format=auto,w=320,background=white", ""),
            ("preset=thumb", ""),
            ("width=321", "`width`: expected one of 320, 640 without one, got `321`"),
            ("width=320,dpr=2", "`dpr`: without one only width, format, preset, background may"),
            ("preset=soft", "`preset`: expected one of thumb"),
            ("preset=thumb;soft", "`preset`"),
            ("format=jpeg", "`format`"),
            ("width=320,expires=5", "`expires`"),
            ("width=320,download=a", "`download`"),
            ("width=320,onerror=redirect", "`onerror`"),
            ("brightness=0", "nothing"),
        ] {
            let options = Options::parse(options).unwrap();
            let checked = list.check(&options, &Source::parse("a.jpg").unwrap());
            let said = checked.map_or_else(|problem| problem.detail, |()| String::new());
            assert!(
                said.contains(part) && said.is_empty() == part.is_empty(),
                "{options:?}: {said}"
            );
        }
        let options = Options::parse("width=320").unwrap();
        for queried in ["a.jpg?x=1", "https://a.test/b?x"] {
            let checked = list.check(&options, &Source::parse(queried).unwrap());
            assert_eq!(checked.unwrap_err().code, Code::NotSigned);
        }
    }

    #[test]
    fn lists_are_short() {
        for (text, ok) in [
            ("width=320", true),
            // (15 + 1) * (3 + 1) = 64, less the one without options.
            ("w=1|2|3|4|5|6|7|8|9|10|11|12|13|14|15 f=webp|png|jpeg", true),
            // 64 combinations, of which those with `auto` mean three each.
            ("w=1|2|3|4|5|6|7|8|9|10|11|12|13|14|15 f=webp|png|auto", false),
            ("w=1|2|3|4|5|6|7|8|9|10|11|12|13|14|15|16 f=webp|png|jpeg", false),
            // (4 + 1) * (3 + 1) * 2 = 40 pictures, less one; with a quality for slow ones three
            // times as many.
            ("w=auto f=auto q=50", true),
            ("w=auto f=auto q=50 scq=30", false),
            ("preset=thumb|soft", true),
        ] {
            assert_eq!(list(text).is_ok(), ok, "{text}: {:?}", list(text));
        }
        for bad in [
            "",
            "width",
            "width=",
            "width=abc",
            "width=320|320",
            "width=320 w=640",
            "preset=nobody",
            "border.color=red",
            "draw.0.opacity=1",
            "brightness=0",
        ] {
            assert!(list(bad).is_err(), "{bad}: {:?}", list(bad));
        }
    }
}
