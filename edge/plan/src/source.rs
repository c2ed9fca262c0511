//! Where a picture comes from: a path below the configured source, or an address of its own.

use url::{Host, Url};

use crate::options::escape::{percent_decoded, percent_encoded};
use crate::problem::{Code, Problem};

/// A source that may still have to pass the allow-list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A path below the configured source.
    Path(SourcePath),
    /// An address with a scheme of `http` or `https`, a host, and no credentials.
    Url(Url),
}

/// A path that cannot climb out of its root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourcePath {
    /// Decoded segments, none of them empty, `.` or `..`.
    segments: Vec<String>,
    /// The query with its question mark, or empty.
    query: String,
}

impl SourcePath {
    /// The decoded segments: a file's place below a folder, or a key in a bucket.
    pub fn segments(&self) -> &[String] {
        &self.segments
    }

    /// The decoded path, joined with slashes and without a leading one.
    pub fn joined(&self) -> String {
        self.segments.join("/")
    }

    /// The path below `prefix`, if that is where it lies.
    pub fn below_prefix(&self, prefix: &[String]) -> Option<Self> {
        let rest = self.segments.strip_prefix(prefix).filter(|rest| !rest.is_empty())?;
        Some(Self { segments: rest.to_vec(), query: self.query.clone() })
    }

    /// The path below `base`, whose own path counts as a folder.
    pub fn below(&self, base: &Url) -> Option<Url> {
        let mut url = base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(&self.segments);
        url.set_query(self.query.strip_prefix('?'));
        Some(url)
    }
}

impl Source {
    /// Reads what stands after the options in a request target: `photos/a.jpg`, or an absolute
    /// address as it is.
    ///
    /// # Errors
    /// [`Code::BadPath`] for blanks, control characters, backslashes, credentials, unknown schemes,
    /// broken escapes, and segments that climb or hide.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let refuse = |why: &str| Problem::new(Code::BadPath, format!("source `{text}`: {why}"));
        if text.bytes().any(|b| !b.is_ascii_graphic() || b == b'\\' || b == b'#') {
            return Err(refuse("blanks, `\\`, `#` and other special characters must be escaped"));
        }
        if let Some((scheme, _)) = text.split_once(':')
            && !scheme.contains('/')
        {
            return Self::parse_url(text, scheme).map_err(refuse);
        }
        let (path, query) = match text.find('?') {
            Some(at) => text.split_at(at),
            None => (text, ""),
        };
        let mut segments = Vec::new();
        for segment in path.split('/') {
            let decoded = percent_decoded(segment).ok_or_else(|| refuse("a broken escape"))?;
            let hidden = decoded.starts_with('.');
            let special = decoded.chars().any(|c| c.is_control() || matches!(c, '/' | '\\'));
            if decoded.is_empty() || hidden || special {
                return Err(refuse("segments must not be empty, hidden or climbing"));
            }
            segments.push(decoded);
        }
        Ok(Self::Path(SourcePath { segments, query: query.to_owned() }))
    }

    fn parse_url(text: &str, scheme: &str) -> Result<Self, &'static str> {
        if !matches!(scheme, "http" | "https") {
            return Err("the scheme must be http or https, in lower case");
        }
        let rest = text.get(scheme.len()..).unwrap_or_default();
        if !rest.starts_with("://") || rest.starts_with(":///") {
            return Err("an absolute address is written scheme://host/path");
        }
        let url = Url::parse(text).map_err(|_| "not a valid address")?;
        let authority = rest.get(3..).unwrap_or_default().split(['/', '?']).next();
        if authority.unwrap_or_default().contains(['@', '%']) {
            return Err("credentials and escapes are not allowed in the host");
        }
        match url.host() {
            Some(Host::Domain(name)) if name.ends_with('.') => Err("the host ends with a dot"),
            Some(_) => Ok(Self::Url(url)),
            None => Err("the host is missing"),
        }
    }

    /// Whether it has a query, even an empty one.
    pub fn has_query(&self) -> bool {
        match self {
            Self::Path(path) => !path.query.is_empty(),
            Self::Url(url) => url.query().is_some(),
        }
    }

    /// The canonical text, which reads back as the same source.
    pub fn text(&self) -> String {
        match self {
            Self::Path(path) => {
                let segments: Vec<String> =
                    path.segments.iter().map(|s| percent_encoded(s)).collect();
                format!("{}{}", segments.join("/"), path.query)
            }
            Self::Url(url) => url.as_str().to_owned(),
        }
    }
}

/// Reads the address of a server that a configuration names, to which paths are added.
///
/// # Errors
/// What was expected, and what was got.
pub fn base(text: &str) -> Result<Url, String> {
    let plain = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
    };
    Url::parse(text)
        .ok()
        .filter(plain)
        .ok_or_else(|| format!("expected http(s)://host[:port][/path] and no more, got `{text}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_their_root() {
        for bad in [
            "",
            "/a",
            "a//b",
            "../a",
            "a/../b",
            "a/%2e%2e/b",
            ".git/x",
            "a/.b",
            "a%2fb",
            "a%5cb",
            "a\\b",
            "a b",
            "a%00",
            "a%zz",
            "ä.jpg",
            "a/",
            "a#b",
        ] {
            assert!(Source::parse(bad).is_err(), "{bad}");
        }
        let source = Source::parse("dir/b%C3%A4r%20x.jpg?v=1").unwrap();
        assert_eq!(source.text(), "dir/b%C3%A4r%20x.jpg?v=1");
        assert_eq!(Source::parse(&source.text()).unwrap(), source);
        let Source::Path(path) = source else { panic!("a path") };
        assert_eq!(path.joined(), "dir/bär x.jpg");
        let base = Url::parse("http://h:1/root/").unwrap();
        assert_eq!(path.below(&base).unwrap().as_str(), "http://h:1/root/dir/b%C3%A4r%20x.jpg?v=1");
    }

    #[test]
    fn addresses_are_plain_http() {
        for bad in [
            "ftp://a/b",
            "file:///etc/passwd",
            "data:image/png,x",
            "javascript:alert(1)",
            "https:/a/b",
            "https:///a",
            "HTTP://a/b",
            "http://u@h/a",
            "http://u:p@h/a",
            "http://h%00/a",
            "http://h./a",
            "http:\\\\h\\a",
            "gopher://h",
        ] {
            assert!(Source::parse(bad).is_err(), "{bad}");
        }
        let source = Source::parse("https://Example.COM:443/a%20b.jpg?x=1,2").unwrap();
        assert_eq!(source.text(), "https://example.com/a%20b.jpg?x=1,2");
        let numeric = Source::parse("http://0x7f.1/").unwrap();
        assert_eq!(numeric.text(), "http://127.0.0.1/", "numeric hosts show what they are");
    }
    #[test]
    fn bases_are_plain() {
        assert_eq!(base("http://h:1/x/").unwrap().as_str(), "http://h:1/x/");
        for bad in ["", "h/x", "ftp://h/", "http://u@h/", "http://h/?q", "http://h/#f", "http://"] {
            assert!(base(bad).is_err(), "{bad}");
        }
    }
}
