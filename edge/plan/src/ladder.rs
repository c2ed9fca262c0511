//! A ladder of widths: the few that a server makes of many that could be asked for.

use crate::options::side::Side;

/// Widths in rising order, at least one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder(Vec<u32>);

impl Default for Ladder {
    /// The steps of Cloudflare Images.
    fn default() -> Self {
        Self(vec![320, 768, 960, 1_200])
    }
}

impl Ladder {
    /// Reads widths separated by commas.
    ///
    /// # Errors
    /// What was expected, and what was got.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = |width: &str| width.trim().parse().ok().and_then(Side::new).map(Side::pixels);
        let widths: Option<Vec<u32>> = text.split(',').map(read).collect();
        widths
            .filter(|widths| widths.is_sorted_by(|a, b| a < b))
            .map(Self)
            .ok_or_else(|| format!("expected widths in rising order such as 320,768, got `{text}`"))
    }

    /// The smallest step that is at least `width`, else the largest one.
    pub fn step(&self, width: u32) -> u32 {
        let larger = self.0.iter().copied().find(|step| *step >= width);
        larger.or(self.0.last().copied()).unwrap_or(width)
    }

    /// How many steps there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether `width` is a step.
    pub fn has(&self, width: u32) -> bool {
        self.0.contains(&width)
    }

    /// The steps, for messages.
    pub fn text(&self) -> String {
        self.0.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::Ladder;

    #[test]
    fn ladders_rise() {
        let ladder = Ladder::parse("100, 200,16383").unwrap();
        assert_eq!([1, 100, 101, 20_000].map(|w| ladder.step(w)), [100, 100, 200, 16_383]);
        for bad in ["", "0", "200,100", "100,100", "100,", "16384", "a"] {
            assert!(Ladder::parse(bad).is_err(), "{bad}");
        }
    }
}
