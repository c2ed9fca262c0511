//! Options as pairs of names and values, in text and out of it.

use super::escape::percent_decoded;
use super::setting::{Printer, Setting};
use super::{Options, TABLE, find};
use crate::problem::Problem;

impl Options {
    /// Reads `name=value` pairs separated by commas. Values may be percent-encoded. Empty text means
    /// no options.
    ///
    /// # Errors
    /// [`BadOption`](crate::Code::BadOption), naming the first unknown name, bad value or repetition.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        Self::default().over(text)
    }

    /// Reads pairs as [`Options::parse`] does; what they say goes before what these options say.
    ///
    /// # Errors
    /// As [`Options::parse`].
    pub fn over(mut self, text: &str) -> Result<Self, Problem> {
        let mut given: Vec<(&'static str, &str)> = Vec::new();
        for pair in split_commas(text) {
            let Some((name, value)) = pair.split_once('=') else {
                return Err(Problem::option(pair, "name=value", pair));
            };
            let (setting, part) = find(name)?;
            if given.contains(&(setting.name(), part)) {
                return Err(Problem::option(name, "each option once", pair));
            }
            given.push((setting.name(), part));
            let value = percent_decoded(value)
                .ok_or_else(|| Problem::option(name, "valid percent-encoding", value))?;
            self.set(setting, part, &value)
                .ok_or_else(|| Problem::option(name, setting.expects, &value))?;
        }
        Ok(self)
    }

    /// Sets one part of one option; `None` if that does not take the value.
    pub(crate) fn set(&mut self, setting: &Setting, part: &str, value: &str) -> Option<()> {
        (setting.read)(self, part, value)
    }

    /// The canonical text: full names, table order, values in their one spelling.
    pub fn print(&self) -> String {
        let pairs = self.pairs().into_iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join(",")
    }

    /// What is set, as canonical names and values.
    pub fn pairs(&self) -> Vec<(String, String)> {
        let mut printer = Printer::default();
        for setting in TABLE {
            printer.begin(setting);
            (setting.print)(self, &mut printer);
        }
        printer.finish()
    }
}

/// Splits at commas outside parentheses, as `background=rgb(1,2,3)` needs. No pairs in empty text.
fn split_commas(text: &str) -> Vec<&str> {
    let mut depth = 0_u32;
    let parts = text.split(|c| {
        match c {
            '(' => depth = depth.saturating_add(1),
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    if text.is_empty() { Vec::new() } else { parts.collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[test]
    fn what_comes_over_goes_before() {
        let base = Options::parse("width=100,quality=50,fit=cover").unwrap();
        assert_eq!(
            base.over("w=200,f=png").unwrap().print(),
            "width=200,fit=cover,quality=50,format=png"
        );
    }

    #[test]
    fn mistakes_are_named() {
        for (text, part) in [
            ("width=abc", "`width`: expected"),
            ("widht=100", "`widht`: unknown"),
            ("width.top=100", "`width.top`: unknown"),
            ("width", "`width`: expected name=value"),
            ("width=100,w=200", "each option once"),
            ("trim.top=1,trim.top=1", "each option once"),
            ("width=100,", "name=value"),
            ("background=%zz", "percent-encoding"),
        ] {
            let problem = Options::parse(text).unwrap_err();
            assert_eq!(problem.code, Code::BadOption);
            assert!(problem.detail.contains(part), "{text}: {}", problem.detail);
        }
    }
}
