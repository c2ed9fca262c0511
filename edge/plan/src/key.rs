//! Cache keys and entity tags: known before any work, equal at edge and origin.

use sha2::{Digest, Sha256};

use crate::plan::Plan;
use crate::source::Source;

/// Rises whenever the same plan text may mean another picture, so that no cache mixes the two.
pub const CONTRACT_EPOCH: u32 = 1;

/// The custom section of a component in which its epoch stands, in decimal digits.
pub const CONTRACT_SECTION: &str = "selvedge-contract";

/// The cache key. The authority is in it, since two sites may have different pictures under one path.
pub fn text(authority: &str, plan: &Plan, source: &Source) -> String {
    // Newlines separate: none of the parts can hold one.
    format!("{CONTRACT_EPOCH}\n{authority}\n{}\n{}", plan.text(), source.text())
}

/// The strong entity tag (RFC 9110 §8.8.3) of what `component` makes by a plan of a source, and of what
/// is drawn over it, whose versions these are: true because the component's output is a function of
/// just these.
pub fn etag(component: &str, plan: &Plan, validators: &[String]) -> String {
    let (plan, validators) = (plan.text(), validators.join("\n"));
    let hash = digest(&format!("{CONTRACT_EPOCH}\n{component}\n{plan}\n{validators}"));
    format!("\"{}\"", hash.get(..32).unwrap_or_default())
}

/// Under which a store of pictures keeps the one with this entity tag.
pub fn result(etag: &str) -> String {
    format!("results/{}", etag.trim_matches('"'))
}

/// SHA-256 of a text, in hexadecimal.
pub fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_is_sha256() {
        // printf abc | sha256sum
        assert!(
            digest("abc").starts_with("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61")
        );
    }
}
