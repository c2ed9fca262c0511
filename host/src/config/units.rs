//! Values with a unit, as a configuration writes them, and texts that nobody is shown.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number of bytes: `4096`, or `64MiB` with K, M or G for powers of 1024.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

/// A time: `250ms`, `5s` or `2m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time(pub Duration);

/// A text that opens doors. It is shown as `***`, by whatever means.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Size {
    /// So many mebibytes.
    pub const fn mebibytes(count: u64) -> Self {
        Self(count << 20)
    }
}

impl Time {
    /// So many seconds.
    pub const fn seconds(count: u64) -> Self {
        Self(Duration::from_secs(count))
    }

    /// So many milliseconds.
    pub const fn millis(count: u64) -> Self {
        Self(Duration::from_millis(count))
    }
}

impl Secret {
    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (count, unit) = number(text);
        let shift = match unit {
            "" => Some(0_u32),
            "K" | "k" | "KiB" => Some(10),
            "M" | "m" | "MiB" => Some(20),
            "G" | "g" | "GiB" => Some(30),
            _ => None,
        };
        count
            .zip(shift)
            .and_then(|(count, shift)| count.checked_mul(1 << shift))
            .map(Self)
            .ok_or_else(|| format!("expected a number of bytes such as 64MiB, got `{text}`"))
    }
}

impl FromStr for Time {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (count, unit) = number(text);
        let millis = match unit {
            "ms" => Some(1_u64),
            "s" => Some(1_000),
            "m" => Some(60_000),
            _ => None,
        };
        count
            .zip(millis)
            .and_then(|(count, millis)| count.checked_mul(millis))
            .map(Self::millis)
            .ok_or_else(|| format!("expected a time such as 250ms, 5s or 2m, got `{text}`"))
    }
}

/// Cuts digits from what follows them.
fn number(text: &str) -> (Option<u64>, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    (digits.parse().ok(), unit)
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = |shift: u32| self.0 != 0 && self.0.trailing_zeros() >= shift;
        match self.0 {
            bytes if whole(30) => write!(f, "{}GiB", bytes >> 30),
            bytes if whole(20) => write!(f, "{}MiB", bytes >> 20),
            bytes if whole(10) => write!(f, "{}KiB", bytes >> 10),
            bytes => write!(f, "{bytes}"),
        }
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_millis() {
            millis if millis % 1_000 == 0 => write!(f, "{}s", millis / 1_000),
            millis => write!(f, "{millis}ms"),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "" } else { "***" })
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{self:?}"))
    }
}

macro_rules! as_text {
    ($($type:ident: $expects:literal),*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;
                impl Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($expects)
                    }

                    fn visit_str<E: de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }

                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<$type, E> {
                        number.to_string().parse().map_err(E::custom)
                    }
                }
                deserializer.deserialize_any(Text)
            }
        }
    )*};
}

as_text! {
    Size: "a number of bytes such as 64MiB",
    Time: "a time such as 250ms, 5s or 2m"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_and_an_end() {
        for (text, bytes) in [("64M", 64 << 20), ("64MiB", 64 << 20), ("1000", 1_000), ("0", 0)] {
            assert_eq!(text.parse(), Ok(Size(bytes)));
        }
        for bad in ["", "M", "-1", "1.5M", "99999999999G", "64MB", "ä", "1 M"] {
            assert!(bad.parse::<Size>().is_err(), "{bad}");
        }
        for size in [Size(0), Size(1_000), Size(3 << 10), Size(240 << 20), Size(2 << 30)] {
            assert_eq!(size.to_string().parse(), Ok(size));
        }
    }

    #[test]
    fn times_have_units() {
        for (text, millis) in [("250ms", 250), ("5s", 5_000), ("2m", 120_000), ("0s", 0)] {
            assert_eq!(text.parse(), Ok(Time::millis(millis)));
        }
        for bad in ["", "5", "s", "1h", "-1s", "1.5s", "99999999999999999999ms"] {
            assert!(bad.parse::<Time>().is_err(), "{bad}");
        }
        for time in [Time::millis(0), Time::millis(1_250), Time::seconds(90)] {
            assert_eq!(time.to_string().parse(), Ok(time));
        }
    }

    #[test]
    fn secrets_are_never_shown() {
        let secret = Secret::from("k1:00ff");
        assert_eq!(format!("{secret:?}"), "***");
        assert_eq!(serde_json::to_string(&secret).unwrap(), "\"***\"");
        assert_eq!(secret.expose(), "k1:00ff");
    }
}
