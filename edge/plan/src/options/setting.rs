//! What every option says of itself, and how its values are printed.

use super::Options;

/// One option: its names, its documentation, how it is read and how it is printed.
pub struct Setting {
    /// The canonical name, then the aliases.
    pub names: &'static [&'static str],
    /// What may follow the name and a dot: `top` in `trim.top`. A digit stands for all digits.
    pub parts: &'static [&'static str],
    /// What values are accepted, for messages and for the documentation.
    pub expects: &'static str,
    /// What holds when the option is not given, for the documentation.
    pub default: &'static str,
    /// One sentence of documentation.
    pub doc: &'static str,
    /// Where it takes effect.
    pub stage: Stage,
    /// Reads the value of a part (empty for the option itself); `None` if it is not expected.
    pub(crate) read: fn(&mut Options, part: &str, value: &str) -> Option<()>,
    /// Prints what is set, in its one spelling.
    pub(crate) print: fn(&Options, &mut Printer),
}

/// The stages of a request, in the order in which they happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// On the upright source.
    Source,
    /// From the source's pixels to those of the output.
    Resize,
    /// On the pixels of the output.
    Effect,
    /// Around and over the picture.
    Compose,
    /// From pixels to a file.
    Encode,
    /// Around the file.
    Answer,
}

impl Stage {
    /// Every stage, in order.
    pub const ALL: &[Self] =
        &[Self::Source, Self::Resize, Self::Effect, Self::Compose, Self::Encode, Self::Answer];

    /// The heading in the documentation.
    pub fn title(self) -> &'static str {
        match self {
            Self::Source => "On the source",
            Self::Resize => "To the output's size",
            Self::Effect => "Effects",
            Self::Compose => "Around and over the picture",
            Self::Encode => "The file",
            Self::Answer => "The answer",
        }
    }
}

impl Setting {
    /// The canonical name.
    pub fn name(&self) -> &'static str {
        self.names.first().copied().unwrap_or_default()
    }

    /// Whether `part` is one that the option has.
    pub(crate) fn has_part(&self, part: &str) -> bool {
        part.is_empty()
            || self.parts.iter().any(|known| {
                known.len() == part.len()
                    && known.chars().zip(part.chars()).all(|(known, c)| {
                        known == c || known.is_ascii_digit() && c.is_ascii_digit()
                    })
            })
    }
}

/// Collects `name=value` pairs.
#[derive(Default)]
pub(crate) struct Printer {
    name: &'static str,
    pairs: Vec<(String, String)>,
}

impl Printer {
    /// Begins the next option.
    pub(super) fn begin(&mut self, setting: &Setting) {
        self.name = setting.name();
    }

    /// The value of the option itself.
    pub(crate) fn value(&mut self, value: impl ToString) {
        self.pairs.push((self.name.to_owned(), value.to_string()));
    }

    /// The value of one of its parts.
    pub(crate) fn part(&mut self, part: &str, value: impl ToString) {
        self.pairs.push((format!("{}.{part}", self.name), value.to_string()));
    }

    /// The pairs, in the order in which they came.
    pub(super) fn finish(self) -> Vec<(String, String)> {
        self.pairs
    }
}
