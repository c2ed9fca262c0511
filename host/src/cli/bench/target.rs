//! Addresses with numbers that vary.

use std::ops::RangeInclusive;

/// An address in pieces.
#[derive(Debug)]
pub struct Target {
    /// Texts, each with the range of the number that follows it.
    pieces: Vec<(String, RangeInclusive<u32>)>,
    end: String,
}

impl Target {
    /// Reads an address in which `{400-800}` stands for a number in that range.
    ///
    /// # Errors
    /// What is wrong with a range.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split('{');
        let mut before = parts.next().unwrap_or_default().to_owned();
        let mut pieces = Vec::new();
        for part in parts {
            let wrong = || format!("{text}: expected {{FIRST-LAST}}, got `{{{part}`");
            let (range, rest) = part.split_once('}').ok_or_else(wrong)?;
            let (first, last) = range.split_once('-').ok_or_else(wrong)?;
            let number = |text: &str| text.parse::<u32>().ok();
            let range = number(first).zip(number(last)).filter(|(first, last)| first <= last);
            let (first, last) = range.ok_or_else(wrong)?;
            pieces.push((before, first..=last));
            before = rest.to_owned();
        }
        Ok(Self { pieces, end: before })
    }

    /// The address with numbers.
    pub fn url(&self, random: &mut fastrand::Rng) -> String {
        let mut url = String::new();
        for (text, range) in &self.pieces {
            url.push_str(text);
            url.push_str(&random.u32(range.clone()).to_string());
        }
        url + &self.end
    }
}

#[cfg(test)]
mod tests {
    use super::Target;

    #[test]
    fn numbers_stand_where_ranges_were() {
        let mut random = fastrand::Rng::with_seed(1);
        let url = |text: &str, random: &mut _| Target::parse(text).unwrap().url(random);
        assert_eq!(url("http://a/b", &mut random), "http://a/b");
        assert_eq!(url("w={7-7},h={8-8}/x", &mut random), "w=7,h=8/x");
        let widths: Vec<String> = (0..50).map(|_| url("{1-3}", &mut random)).collect();
        assert!(["1", "2", "3"].iter().all(|width| widths.iter().any(|had| had == width)));
        for bad in ["{", "{}", "{1}", "{3-1}", "{a-b}", "{1-2"] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }
}
