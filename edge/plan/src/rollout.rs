//! Two components side by side: which of them makes a picture, the same at edge and origin.
//!
//! A source, and not a request, belongs to one of them: all renditions of one picture come from one
//! component, and a growing share only adds sources to the new one.

use core::fmt;
use core::str::FromStr;

use crate::key;
use crate::limits;
use crate::problem::{Code, Problem};
use crate::signature::Keys;
use crate::source::Source;

/// The header of a request that names the component, under a signature.
pub const CHOOSE: &str = "selvedge-choose";

/// Parts that a share is counted in.
const PARTS: u32 = 1 << 16;

/// A share of all sources, in 1/65536. Its text is a fraction such as `1/16`, or `0`, or `1`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u32);

impl Share {
    /// No source.
    pub const NONE: Self = Self(0);

    /// Every source.
    pub const ALL: Self = Self(PARTS);

    /// Whether `source` is within the share. One that is within a share is within all larger ones.
    pub fn has(self, source: &Source) -> bool {
        u32::from(point(source)) < self.0
    }
}

/// Where a source lies among all: the first 16 bits of the SHA-256 of its canonical text, which are also
/// the first four digits of its `s-` tag, so that anybody can tell to which share a picture belongs.
fn point(source: &Source) -> u16 {
    let digest = key::digest(&source.text());
    digest.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok()).unwrap_or(u16::MAX)
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (part, whole) = text.split_once('/').unwrap_or((text, "1"));
        let number = |text: &str| {
            let plain = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse::<u64>().ok().filter(|number| plain && *number <= u64::from(PARTS))
        };
        number(part)
            .zip(number(whole))
            .filter(|(part, whole)| part <= whole)
            .and_then(|(part, whole)| part.saturating_mul(u64::from(PARTS)).checked_div(whole))
            .and_then(|parts| u32::try_from(parts).ok())
            .map(Self)
            .ok_or_else(|| format!("expected a share from 0 to 1 such as 1/16, got `{text}`"))
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => f.write_str("0"),
            PARTS.. => f.write_str("1"),
            // The whole is a power of two, so what both can be halved by is all there is to reduce.
            part => {
                let halved = part.trailing_zeros();
                write!(f, "{}/{}", part >> halved, PARTS >> halved)
            }
        }
    }
}

/// What serves: one component for most, and a second one, which is tried or was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arms<T> {
    /// What makes pictures of all sources that are not the second one's.
    pub stable: T,
    /// What else is at hand.
    pub second: Second<T>,
}

/// The component beside the stable one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Second<T> {
    /// A newer one, with its share of the sources.
    Candidate(T, Share),
    /// There is none.
    None,
    /// The one that was stable before, kept for the way back.
    Previous(T),
}

impl<T> Arms<T> {
    /// The component for `source`.
    pub fn of(&self, source: &Source) -> &T {
        match &self.second {
            Second::Candidate(candidate, share) if share.has(source) => candidate,
            Second::Candidate(..) | Second::None | Second::Previous(_) => &self.stable,
        }
    }

    /// The second one, whatever it is there for.
    pub fn other(&self) -> Option<&T> {
        match &self.second {
            Second::Candidate(other, _) | Second::Previous(other) => Some(other),
            Second::None => None,
        }
    }

    /// What the candidate has of the sources.
    pub fn share(&self) -> Share {
        match self.second {
            Second::Candidate(_, share) => share,
            Second::None | Second::Previous(_) => Share::NONE,
        }
    }

    /// The same with another share for the candidate.
    ///
    /// # Errors
    /// If there is none.
    pub fn with_share(self, share: Share) -> Result<Self, &'static str> {
        match self.second {
            Second::Candidate(candidate, _) => {
                Ok(Self { second: Second::Candidate(candidate, share), ..self })
            }
            Second::None | Second::Previous(_) => Err(NO_CANDIDATE),
        }
    }

    /// The candidate becomes what is stable.
    ///
    /// # Errors
    /// If there is none.
    pub fn promoted(self) -> Result<Self, &'static str> {
        match self.second {
            Second::Candidate(stable, _) => {
                Ok(Self { stable, second: Second::Previous(self.stable) })
            }
            Second::None | Second::Previous(_) => Err(NO_CANDIDATE),
        }
    }

    /// The older one makes all pictures again. What is withdrawn stays as a candidate without a share.
    ///
    /// # Errors
    /// If there is only one.
    pub fn rolled_back(self) -> Result<Self, &'static str> {
        match self.second {
            Second::Candidate(candidate, _) => {
                Ok(Self { second: Second::Candidate(candidate, Share::NONE), ..self })
            }
            Second::Previous(previous) => {
                Ok(Self { stable: previous, second: Second::Candidate(self.stable, Share::NONE) })
            }
            Second::None => Err("there is no other component to go back to"),
        }
    }
}

const NO_CANDIDATE: &str = "there is no candidate";

/// The value of [`CHOOSE`] that names a component by its short digest, until that time in seconds since
/// 1970; `None` without a key.
pub fn choose(component: &str, until: u64, keys: &Keys) -> Option<String> {
    let signature = keys.sign(&signed(component, until))?;
    Some(format!("{component};{until};{signature}"))
}

/// The short digest of the component that `text`, the value of [`CHOOSE`], names.
///
/// # Errors
/// [`Code::NotSigned`], and [`Code::Expired`].
pub fn chosen(text: &str, keys: &Keys, now: u64) -> Result<String, Problem> {
    let mut parts = text.splitn(3, ';');
    let part = (parts.next(), parts.next().and_then(|until| until.parse().ok()), parts.next());
    let (Some(component), Some(until), Some(signature)) = part else {
        let detail = format!("{CHOOSE}: expected component;until;signature");
        return Err(Problem::new(Code::NotSigned, detail));
    };
    keys.verify(signature, &signed(component, until))?;
    if now > until.saturating_add(limits::CLOCK_SKEW_SECONDS) {
        return Err(Problem::new(Code::Expired, format!("{CHOOSE}: it ended at {until}")));
    }
    Ok(component.to_owned())
}

/// What is signed. It begins with no slash, as all that is signed of addresses does.
fn signed(component: &str, until: u64) -> String {
    format!("{CHOOSE}:{component};{until}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(number: u32) -> Source {
        Source::parse(&format!("photos/{number}.jpg")).unwrap()
    }

    fn share(text: &str) -> Share {
        text.parse().unwrap()
    }

    #[test]
    fn shares_have_one_text() {
        for (text, canonical) in [
            ("1/16", "1/16"),
            ("2/32", "1/16"),
            ("1/2", "1/2"),
            ("0", "0"),
            ("0/7", "0"),
            ("1", "1"),
            ("7/7", "1"),
            ("1/3", "21845/65536"),
            ("65535/65536", "65535/65536"),
        ] {
            assert_eq!(share(text).to_string(), canonical, "{text}");
        }
        for bad in ["", "/", "1/0", "0/0", "2", "2/1", "+1/2", "-1", "0.5", "1/65537", "1/2/3"] {
            assert!(bad.parse::<Share>().is_err(), "{bad}");
        }
        for parts in 0..=PARTS {
            assert_eq!(share(&Share(parts).to_string()), Share(parts));
        }
    }

    #[test]
    fn a_growing_share_only_adds_sources() {
        let sources: Vec<Source> = (0..4_096).map(source).collect();
        let mut had = vec![false; sources.len()];
        for parts in (0..=PARTS).step_by(1_024) {
            let share = Share(parts);
            let has: Vec<bool> = sources.iter().map(|source| share.has(source)).collect();
            assert!(had.iter().zip(&has).all(|(had, has)| *has || !had), "{share}");
            let count = has.iter().filter(|has| **has).count();
            let expected = sources.len() * parts as usize / PARTS as usize;
            // Four standard deviations of a binomial distribution are at most 128 of 4096.
            assert!(count.abs_diff(expected) <= 128, "{share}: {count}, expected {expected}");
            had = has;
        }
        assert!(had.iter().all(|had| *had));
        assert!(!sources.iter().any(|source| Share::NONE.has(source)));
    }

    #[test]
    fn a_source_lies_where_its_tag_says() {
        // printf photos/1.jpg | sha256sum
        let digits = key::digest("photos/1.jpg");
        let first = u16::from_str_radix(&digits[..4], 16).unwrap();
        assert_eq!(point(&source(1)), first);
    }

    #[test]
    fn components_change_places() {
        let alone = Arms { stable: 1, second: Second::None };
        for refused in [alone.clone().promoted(), alone.clone().with_share(Share::ALL)] {
            assert!(refused.is_err());
        }
        assert!(alone.rolled_back().is_err());
        let trial = Arms { stable: 1, second: Second::Candidate(2, share("1/16")) };
        let (inside, outside): (Vec<Source>, Vec<Source>) =
            (0..100).map(source).partition(|source| share("1/16").has(source));
        assert!(inside.iter().all(|source| *trial.of(source) == 2) && !inside.is_empty());
        assert!(outside.iter().all(|source| *trial.of(source) == 1));
        let withdrawn = Arms { stable: 1, second: Second::Candidate(2, Share::NONE) };
        assert_eq!(trial.clone().rolled_back(), Ok(withdrawn));
        let promoted = trial.promoted().unwrap();
        assert_eq!(promoted, Arms { stable: 2, second: Second::Previous(1) });
        assert!(inside.iter().chain(&outside).all(|source| *promoted.of(source) == 2));
        let back = promoted.rolled_back().unwrap();
        assert_eq!(back, Arms { stable: 1, second: Second::Candidate(2, Share::NONE) });
        assert_eq!(back.with_share(Share::ALL).map(|arms| arms.share()), Ok(Share::ALL));
    }

    #[test]
    fn a_choice_holds_only_as_it_was_signed() {
        let keys = Keys::parse("k:000102030405060708090a0b0c0d0e0f").unwrap();
        let text = choose("0123456789abcdef", 1_000, &keys).unwrap();
        assert_eq!(chosen(&text, &keys, 1_000).as_deref(), Ok("0123456789abcdef"));
        let code = |text: &str, now| chosen(text, &keys, now).unwrap_err().code;
        assert_eq!(code(&text, 2_000), Code::Expired);
        let forged = [text.replace("0123", "0124"), text.replace("1000", "9999"), "a".to_owned()];
        for forged in forged {
            assert_eq!(code(&forged, 1_000), Code::NotSigned, "{forged}");
        }
        assert_eq!(choose("a", 1, &Keys::default()), None);
        assert!(chosen(&text, &Keys::default(), 1_000).is_err());
    }
}
