//! The vectors of all builders: this one makes their addresses, and the server reads them.

use std::error::Error;

use selvedge_plan::Options;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::request::{Signature, Target};
use selvedge_plan::signature::Keys;
use selvedge_url::Selvedge;
use serde_json::Value;

const VECTORS: &str = include_str!("../../../tests/vectors/clients.jsonl");

fn vectors() -> impl Iterator<Item = Value> {
    VECTORS.lines().map(|line| serde_json::from_str(line).unwrap_or_default())
}

fn text<'a>(vector: &'a Value, name: &str) -> Option<&'a str> {
    vector.get(name)?.as_str()
}

fn pairs(vector: &Value) -> Option<Vec<(&str, &str)>> {
    vector
        .get("options")?
        .as_array()?
        .iter()
        .map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str()?)))
        .collect()
}

fn build(vector: &Value) -> Result<String, Box<dyn Error>> {
    let mut builder = Selvedge::new();
    if let Some(key) = text(vector, "key") {
        builder = builder.key(key)?;
    }
    if let Some(base) = text(vector, "base") {
        builder = builder.base(base);
    }
    if let Some(prefix) = text(vector, "prefix") {
        builder = builder.prefix(prefix);
    }
    let source = text(vector, "source").ok_or("no source")?;
    Ok(builder.url(source, &pairs(vector).ok_or("no options")?)?)
}

#[test]
fn addresses_are_those_of_the_vectors() {
    let mut count = 0;
    for vector in vectors() {
        let url = build(&vector).unwrap_or_else(|_| "refused".to_owned());
        assert_eq!(Some(url.as_str()), text(&vector, "url"), "{vector}");
        count += 1;
    }
    assert!(count > 10, "only {count} vectors");
}

#[test]
fn the_server_reads_what_was_meant() -> Result<(), Box<dyn Error>> {
    for vector in vectors().filter(|vector| text(vector, "url") != Some("refused")) {
        let url = text(&vector, "url").unwrap_or_default();
        let path = url.strip_prefix(text(&vector, "base").unwrap_or_default()).unwrap_or(url);
        let target = Target::cut(path, &Dialects::default())?;
        if let Signature::Own(segment) = target.signature {
            let keys = Keys::parse(text(&vector, "key").unwrap_or_default())?;
            keys.verify(segment, target.signed)?;
        }
        let wish = target.read()?;
        let mut meant = Options::default();
        for (name, value) in pairs(&vector).unwrap_or_default() {
            let escaped: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
            meant = meant.over(&format!("{name}={escaped}"))?;
        }
        assert_eq!(wish.options, meant, "{url}");
    }
    Ok(())
}
