//! What the operator says of sources.

use std::collections::BTreeMap;
use std::fmt;

use selvedge_plan::limits;
use serde::de::{SeqAccess, Visitor, value::SeqAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::patience::Patience;

/// Where pictures come from, and how they are fetched.
#[derive(Clone, Debug)]
pub struct Config {
    /// What paths lead to.
    pub places: Places,
    /// The origins that absolute addresses may name, such as `https://*.example.com/photos`.
    pub allow: Vec<String>,
    /// Networks without public addresses that names and addresses may lead to.
    pub private_networks: Vec<String>,
    /// Who tells the addresses of names, instead of whom the system says.
    pub name_servers: Vec<String>,
    /// How long other servers may take.
    pub patience: Patience,
    /// Most bytes of one source.
    pub byte_limit: u64,
}

/// What is wrong with a setting: its name, and what was expected and got.
pub type Wrong = (&'static str, String);

/// What paths lead to: written as one text for all of them, or as `[[source]]`, each with a prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places(pub Vec<Place>);

/// One `[[source]]`: what paths with a prefix lead to.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Folders that a path begins with; the longest that fits counts. None: all paths.
    #[serde(default)]
    pub prefix: String,
    /// A folder, or `http(s)://host/path`, `s3://bucket/prefix`, `gs://bucket/prefix`,
    /// `az://container/prefix`.
    pub from: String,
    /// How a bucket knows us.
    #[serde(default)]
    pub credentials: Credentials,
    /// Options of a bucket, as the crate `object_store` names them: `endpoint`, `region` and so on.
    #[serde(default)]
    pub options: Options,
}

/// How a bucket knows us.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Credentials {
    /// By keys in the options or in the environment.
    #[default]
    Given,
    /// By what the cloud tells this machine.
    Instance,
    /// Not at all: the bucket is public.
    None,
}

/// Options by name. Shown, most are hidden: they are secrets, or might be.
#[derive(Clone, Default, Deserialize, PartialEq, Eq)]
#[serde(transparent)]
pub struct Options(BTreeMap<String, String>);

impl Config {
    /// Whether there is nothing to serve.
    pub fn is_empty(&self) -> bool {
        self.places.0.is_empty() && self.allow.is_empty()
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            places: Places::default(),
            allow: Vec::new(),
            private_networks: Vec::new(),
            name_servers: Vec::new(),
            patience: Patience::default(),
            byte_limit: limits::SOURCE_BYTES_ORIGIN,
        }
    }
}

impl Places {
    /// One place for all paths.
    pub fn everything(from: &str) -> Self {
        Self(vec![Place {
            prefix: String::new(),
            from: from.to_owned(),
            credentials: Credentials::default(),
            options: Options::default(),
        }])
    }
}

impl Serialize for Places {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [] => to.serialize_none(),
            [place] if *self == Self::everything(&place.from) => to.serialize_str(&place.from),
            places => to.collect_seq(places),
        }
    }
}

impl<'de> Deserialize<'de> for Places {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct TextOrTables;
        impl<'de> Visitor<'de> for TextOrTables {
            type Value = Places;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a folder or an address, or tables [[source]]")
            }

            fn visit_str<E>(self, from: &str) -> Result<Places, E> {
                Ok(Places::everything(from))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, tables: A) -> Result<Places, A::Error> {
                Deserialize::deserialize(SeqAccessDeserializer::new(tables)).map(Places)
            }
        }
        from.deserialize_any(TextOrTables)
    }
}

impl Options {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What may be shown of each.
    fn shown(&self) -> impl Iterator<Item = (&str, &str)> {
        const PLAIN: [&str; 5] =
            ["account_name", "base_url", "endpoint", "region", "virtual_hosted_style_request"];
        self.iter().map(|(name, value)| (name, if PLAIN.contains(&name) { value } else { "***" }))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Options {
    fn from(all: [(&str, &str); N]) -> Self {
        Self(all.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }
}

impl Serialize for Options {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_map(self.shown())
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.shown()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_shown() {
        let options = Options::from([
            ("endpoint", "http://127.0.0.1:9000"),
            ("access_key_id", "ID"),
            ("secret_access_key", "SECRET"),
        ]);
        let mut places = Places::everything("s3://bucket");
        places.0[0].options = options;
        for shown in [format!("{places:?}"), serde_json::to_string(&places).unwrap()] {
            assert!(shown.contains("http://127.0.0.1:9000"), "{shown}");
            assert!(!shown.contains("ID\"") && !shown.contains("SECRET"), "{shown}");
        }
    }

    #[test]
    fn one_text_or_tables_are_written() {
        let text = r#"[{"from":"s3://b","credentials":"none"},{"prefix":"a/b","from":"/srv"}]"#;
        let places: Places = serde_json::from_str(text).unwrap();
        let [public, folder] = &places.0[..] else { panic!("{places:?}") };
        assert_eq!((public.credentials, folder.prefix.as_str()), (Credentials::None, "a/b"));
        let again = serde_json::to_string(&places).unwrap();
        assert_eq!(serde_json::from_str::<Places>(&again).unwrap(), places);
        let one: Places = serde_json::from_str(r#""/srv""#).unwrap();
        assert_eq!(one, Places::everything("/srv"));
        assert_eq!(serde_json::to_string(&one).unwrap(), r#""/srv""#);
        for wrong in [r#"[{"form":"/srv"}]"#, r#"[{"prefix":"a"}]"#, "1", "[1]"] {
            assert!(serde_json::from_str::<Places>(wrong).is_err(), "{wrong}");
        }
    }
}
