//! The query of an address, as most dialects write it.

use crate::options::escape::percent_decoded;
use crate::problem::{Code, Problem};

/// Names and values of a query, in order, with escapes undone and each name at most once.
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads what stands behind the question mark.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decoded = |text: &str| percent_decoded(&text.replace('+', " "));
            let (Some(name), Some(value)) = (decoded(name), decoded(value)) else {
                return Err(Problem::option(name, "valid percent-encoding", value));
            };
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(Problem::option(&name, "each option once", pair));
            }
            pairs.push((name, value));
        }
        Ok(Self(pairs))
    }

    /// Takes the value of a name out.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(known, _)| known == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes a name out that has to be there.
    pub fn need(&mut self, name: &str) -> Result<String, Problem> {
        let missing = || Problem::new(Code::BadPath, format!("`{name}` is missing in the query"));
        self.take(name).filter(|value| !value.is_empty()).ok_or_else(missing)
    }

    /// What was not taken out.
    pub fn rest(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}
