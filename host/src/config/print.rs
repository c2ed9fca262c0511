//! Settings as text.

use serde_json::Value;

use super::Config;
use super::layers::{Layers, leaves};

/// Every setting as TOML, with who set it.
pub fn toml(config: &Config, layers: &Layers) -> String {
    let tree = serde_json::to_value(config).unwrap_or_default();
    let (mut text, mut section) = (String::new(), String::new());
    let mut all = leaves(&tree);
    // What has no section stands first, as TOML wants it.
    all.sort_by_key(|(key, _)| key.contains('.'));
    for (key, value) in all {
        let (table, name) = key.rsplit_once('.').unwrap_or(("", &key));
        if table != section {
            section = table.to_owned();
            text.push_str(&format!("\n[{section}]\n"));
        }
        let origin = layers.origin(&key).unwrap_or("default");
        match literal(value) {
            Some(value) => text.push_str(&format!("{name} = {value} # {origin}\n")),
            None => text.push_str(&format!("# {name} = # {origin}\n")),
        }
    }
    text
}

/// A value in TOML, which has no way to say that there is none.
fn literal(value: &Value) -> Option<String> {
    toml::Value::try_from(value).ok().map(|value| value.to_string())
}
