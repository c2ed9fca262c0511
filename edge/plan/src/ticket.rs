//! Tickets: all that it takes to make a picture again, and to see whether it is the same.

use core::fmt;
use core::str::FromStr;

/// The header of an answer that holds its ticket.
pub const HEADER: &str = "selvedge-ticket";

/// What made a picture, of what, how, and what came out. Its text is one line: component, files joined
/// by `+`, picture, plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// SHA-256 of the component, in hexadecimal.
    pub component: String,
    /// SHA-256 of the source's bytes, then of those of what is drawn over it.
    pub files: Vec<String>,
    /// SHA-256 of the picture's bytes.
    pub picture: String,
    /// The canonical plan.
    pub plan: String,
}

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { component, files, picture, plan } = self;
        write!(f, "{component} {} {picture} {plan}", files.join("+"))
    }
}

impl FromStr for Ticket {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let mut parts = text.trim_start().splitn(4, ' ');
        let mut part = || parts.next().unwrap_or_default();
        let (component, files, picture) = (part(), part(), part());
        let files: Vec<&str> = files.split('+').collect();
        let digests = [component, picture].into_iter().chain(files.iter().copied());
        if !digests.into_iter().all(is_digest) {
            return Err(
                "expected a ticket: the digests of component, files and picture, and a plan"
                    .to_owned(),
            );
        }
        Ok(Self {
            component: component.to_owned(),
            files: files.into_iter().map(str::to_owned).collect(),
            picture: picture.to_owned(),
            plan: part().trim().to_owned(),
        })
    }
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tickets_read_back_as_themselves() {
        let digest = |digit: &str| digit.repeat(64);
        for (files, plan) in [(vec!["1"], ""), (vec!["1", "2"], "width=3,format=webp")] {
            let ticket = Ticket {
                component: digest("0"),
                files: files.into_iter().map(digest).collect(),
                picture: digest("f"),
                plan: plan.to_owned(),
            };
            assert_eq!(ticket.to_string().parse(), Ok(ticket));
        }
        for bad in ["", "a b c d", &format!("{0} {0}", digest("0")), &"0".repeat(64)] {
            assert!(bad.parse::<Ticket>().is_err(), "{bad}");
        }
    }
}
