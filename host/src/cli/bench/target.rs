//! Addresses with numbers that vary.

use std::ops::RangeInclusive;

use super::popularity::Popularity;

/// An address in pieces.
#[derive(Debug)]
pub struct Target {
    /// Texts, each with the number that follows it.
    pieces: Vec<(String, Number)>,
    end: String,
}

/// A number that varies.
#[derive(Debug)]
enum Number {
    /// Each as often as all others.
    Even(RangeInclusive<u32>),
    /// From the first on, the lower the more often.
    Popular(u32, Popularity),
}

impl Target {
    /// Reads an address in which `{400-800}` stands for a number in that range, and `{popular:1-99}` for
    /// one of which the lower ones come more often.
    ///
    /// # Errors
    /// What is wrong with a range.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut parts = text.split('{');
        let mut before = parts.next().unwrap_or_default().to_owned();
        let mut pieces = Vec::new();
        for part in parts {
            let wrong = || {
                format!("{text}: expected {{FIRST-LAST}} or {{popular:FIRST-LAST}}, got `{{{part}`")
            };
            let (range, rest) = part.split_once('}').ok_or_else(wrong)?;
            let popular = range.strip_prefix("popular:");
            let range = popular.unwrap_or(range);
            let (first, last) = range.split_once('-').ok_or_else(wrong)?;
            let number = |text: &str| text.parse::<u32>().ok();
            let range = number(first).zip(number(last)).filter(|(first, last)| first <= last);
            let (first, last) = range.ok_or_else(wrong)?;
            let number = match popular {
                Some(_) => {
                    Number::Popular(first, Popularity::new((last - first).saturating_add(1)))
                }
                None => Number::Even(first..=last),
            };
            pieces.push((before, number));
            before = rest.to_owned();
        }
        Ok(Self { pieces, end: before })
    }

    /// The address with numbers.
    pub fn url(&self, random: &mut fastrand::Rng) -> String {
        let mut url = String::new();
        for (text, number) in &self.pieces {
            let number = match number {
                Number::Even(range) => random.u32(range.clone()),
                Number::Popular(first, popularity) => {
                    let rank = u32::try_from(popularity.draw(random)).unwrap_or(u32::MAX);
                    first.saturating_add(rank)
                }
            };
            url.push_str(text);
            url.push_str(&number.to_string());
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
        let ranks: Vec<String> = (0..200).map(|_| url("{popular:5-7}", &mut random)).collect();
        assert!(["5", "6", "7"].iter().all(|rank| ranks.iter().any(|had| had == rank)));
        for bad in ["{popular:}", "{popular}", "{", "{}", "{1}", "{3-1}", "{a-b}", "{1-2"] {
            assert!(Target::parse(bad).is_err(), "{bad}");
        }
    }
}
