//! A request as a Worker gets it: with an absolute address, and headers that are asked for by name.

use crate::client::Fields;
use crate::decide::Asked;
use crate::line::Line;
use crate::reply::Conditions;
use crate::request;

/// A request as it arrives.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The method, in capitals.
    pub method: String,
    /// Scheme, host and port of its address.
    pub site: String,
    /// Path and query as received.
    pub target: String,
    /// Host and port that the client addressed.
    pub authority: String,
    /// Seconds since 1970, UTC.
    pub now: u64,
    /// What the client has, and what it wants of a picture.
    pub conditions: Conditions,
    /// Whether somebody waits for the answer.
    pub is_awaited: bool,
    fields: Fields,
}

impl Arrival {
    /// Reads a request for `url`. What a Worker asks of itself has no Host, and an address all the same.
    pub fn read(
        method: String,
        url: &str,
        now: u64,
        header: impl Fn(&str) -> Option<String>,
    ) -> Self {
        let (site, target) = request::site(url);
        let host = || site.split_once("://").map(|(_, host)| host.to_owned());
        Self {
            method,
            authority: header("host").or_else(host).unwrap_or_default(),
            now,
            conditions: Conditions::read(&header),
            is_awaited: true,
            fields: Fields::collect(header),
            site: site.to_owned(),
            target: target.to_owned(),
        }
    }

    /// The same for a later request, of whose client nothing is known.
    #[must_use]
    pub fn later(&self) -> Self {
        Self { conditions: Conditions::default(), is_awaited: false, ..self.clone() }
    }

    /// The line that it leaves in the log of this version of the Worker, as far as it is known.
    pub fn line(&self, version: Option<String>) -> Line {
        let Self { method, target, .. } = self;
        Line { method: method.clone(), target: target.clone(), version, ..Line::default() }
    }

    /// What is asked.
    pub fn asked(&self) -> Asked<'_> {
        let Self { method, target, authority, fields, now, .. } = self;
        Asked { method, target, authority, fields, now: *now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrival(url: &str, headers: &[(&str, &str)]) -> Arrival {
        let find = |name: &str| headers.iter().find(|(known, _)| *known == name);
        let header = |name: &str| find(name).map(|(_, value)| (*value).to_owned());
        Arrival::read("GET".to_owned(), url, 5, header)
    }

    #[test]
    fn the_host_is_the_one_that_the_client_names() {
        let named = arrival("https://a.test/b//c?d", &[("host", "b.test"), ("accept", "image/x")]);
        assert_eq!((named.site.as_str(), named.target.as_str()), ("https://a.test", "/b//c?d"));
        let asked = named.asked();
        assert_eq!((asked.authority, asked.now, asked.method), ("b.test", 5, "GET"));
        assert_eq!(asked.fields.get("accept"), Some("image/x"));
        assert_eq!(arrival("http://a.test:8/b", &[]).authority, "a.test:8");
        assert_eq!(arrival("", &[]).authority, "");
    }

    #[test]
    fn conditions_come_along() {
        let arrival = arrival("https://a.test/b", &[("if-none-match", "\"a\"")]);
        assert!(arrival.conditions.know("\"a\"") && !arrival.conditions.know("\"b\""));
        let later = arrival.later();
        assert!(arrival.is_awaited && !later.is_awaited && !later.conditions.know("\"a\""));
        assert_eq!(later.site, arrival.site);
    }
}
