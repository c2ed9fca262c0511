//! A request that the edge sends: nothing of the client's is in it.

use serde_json::{Map, Value, json};

use crate::decide::VIA;
use crate::outcome::Header;

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The method.
    pub method: &'static str,
    /// The address.
    pub url: String,
    /// Headers, beside one that asks for a body without a coding.
    pub headers: Vec<Header>,
}

impl Ask {
    /// For a file.
    pub fn file(url: &str) -> Self {
        Self { method: "GET", url: url.to_owned(), headers: vec![("via", VIA.to_owned())] }
    }

    /// As JavaScript reads it.
    pub fn text(&self) -> String {
        let coding = ("accept-encoding", "identity".to_owned());
        let headers = self.headers.iter().chain([&coding]);
        let headers: Map<String, Value> =
            headers.map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
        json!({ "method": self.method, "url": self.url, "headers": headers }).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_asked_for_as_it_is() {
        let read: Value = serde_json::from_str(&Ask::file("https://a.test/\"b\"").text()).unwrap();
        let expected = json!({
            "method": "GET",
            "url": "https://a.test/\"b\"",
            "headers": { "accept-encoding": "identity", "via": "1.1 selvedge" },
        });
        assert_eq!(read, expected);
    }
}
