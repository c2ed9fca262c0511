//! Options in the making, by a dialect that has other names for them.

use super::{Options, Source};
use crate::options::escape::percent_encoded_but;
use crate::options::find;
use crate::options::format::Format;
use crate::options::quality::Quality;
use crate::problem::{Code, Problem};

/// What a request wishes for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wish {
    /// The options.
    pub options: Options,
    /// Where the picture comes from.
    pub source: Source,
    /// What is done in another way than the client may think.
    pub warnings: Vec<String>,
}

/// Options in the making.
pub(super) struct Draft {
    dialect: &'static str,
    options: Options,
    warnings: Vec<String>,
}

impl Draft {
    /// Nothing yet.
    pub fn new(dialect: &'static str) -> Self {
        Self { dialect, options: Options::default(), warnings: Vec::new() }
    }

    /// Sets an option of ours, which the client knows as `theirs`.
    pub fn put(&mut self, theirs: &str, ours: &str, value: &str) -> Result<(), Problem> {
        let (setting, part) = find(ours)?;
        self.options
            .set(setting, part, value)
            .ok_or_else(|| self.refuse(theirs, &format!("expected {}", setting.expects), value))
    }

    /// The same for a number that is a share of 100 here: `-20` of the client's is 0.8.
    pub fn put_percent(&mut self, theirs: &str, ours: &str, value: &str) -> Result<(), Problem> {
        let percent: Option<i32> = value.parse().ok().filter(|it| (-100..=100).contains(it));
        let Some(hundredths) = percent.and_then(|percent| percent.checked_add(100)) else {
            return Err(self.refuse(theirs, "expected a whole number from -100 to 100", value));
        };
        // Ours ignores a factor of 0, and theirs does not.
        let hundredths = if hundredths == 0 { 1 } else { hundredths };
        let (whole, rest) = (hundredths / 100, hundredths % 100);
        self.put(theirs, ours, &format!("{whole}.{rest:02}"))
    }

    /// The same for a colour of hexadecimal digits or a name, without a number sign.
    pub fn put_colour(&mut self, theirs: &str, ours: &str, value: &str) -> Result<(), Problem> {
        let hex = !value.is_empty() && value.bytes().all(|b| b.is_ascii_hexdigit());
        if hex {
            self.put(theirs, ours, &format!("#{value}"))
        } else {
            self.put(theirs, ours, value)
        }
    }

    /// The same for an angle that may be negative or more than a full turn.
    pub fn put_angle(&mut self, theirs: &str, value: &str) -> Result<(), Problem> {
        match crate::options::number::degrees(value) {
            Some(degrees) => self.put(theirs, "rotate", &degrees.to_string()),
            None => Err(self.refuse(theirs, "expected whole degrees", value)),
        }
    }

    /// What is set so far.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The problem of an option whose value is not what it should be.
    pub fn refuse(&self, theirs: &str, expected: &str, got: &str) -> Problem {
        let dialect = self.dialect;
        Problem::new(
            Code::BadOption,
            format!("{dialect} option `{theirs}`: {expected}, got `{got}`"),
        )
    }

    /// The problem of an option that has no counterpart.
    pub fn unmapped(&self, theirs: &str) -> Problem {
        let dialect = self.dialect;
        Problem::new(
            Code::BadOption,
            format!("{dialect} option `{theirs}`: not understood here; see docs/dialects.md"),
        )
    }

    /// Remembers a difference that is not worth a refusal.
    pub fn warn(&mut self, what: impl Into<String>) {
        self.warnings.push(what.into());
    }

    /// The wish for these options. Elsewhere a quality, which may be one that nobody asked for, is for
    /// formats that lose, and PNG is not one of them.
    pub fn finish(mut self, source: Source) -> Wish {
        if self.options.format == Some(Format::Png) {
            self.options.quality.png.get_or_insert(Quality::LOSSLESS);
        }
        Wish { options: self.options, source, warnings: self.warnings }
    }
}

/// A source from text whose escapes were undone once: an address, or a path with or without a slash
/// in front.
pub(super) fn source(text: &str) -> Result<Source, Problem> {
    let text = text.strip_prefix("local://").unwrap_or(text);
    let text = text.strip_prefix('/').unwrap_or(text);
    Source::parse(&percent_encoded_but(text, "%:/?[]@!$&'()*+,;="))
}
