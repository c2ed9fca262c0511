//! How long an answer keeps, and whether a client has it already (RFC 9111, RFC 9110 §13.1.2).

/// Seconds that a picture keeps if its source says nothing; Cloudflare Images' minimum.
const DEFAULT_SECONDS: u64 = 3_600;

/// The Cache-Control of a picture, from that of its source. What a source keeps from shared caches
/// is kept from them here too.
pub fn cache_control(source: Option<&str>) -> String {
    let directives = || source.unwrap_or_default().split(',').map(str::trim);
    let says = |name: &str| {
        directives().any(|d| {
            d.split('=')
                .next()
                .is_some_and(|d| d.trim().eq_ignore_ascii_case(name))
        })
    };
    if says("no-store") || says("private") {
        return "no-store".to_owned();
    }
    if says("no-cache") {
        return "public, no-cache".to_owned();
    }
    let seconds = |wanted: &str| {
        directives().find_map(|directive| {
            let (name, value) = directive.split_once('=')?;
            let found = name.trim().eq_ignore_ascii_case(wanted);
            found
                .then(|| value.trim().trim_matches('"').parse::<u64>().ok())
                .flatten()
        })
    };
    let age = seconds("s-maxage")
        .or_else(|| seconds("max-age"))
        .unwrap_or(DEFAULT_SECONDS);
    format!("public, max-age={age}")
}

/// Whether an If-None-Match header names `etag`, by weak comparison.
pub fn matches(if_none_match: Option<&str>, etag: &str) -> bool {
    if_none_match
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_has_its_say() {
        for (source, control) in [
            (None, "public, max-age=3600"),
            (Some("max-age=60"), "public, max-age=60"),
            (
                Some("public, max-age=60, s-maxage=\"90\""),
                "public, max-age=90",
            ),
            (Some("Private, max-age=60"), "no-store"),
            (Some("no-store"), "no-store"),
            (Some("private=\"set-cookie\""), "no-store"),
            (Some("no-cache"), "public, no-cache"),
            (Some("max-age=never"), "public, max-age=3600"),
        ] {
            assert_eq!(cache_control(source), control, "{source:?}");
        }
    }

    #[test]
    fn tags_match_weakly() {
        assert!(matches(Some("\"a\", W/\"b\""), "\"b\""));
        assert!(matches(Some("*"), "\"b\""));
        assert!(!matches(Some("\"a\""), "\"b\""));
        assert!(!matches(None, "\"b\""));
    }
}
