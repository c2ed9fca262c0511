//! `download`: the name under which the picture is saved.

use super::escape::percent_encoded;
use super::{Setting, Stage};

/// The longest name in bytes, which is that of usual file systems.
const LONGEST: usize = 255;

/// A file name for the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    name: String,
    shown: bool,
}

impl Download {
    fn read(name: &str, shown: bool) -> Option<Self> {
        let odd = |c: char| c.is_control() || matches!(c, '/' | '\\');
        let fit = !name.is_empty() && name.len() <= LONGEST && !name.contains(odd);
        fit.then(|| Self { name: name.to_owned(), shown })
    }

    /// The Content-Disposition header (RFC 6266), with the name in ASCII and as it is (RFC 8187).
    pub fn disposition(&self) -> String {
        let kind = if self.shown { "inline" } else { "attachment" };
        let plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '%') || c == ' ';
        let ascii: String = self.name.chars().map(|c| if plain(c) { c } else { '_' }).collect();
        if ascii == self.name {
            format!("{kind}; filename=\"{ascii}\"")
        } else {
            format!(
                "{kind}; filename=\"{ascii}\"; filename*=UTF-8''{}",
                percent_encoded(&self.name)
            )
        }
    }
}

/// The `download` option.
pub const SETTING: Setting = Setting {
    names: &["download"],
    parts: &["inline"],
    expects: "a file name without slashes, at most 255 bytes",
    default: "the picture is shown",
    doc: "Has the client save the picture under a name; with download.inline the picture is shown \
          first.",
    stage: Stage::Answer,
    read: |options, part, value| {
        options.download = Some(Download::read(value, part == "inline")?);
        Some(())
    },
    print: |options, to| {
        options.download.iter().for_each(|download| {
            let name = percent_encoded(&download.name);
            if download.shown { to.part("inline", name) } else { to.value(name) }
        });
    },
};

#[cfg(test)]
mod tests {
    use super::super::{Options, check};

    #[test]
    fn values() {
        let good = [("a.jpg", "download=a.jpg"), ("a%20b.jpg", "download=a%20b.jpg")];
        check("download", &good, &["", "a%2Fb", "a%5Cb", "a%0Ab"]);
        check("download.inline", &[("%C3%BC.png", "download.inline=%C3%BC.png")], &["", ".%2F"]);
    }

    #[test]
    fn names_cannot_leave_their_header() {
        for (value, header) in [
            ("a.jpg", "attachment; filename=\"a.jpg\""),
            ("a%22b.jpg", "attachment; filename=\"a_b.jpg\"; filename*=UTF-8''a%22b.jpg"),
            ("%C3%BC.png", "attachment; filename=\"_.png\"; filename*=UTF-8''%C3%BC.png"),
        ] {
            let options = Options::parse(&format!("download={value}")).unwrap();
            assert_eq!(options.download.unwrap().disposition(), header);
        }
    }
}
