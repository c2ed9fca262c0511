//! What was said of settings, and by whom: a file, the environment over it, flags over both.

use std::collections::BTreeMap;
use std::ffi::OsString;

use serde_json::{Map, Value};

/// Variables of this program that are no settings of a server.
const OTHERS: &[&str] = &["SELVEDGE_COMPONENT", "SELVEDGE_CONFIG", "SELVEDGE_HEIF"];

/// The section whose settings go without its name in the environment: they are older than it.
const UNNAMED: &str = "addresses.";

/// Settings as a tree, each with its origin.
#[derive(Debug, Default)]
pub struct Layers {
    /// The settings that were given, by section and name.
    pub tree: Map<String, Value>,
    origins: BTreeMap<String, String>,
}

/// A setting that a flag gives: its key, such as `server.listen`, its text, and the flag.
#[derive(Clone, Debug)]
pub struct Flag {
    /// Section and name.
    pub key: String,
    /// The value.
    pub text: String,
    /// What a person typed.
    pub name: String,
}

impl Layers {
    /// Reads a file.
    ///
    /// # Errors
    /// Why it is no TOML.
    pub fn file(&mut self, name: &str, text: &str) -> Result<(), String> {
        let table: toml::Table =
            text.parse().map_err(|error: toml::de::Error| format!("{name}: {error}"))?;
        let tree = serde_json::to_value(table).map_err(|error| format!("{name}: {error}"))?;
        for (key, value) in leaves(&tree) {
            self.put(&key, value.clone(), name);
        }
        Ok(())
    }

    /// Reads the environment. `known` has every setting's default, which tells what its value is.
    /// Gives the variables that look like settings and are none.
    pub fn environment(
        &mut self,
        known: &BTreeMap<String, Value>,
        variables: impl IntoIterator<Item = (OsString, OsString)>,
    ) -> Vec<String> {
        let names: BTreeMap<String, &String> =
            known.keys().map(|key| (variable(key), key)).collect();
        let mut strangers = Vec::new();
        for (name, value) in variables {
            let (Some(name), value) = (name.to_str(), value.to_string_lossy()) else { continue };
            if let Some(key) = names.get(name) {
                self.put(key, typed(known.get(*key), &value), name);
            } else if name.starts_with("SELVEDGE_") && !OTHERS.contains(&name) {
                strangers.push(name.to_owned());
            }
        }
        strangers
    }

    /// Reads flags.
    pub fn flags(&mut self, known: &BTreeMap<String, Value>, flags: &[Flag]) {
        for flag in flags {
            self.put(&flag.key, typed(known.get(&flag.key), &flag.text), &flag.name);
        }
    }

    /// Who gave a setting; nobody did if it has its default.
    pub fn origin(&self, key: &str) -> Option<&str> {
        let mut key = key;
        loop {
            if let Some(origin) = self.origins.get(key) {
                return Some(origin);
            }
            // Of what lies in a list only the list is known.
            key = key.rsplit_once('.')?.0;
        }
    }

    fn put(&mut self, key: &str, value: Value, origin: &str) {
        if insert(&mut self.tree, key, value) {
            self.origins.insert(key.to_owned(), origin.to_owned());
        }
    }
}

/// The variable of a setting: `SELVEDGE_SERVER_LISTEN` of `server.listen`.
pub fn variable(key: &str) -> String {
    let name = key.strip_prefix(UNNAMED).unwrap_or(key);
    format!("SELVEDGE_{}", name.replace('.', "_").to_ascii_uppercase())
}

/// All values that are not tables, each with its path. A list is one value.
pub fn leaves(tree: &Value) -> Vec<(String, &Value)> {
    let Value::Object(tables) = tree else { return Vec::new() };
    let mut found = Vec::new();
    for (name, value) in tables {
        if value.is_object() {
            let below = leaves(value).into_iter();
            found.extend(below.map(|(path, value)| (format!("{name}.{path}"), value)));
        } else {
            found.push((name.clone(), value));
        }
    }
    found
}

/// A text as the kind of value that the default has. What does not fit stays text, so that whoever
/// reads it can say what was expected.
fn typed(default: Option<&Value>, text: &str) -> Value {
    let plain = || Value::String(text.to_owned());
    match default {
        Some(Value::Array(_)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            parts.map(|part| Value::String(part.to_owned())).collect()
        }
        Some(Value::Bool(_) | Value::Number(_)) => {
            text.parse().ok().filter(|value: &Value| !value.is_string()).unwrap_or_else(plain)
        }
        _ => plain(),
    }
}

/// Puts a value at a path. A section whose place something else has stays out.
fn insert(tree: &mut Map<String, Value>, key: &str, value: Value) -> bool {
    match key.split_once('.') {
        None => {
            tree.insert(key.to_owned(), value);
            true
        }
        Some((section, rest)) => {
            let table = tree.entry(section).or_insert_with(|| Value::Object(Map::new()));
            table.as_object_mut().is_some_and(|table| insert(table, rest, value))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let defaults = serde_json::json!({ "a": { "x": 1, "y": 2, "z": 3, "list": [] }});
        let known =
            leaves(&defaults).into_iter().map(|(key, value)| (key, value.clone())).collect();
        let mut layers = Layers::default();
        layers.file("f.toml", "[a]\nx = 10\ny = 20\nz = 30").unwrap();
        let variables = [
            ("SELVEDGE_A_Y", "200"),
            ("SELVEDGE_A_Z", "300"),
            ("SELVEDGE_A_LIST", "p, q"),
            ("SELVEDGE_B", ""),
            ("HOME", "/"),
        ];
        let strangers =
            layers.environment(&known, variables.map(|(name, value)| (name.into(), value.into())));
        assert_eq!(strangers, ["SELVEDGE_B"]);
        let flag = Flag { key: "a.z".into(), text: "three".into(), name: "--z".into() };
        layers.flags(&known, &[flag]);
        let tree =
            serde_json::json!({ "a": { "x": 10, "y": 200, "z": "three", "list": ["p", "q"] }});
        assert_eq!(Value::Object(layers.tree.clone()), tree);
        let origins = ["a.x", "a.y", "a.z", "a.list.0", "b"].map(|key| layers.origin(key));
        let expected = ["f.toml", "SELVEDGE_A_Y", "--z", "SELVEDGE_A_LIST"].map(Some);
        assert_eq!(origins, [expected.as_slice(), &[None]].concat()[..]);
    }
}
