//! `max-bytes`: most bytes of the file.

use super::number::decimal;
use super::quality::Quality;
use super::{Setting, Stage};

/// Most bytes of the file, at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MaxBytes(u32);

impl MaxBytes {
    /// The number of bytes.
    pub fn bytes(self) -> u32 {
        self.0
    }

    /// The file of the highest quality that is small enough: `asked`, or else one from 1 to `lower`, by
    /// bisection, since sizes grow with quality but for a few bytes here and there. If there is none, the
    /// file of the lowest quality.
    ///
    /// # Errors
    /// What `write` says.
    pub fn keep<E>(
        self,
        asked: Quality,
        lower: u8,
        mut write: impl FnMut(Quality) -> Result<Vec<u8>, E>,
    ) -> Result<Vec<u8>, E> {
        let mut last = write(asked)?;
        if self.holds(&last) {
            return Ok(last);
        }
        let (mut low, mut high) = (1, lower);
        let mut best = None;
        while low <= high {
            // One file at a time, beside the best one.
            last = Vec::new();
            let middle = low.midpoint(high);
            let file = write(Quality::new(middle).unwrap_or(asked))?;
            if self.holds(&file) {
                best = Some(file);
                low = middle.saturating_add(1);
            } else {
                last = file;
                high = middle.saturating_sub(1);
            }
        }
        Ok(best.unwrap_or(last))
    }

    /// What there is to say of a file that is larger all the same.
    pub fn warning(self, file: &[u8]) -> Option<String> {
        let (most, got) = (self.0, file.len());
        (!self.holds(file)).then(|| {
            format!("max-bytes: expected at most {most}, and no quality gives less than {got}")
        })
    }

    fn holds(self, file: &[u8]) -> bool {
        file.len() as u64 <= self.0.into()
    }
}

/// The `max-bytes` option.
pub const SETTING: Setting = Setting {
    names: &["max-bytes"],
    parts: &[],
    expects: "a whole number from 1 to 999999999",
    default: "no limit",
    doc: "Lowers the quality until the file has no more bytes: the highest quality that does it is taken. \
          Where none does, as for PNG at no quality of its own, and for animations, the file is larger, \
          and a warning says so.",
    stage: Stage::Encode,
    read: |options, _, value| {
        options.max_bytes = Some(MaxBytes(decimal(value, 0).filter(|bytes| *bytes > 0)?));
        Some(())
    },
    print: |options, to| options.max_bytes.iter().for_each(|bytes| to.value(bytes.0)),
};

#[cfg(test)]
mod tests {
    #[test]
    fn values() {
        let good = [("20000", "max-bytes=20000")];
        super::super::check("max-bytes", &good, &["", "0", "20k", "9999999999"]);
    }
}
