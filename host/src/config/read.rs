//! From a tree of values to settings, with all that is wrong instead of the first thing.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

/// A value that cannot be used: where it stands, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Section and name, with the number of an entry where it stands in a list.
    pub key: String,
    /// What was expected, and what was got.
    pub why: String,
}

impl fmt::Display for Wrong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.why)
    }
}

/// Reads settings. What is wrong is taken out and told, and the rest is read again.
pub fn read<T: DeserializeOwned + Default>(mut tree: Value) -> (T, Vec<Wrong>) {
    let mut wrong = Vec::new();
    loop {
        let error = match serde_path_to_error::deserialize(&tree) {
            Ok(settings) => return (settings, wrong),
            Err(error) => error,
        };
        let path = path(error.path());
        wrong.push(Wrong { key: path.join("."), why: why(&path, &error.inner().to_string()) });
        if !remove(&mut tree, &path) {
            return (T::default(), wrong);
        }
    }
}

fn path(path: &Path) -> Vec<String> {
    let name = |segment: &Segment| match segment {
        Segment::Map { key } => Some(key.clone()),
        Segment::Seq { index } => Some(index.to_string()),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(name).collect()
}

/// Takes the value at a path out. Of a list, which would count differently then, all is taken.
fn remove(tree: &mut Value, path: &[String]) -> bool {
    match (tree, path) {
        (Value::Object(table), [name]) => table.remove(name).is_some(),
        (Value::Object(table), [name, index]) if table.get(name).is_some_and(Value::is_array) => {
            index.parse::<usize>().is_ok() && table.remove(name).is_some()
        }
        (Value::Object(table), [name, rest @ ..]) => {
            table.get_mut(name).is_some_and(|value| remove(value, rest))
        }
        (Value::Array(list), [index, rest @ ..]) => {
            let index = index.parse().ok().and_then(|index: usize| list.get_mut(index));
            index.is_some_and(|value| remove(value, rest))
        }
        _ => false,
    }
}

/// A name that does not exist is mostly one that was mistyped.
fn why(path: &[String], error: &str) -> String {
    let Some(rest) = error.strip_prefix("unknown field `") else {
        return error.to_owned();
    };
    let names: Vec<&str> = rest.split('`').skip(2).step_by(2).collect();
    let given = path.last().map(String::as_str).unwrap_or_default();
    match nearest(given, names.iter().copied()) {
        Some(name) => format!("there is no such setting; did you mean `{name}`?"),
        None => format!("there is no such setting; expected one of {}", names.join(", ")),
    }
}

/// The name that is so much like another that it may have been meant.
pub fn nearest<'a>(given: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let far = |name: &str| strsim::damerau_levenshtein(given, name);
    let best = names.min_by_key(|name| far(name))?;
    (far(best) <= given.len().max(3) / 3).then_some(best)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Settings {
        part: Part,
        list: Vec<Part>,
    }

    #[derive(Debug, Default, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Part {
        listen: u16,
        other: bool,
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let tree = json!({
            "part": { "lisen": 1, "listen": "x", "qqqqqq": 1, "other": true },
            "list": [{ "listen": 7 }, { "other": 3, "listen": -1 }],
            "prat": {},
        });
        let (settings, mut wrong): (Settings, _) = read(tree);
        assert!(settings.part.other);
        assert_eq!((settings.part.listen, settings.list.len()), (0, 2));
        wrong.sort_by(|a, b| a.key.cmp(&b.key));
        let told: Vec<String> = wrong.iter().map(|w| format!("{}: {}", w.key, w.why)).collect();
        let expected = [
            "list.1.listen: invalid value: integer `-1`, expected u16",
            "list.1.other: invalid type: integer `3`, expected a boolean",
            "part.lisen: there is no such setting; did you mean `listen`?",
            "part.listen: invalid type: string \"x\", expected u16",
            "part.qqqqqq: there is no such setting; expected one of listen, other",
            "prat: there is no such setting; did you mean `part`?",
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_part_that_is_no_table_is_told() {
        let (_, wrong): (Settings, _) = read(json!({ "part": 3, "list": [4] }));
        let keys: Vec<&str> = wrong.iter().map(|wrong| wrong.key.as_str()).collect();
        assert_eq!(keys, ["list.0", "part"]);
    }
}
