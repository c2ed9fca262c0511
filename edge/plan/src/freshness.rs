//! How long an answer keeps, and whether a client has it already (RFC 9111, RFC 9110 §13.1.2).

use crate::problem::{Code, Problem};

/// Seconds that a picture keeps if its source says nothing; Cloudflare Images' minimum.
pub(crate) const DEFAULT_SECONDS: u64 = 3_600;

/// How long something keeps; less comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Keeping {
    /// In no cache that is shared.
    Never,
    /// Until somebody asks for it again.
    UntilAsked,
    /// For so many seconds.
    Seconds(u64),
}

/// The Cache-Control of a picture, from those of all that it is made of: it keeps no longer than any of
/// them. What one of them keeps from shared caches is kept from them here too.
pub fn cache_control<'a>(told: impl IntoIterator<Item = Option<&'a str>>) -> String {
    let least = told.into_iter().map(|told| keeping(told, DEFAULT_SECONDS)).min();
    match least.unwrap_or(Keeping::Seconds(DEFAULT_SECONDS)) {
        Keeping::Never => "no-store".to_owned(),
        Keeping::UntilAsked => "public, no-cache".to_owned(),
        Keeping::Seconds(seconds) => format!("public, max-age={seconds}"),
    }
}

/// What one Cache-Control says; for `unsaid` seconds if it says nothing of that.
pub(crate) fn keeping(source: Option<&str>, unsaid: u64) -> Keeping {
    let directives = || source.unwrap_or_default().split(',').map(str::trim);
    let says = |name: &str| {
        directives()
            .any(|d| d.split('=').next().is_some_and(|d| d.trim().eq_ignore_ascii_case(name)))
    };
    if says("no-store") || says("private") {
        return Keeping::Never;
    }
    if says("no-cache") {
        return Keeping::UntilAsked;
    }
    let seconds = |wanted: &str| {
        directives().find_map(|directive| {
            let (name, value) = directive.split_once('=')?;
            let found = name.trim().eq_ignore_ascii_case(wanted);
            found.then(|| value.trim().trim_matches('"').parse::<u64>().ok()).flatten()
        })
    };
    let age = seconds("s-maxage").or_else(|| seconds("max-age")).unwrap_or(unsaid);
    Keeping::Seconds(age)
}

/// Seconds for which a copy of a source may answer without a question to its server: none unless they are
/// said. `None`: no copy may be made.
pub fn copies_keep(source: Option<&str>) -> Option<u64> {
    match keeping(source, 0) {
        Keeping::Never => None,
        Keeping::Seconds(seconds) => Some(seconds),
        Keeping::UntilAsked => Some(0),
    }
}

/// The same, but for no longer than `seconds`.
pub fn at_most(cache_control: &str, seconds: u64) -> String {
    match cache_control.strip_prefix("public, max-age=").map(str::parse::<u64>) {
        Some(Ok(age)) => format!("public, max-age={}", age.min(seconds)),
        _ => cache_control.to_owned(),
    }
}

/// Whether it pays to make a picture with this Cache-Control: where nobody waits for it, only for those who ask
/// later.
///
/// # Errors
/// [`Code::SourceFailed`] if no cache may keep it.
pub fn check_keeping(cache_control: &str, is_awaited: bool) -> Result<(), Problem> {
    if is_awaited || is_storable(cache_control) {
        return Ok(());
    }
    let detail = format!("expected what a cache may keep, got `{cache_control}`");
    Err(Problem::new(Code::SourceFailed, detail))
}

/// Whether a cache that is shared may keep an answer with this Cache-Control.
pub fn is_storable(cache_control: &str) -> bool {
    let mut directives = cache_control.split(',').map(str::trim);
    directives
        .any(|directive| directive.strip_prefix("max-age=").is_some_and(|seconds| seconds != "0"))
        && cache_control.starts_with("public")
}

/// How long a picture that is no longer fresh is kept, for when no new one can be made (RFC 5861 §4).
pub(crate) const STALE_SECONDS: u64 = 86_400;

/// Seconds for which the platform's cache serves a picture while it asks for a new one (RFC 5861 §3).
const REVALIDATING_SECONDS: u64 = 60;

/// What the platform's own cache is told of a picture with this Cache-Control, in place of that.
pub fn for_platform(cache_control: &str) -> String {
    if is_storable(cache_control) {
        format!(
            "{cache_control}, stale-while-revalidate={REVALIDATING_SECONDS}, \
             stale-if-error={STALE_SECONDS}"
        )
    } else {
        "no-store".to_owned()
    }
}

/// What tells one version of a source from the next, from what its server says of it: a strong
/// entity tag, else the time of its last change together with its length. `None`: only its bytes
/// tell, by [`validator_of_bytes`].
pub fn validator(
    etag: Option<&str>,
    last_modified: Option<&str>,
    length: Option<u64>,
) -> Option<String> {
    match (etag, last_modified, length) {
        (Some(etag), ..) if etag.starts_with('"') => Some(format!("etag {etag}")),
        (_, Some(time), Some(length)) => Some(format!("modified {time} {length}")),
        _ => None,
    }
}

/// The validator of a source of which only the bytes are known, from their SHA-256 in hexadecimal.
pub fn validator_of_bytes(sha256: &str) -> String {
    format!("sha256 {sha256}")
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
    fn copies_answer_for_as_long_as_was_said() {
        for (source, seconds) in [
            (None, Some(0)),
            (Some("public"), Some(0)),
            (Some("max-age=60"), Some(60)),
            (Some("max-age=60, s-maxage=5"), Some(5)),
            (Some("max-age=60, no-cache"), Some(0)),
            (Some("max-age=60, private"), None),
            (Some("no-store"), None),
        ] {
            assert_eq!(copies_keep(source), seconds, "{source:?}");
        }
    }

    #[test]
    fn the_source_has_its_say() {
        for (source, control) in [
            (None, "public, max-age=3600"),
            (Some("max-age=60"), "public, max-age=60"),
            (Some("public, max-age=60, s-maxage=\"90\""), "public, max-age=90"),
            (Some("Private, max-age=60"), "no-store"),
            (Some("no-store"), "no-store"),
            (Some("private=\"set-cookie\""), "no-store"),
            (Some("no-cache"), "public, no-cache"),
            (Some("max-age=never"), "public, max-age=3600"),
        ] {
            assert_eq!(cache_control([source]), control, "{source:?}");
        }
    }

    #[test]
    fn the_least_of_all_counts() {
        for (told, control) in [
            ([None, Some("max-age=60"), Some("max-age=90")], "public, max-age=60"),
            ([Some("max-age=60"), Some("no-cache"), None], "public, no-cache"),
            ([Some("no-cache"), Some("max-age=0"), Some("private")], "no-store"),
        ] {
            assert_eq!(cache_control(told), control, "{told:?}");
        }
    }

    #[test]
    fn an_end_shortens_the_age_alone() {
        for (control, seconds, shortened) in [
            ("public, max-age=60", 5, "public, max-age=5"),
            ("public, max-age=60", 90, "public, max-age=60"),
            ("public, no-cache", 5, "public, no-cache"),
            ("no-store", 5, "no-store"),
        ] {
            assert_eq!(at_most(control, seconds), shortened);
        }
    }

    #[test]
    fn only_what_keeps_is_stored() {
        for (control, stored) in [
            ("public, max-age=60", true),
            ("public, max-age=0", false),
            ("public, no-cache", false),
            ("no-store", false),
            ("private, max-age=60", false),
            ("", false),
        ] {
            assert_eq!(is_storable(control), stored, "{control}");
            assert_eq!(check_keeping(control, false).is_ok(), stored, "{control}");
            assert_eq!(check_keeping(control, true), Ok(()));
        }
    }

    #[test]
    fn the_platform_keeps_only_what_may_be_kept() {
        assert_eq!(
            for_platform("public, max-age=60"),
            "public, max-age=60, stale-while-revalidate=60, stale-if-error=86400"
        );
        assert_eq!(for_platform("public, no-cache"), "no-store");
        assert_eq!(for_platform("no-store"), "no-store");
    }

    #[test]
    fn a_strong_tag_is_the_best_validator() {
        let validator = |etag, time| validator(etag, time, Some(7));
        assert_eq!(validator(Some("\"a\""), Some("t")).as_deref(), Some("etag \"a\""));
        assert_eq!(validator(Some("W/\"a\""), Some("t")).as_deref(), Some("modified t 7"));
        assert_eq!(validator(Some("W/\"a\""), None), None);
    }

    #[test]
    fn tags_match_weakly() {
        assert!(matches(Some("\"a\", W/\"b\""), "\"b\""));
        assert!(matches(Some("*"), "\"b\""));
        assert!(!matches(Some("\"a\""), "\"b\""));
        assert!(!matches(None, "\"b\""));
    }
}
