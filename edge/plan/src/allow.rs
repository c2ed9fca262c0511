//! The allow-list of sources that have an address of their own. Empty means none.

use url::Url;

use crate::problem::{Code, Problem};

/// Which addresses may be fetched.
#[derive(Clone, Debug, Default)]
pub struct AllowList {
    origins: Vec<Origin>,
}

#[derive(Clone, Debug)]
struct Origin {
    base: Url,
    /// The host after `*.`, for an origin that stands for all subdomains.
    subdomains_of: Option<String>,
}

impl AllowList {
    /// Reads origins such as `https://example.com`, `https://*.example.com/photos/` and
    /// `http://127.0.0.1:9000`.
    ///
    /// # Errors
    /// The first text that is no origin, with what was expected.
    pub fn parse<'a>(origins: impl IntoIterator<Item = &'a str>) -> Result<Self, String> {
        let read = |text: &str| {
            Origin::parse(text).ok_or_else(|| {
                format!("allowed origin `{text}`: expected scheme://host[:port][/path-prefix]")
            })
        };
        let origins = origins.into_iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self { origins })
    }

    /// Whether `url` may be fetched.
    ///
    /// # Errors
    /// [`Code::SourceNotAllowed`].
    pub fn check(&self, url: &Url) -> Result<(), Problem> {
        if self.origins.iter().any(|origin| origin.covers(url)) {
            return Ok(());
        }
        let origin = url.origin().ascii_serialization();
        Err(Problem::new(
            Code::SourceNotAllowed,
            format!("`{origin}` is not an allowed origin: add it to the allow-list of the server"),
        ))
    }

    /// Where a redirect leads, if it may be followed: to an allowed address, or, for a path below a
    /// configured source, to the same origin as that `home`.
    ///
    /// # Errors
    /// [`Code::SourceFailed`] for a place that is no plain address, [`Code::SourceNotAllowed`].
    pub fn redirect(&self, from: &Url, location: &str, home: Option<&Url>) -> Result<Url, Problem> {
        let next = from.join(location).map_err(|_| {
            let detail = format!("its server redirects to `{location}`, which is no address");
            Problem::new(Code::SourceFailed, detail)
        })?;
        if !next.username().is_empty() || next.password().is_some() {
            let detail = "its server redirects to an address with credentials";
            return Err(Problem::new(Code::SourceNotAllowed, detail));
        }
        if home.is_some_and(|home| home.origin() == next.origin()) {
            return Ok(next);
        }
        self.check(&next).map(|()| next)
    }

    /// Where the answer to a request for `from` sends on to; nothing if it is the file.
    ///
    /// # Errors
    /// What [`Self::redirect`] says, and [`Problem::check_source_status`].
    pub fn follow(
        &self,
        from: &Url,
        status: u16,
        location: Option<&str>,
        home: Option<&Url>,
    ) -> Result<Option<Url>, Problem> {
        match location {
            Some(location) if (300..400).contains(&status) => {
                self.redirect(from, location, home).map(Some)
            }
            _ => Problem::check_source_status(status).map(|()| None),
        }
    }
}

impl Origin {
    fn parse(text: &str) -> Option<Self> {
        let plain = text.replacen("://*.", "://", 1);
        let base = Url::parse(&plain).ok()?;
        let fit = matches!(base.scheme(), "http" | "https")
            && base.username().is_empty()
            && base.password().is_none()
            && base.query().is_none()
            && base.fragment().is_none();
        let subdomains_of = (plain != text).then(|| base.host_str().map(str::to_owned)).flatten();
        fit.then_some(Self { base, subdomains_of })
    }

    fn covers(&self, url: &Url) -> bool {
        let host = url.host_str().unwrap_or_default();
        let same_host = match &self.subdomains_of {
            Some(parent) => {
                host.strip_suffix(parent.as_str()).is_some_and(|sub| sub.ends_with('.'))
            }
            None => Some(host) == self.base.host_str(),
        };
        same_host
            && url.scheme() == self.base.scheme()
            && url.port_or_known_default() == self.base.port_or_known_default()
            && is_below(url.path(), self.base.path())
    }
}

/// Whether `path` is `prefix` or below it, segment by segment.
fn is_below(path: &str, prefix: &str) -> bool {
    let prefix = prefix.trim_end_matches('/');
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_host_port_and_prefix_all_count() {
        let list = AllowList::parse([
            "https://example.com",
            "https://*.cdn.example/photos",
            "http://127.0.0.1:9000/",
        ])
        .unwrap();
        for (url, allowed) in [
            ("https://example.com/a.jpg", true),
            ("https://example.com:443/a.jpg", true),
            ("http://example.com/a.jpg", false),
            ("https://example.com:444/a.jpg", false),
            ("https://example.com.evil.test/a.jpg", false),
            ("https://evilexample.com/a.jpg", false),
            ("https://a.cdn.example/photos/1.jpg", true),
            ("https://a.b.cdn.example/photos", true),
            ("https://cdn.example/photos/1.jpg", false),
            ("https://a.cdn.example/photosets/1.jpg", false),
            ("https://xcdn.example/photos/1.jpg", false),
            ("http://127.0.0.1:9000/x", true),
            ("http://127.0.0.1/x", false),
        ] {
            assert_eq!(list.check(&Url::parse(url).unwrap()).is_ok(), allowed, "{url}");
        }
        assert!(AllowList::default().check(&Url::parse("https://a.b/").unwrap()).is_err());
        for bad in ["example.com", "ftp://a", "https://u:p@a", "https://a/?q", "*", ""] {
            assert!(AllowList::parse([bad]).is_err(), "{bad}");
        }
    }
    #[test]
    fn redirects_stay_among_the_allowed() {
        let list = AllowList::parse(["https://a.test/x"]).unwrap();
        let from = Url::parse("https://a.test/x/1").unwrap();
        let home = Url::parse("http://h:1/root/").unwrap();
        for (location, home, to) in [
            ("/x/2", None, Some("https://a.test/x/2")),
            ("/y", None, None),
            ("http://a.test/x", None, None),
            ("file:///etc/passwd", None, None),
            ("https://u@a.test/x", None, None),
            ("//[", None, None),
            ("http://h:1/y", None, None),
            ("http://h:1/y", Some(&home), Some("http://h:1/y")),
            ("http://h:2/y", Some(&home), None),
        ] {
            let next = list.redirect(&from, location, home).ok();
            assert_eq!(next.as_ref().map(Url::as_str), to, "{location}");
        }
    }
}
