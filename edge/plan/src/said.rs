//! What the component says, as it comes from JavaScript: an object as text, whose numbers are exact there.

use serde_json::Value;

use crate::line::Used;
use crate::outcome::Drawn;
use crate::problem::Problem;

/// A forecast, or what is told of a finished picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Bytes of linear memory: what a transform will need, or what instances had, with planes between them.
    pub memory: u64,
    /// Bytes of linear memory that decoding a still will need before, in a memory of its own.
    pub stills: Option<u64>,
    /// Pixels of the picture.
    pub pixels: u64,
    /// Work units that a transform will charge, or has charged.
    pub work: u64,
    /// What is known of the picture.
    pub drawn: Drawn,
}

impl Said {
    /// Reads `{"memory", "stills", "pixels", "work", "mediaType", "length", "warnings"}`, or a failure: `{"failure", "facts"}`.
    /// What is left out is none.
    ///
    /// # Errors
    /// The failure, as [`Problem::of_component`] has it.
    pub fn read(text: &str) -> Result<Self, Problem> {
        let said: Value = serde_json::from_str(text).unwrap_or_default();
        let number = |name: &str| said.get(name).and_then(Value::as_u64).unwrap_or_default();
        let word = |name: &str| said.get(name).and_then(Value::as_str).map(str::to_owned);
        let words = |name: &str| -> Option<Vec<String>> {
            let words = said.get(name)?.as_array()?.iter();
            Some(words.map(|word| word.as_str().unwrap_or_default().to_owned()).collect())
        };
        if let Some(facts) = words("facts") {
            return Err(Problem::of_component(word("failure").as_deref(), &facts));
        }
        let (media_type, warnings) = (word("mediaType"), words("warnings").unwrap_or_default());
        let media_type =
            media_type.ok_or_else(|| Problem::of_component(None, &[text.to_owned()]))?;
        let drawn = Drawn { media_type, length: number("length"), warnings };
        let stills = said.get("stills").and_then(Value::as_u64);
        let [memory, pixels, work] = ["memory", "pixels", "work"].map(number);
        Ok(Self { memory, stills, pixels, work, drawn })
    }

    /// What the transform used, with so many bytes of files.
    pub fn used(&self, files: u64) -> Used {
        Used { work: self.work, linear: self.memory, files, picture: self.drawn.length }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::Code;

    #[test]
    fn a_picture_is_what_it_says() {
        let text = r#"{"memory":9007199254740991,"work":7,"pixels":9,"mediaType":"image/webp","length":3,"warnings":["a"]}"#;
        let said = Said::read(text).unwrap();
        assert_eq!((said.memory, said.work, said.pixels), (9_007_199_254_740_991, 7, 9));
        assert_eq!(said.drawn.warnings, ["a"]);
        assert_eq!(said.used(5), Used { work: 7, linear: said.memory, files: 5, picture: 3 });
    }

    #[test]
    fn failures_and_traps_are_problems() {
        for (text, code, detail) in [
            (r#"{"failure":"unsupported","facts":["psd"]}"#, Code::Unsupported, "psd"),
            (
                r#"{"failure":"over-budget","facts":["memory","5","7"]}"#,
                Code::OverBudget,
                "memory: expected at most 5, got 7",
            ),
            (r#"{"facts":["unreachable"]}"#, Code::Internal, "unreachable"),
            ("{}", Code::Internal, "{}"),
        ] {
            let problem = Said::read(text).unwrap_err();
            assert_eq!((problem.code, problem.detail.as_str()), (code, detail));
        }
    }
}
