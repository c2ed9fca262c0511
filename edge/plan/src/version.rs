//! One version of one picture: what is known of it before it is made.

use crate::decide::Decision;
use crate::key;
use crate::outcome::Maker;
use crate::reply::Conditions;

/// A version of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its strong entity tag.
    pub etag: String,
    /// What its answer says of caching.
    pub cache_control: String,
}

/// Where a picture of this version is had without making it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Had {
    /// With the client, or nowhere, since its headers alone are wanted.
    Headers,
    /// In the cache, where it was thought to be stale.
    Cache,
    /// In the store of what was made before, or nowhere.
    Store,
}

impl Version {
    /// What `maker` makes for `decision` of files with these validators.
    pub fn new(
        maker: Maker<'_>,
        decision: &Decision,
        validators: &[String],
        cache_control: &str,
    ) -> Self {
        let etag = key::etag(maker.component, &decision.plan, validators);
        Self { etag, cache_control: cache_control.to_owned() }
    }

    /// Where it is to be had, for a client with these conditions and a cache with the picture of this tag.
    pub fn had(&self, decision: &Decision, conditions: &Conditions, kept: Option<&str>) -> Had {
        if decision.head || conditions.know(&self.etag) {
            Had::Headers
        } else if kept == Some(&self.etag) {
            Had::Cache
        } else {
            Had::Store
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unsigned::Unsigned;
    use crate::{Asked, Fields, Rules, decide};

    const MAKER: Maker<'_> = Maker { component: "0123456789abcdef0123", side: "edge" };

    fn decided(method: &str) -> Decision {
        let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
        let (target, fields) = ("/image/width=5/a.jpg", &Fields::default());
        decide(&Asked { method, target, authority: "a.test", fields, now: 0 }, &rules).unwrap()
    }

    #[test]
    fn who_has_it_gets_no_other() {
        let (get, head) = (decided("GET"), decided("HEAD"));
        let version = Version::new(MAKER, &get, &["etag \"a\"".to_owned()], "no-store");
        let etag = version.etag.as_str();
        let knowing = |tag: &'static str| {
            Conditions::read(|name| (name == "if-none-match").then(|| tag.to_owned()))
        };
        for (decision, conditions, kept, had) in [
            (&get, knowing("\"b\""), Some("\"b\""), Had::Store),
            (&get, knowing("\"b\""), Some(etag), Had::Cache),
            (&get, knowing("*"), Some(etag), Had::Headers),
            (&head, Conditions::default(), None, Had::Headers),
        ] {
            assert_eq!(version.had(decision, &conditions, kept), had, "{conditions:?} {kept:?}");
        }
    }

    #[test]
    fn another_source_is_another_version() {
        let of =
            |validator: &str| Version::new(MAKER, &decided("GET"), &[validator.to_owned()], "");
        assert_eq!(of("a"), of("a"));
        assert_ne!(of("a").etag, of("b").etag);
    }
}
