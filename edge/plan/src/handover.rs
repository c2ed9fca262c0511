//! What the edge cannot do, as it is asked of another Selvedge: with the plan as it was decided.

use crate::ask::Ask;
use crate::client;
use crate::decide::{Decision, VIA};
use crate::dialects::cloudflare::canonical_rest;
use crate::key;
use crate::outcome::Maker;
use crate::problem::{Code, Problem};
use crate::rollout;
use crate::signature::Keys;

/// For how long a choice of a component that is handed over holds.
const CHOICE_SECONDS: u64 = 60;

impl Decision {
    /// The target under which another Selvedge does the same: the canonical plan, signed if there
    /// is a key. It must not decide anew, and cannot, since nothing is left to negotiate.
    pub fn target(&self, keys: &Keys) -> String {
        let rest = canonical_rest(&self.plan.text(), &self.source.text());
        match keys.sign(&rest) {
            Some(signature) => format!("/image/{signature}{rest}"),
            None => format!("/image{rest}"),
        }
    }

    /// The request by which the Selvedge at `base` does the same: whom it came through, by which epoch of the
    /// contract the plan was made, and if there is a key, that the component of `maker` is to make it, stands
    /// in its headers.
    pub fn hand_over(&self, base: &str, keys: &Keys, maker: Maker<'_>, now: u64) -> Ask {
        let epoch = key::CONTRACT_EPOCH.to_string();
        let choice = rollout::choose(maker.short(), now.saturating_add(CHOICE_SECONDS), keys);
        let mut headers = vec![("via", VIA.to_owned()), (client::CONTRACT, epoch)];
        headers.extend(choice.map(|choice| (rollout::CHOOSE, choice)));
        Ask {
            method: if self.head { "HEAD" } else { "GET" },
            url: format!("{}{}", base.trim_end_matches('/'), self.target(keys)),
            headers,
        }
    }
}

/// That nobody answers to what the edge could not do for this reason.
pub(crate) fn silent(reason: &Problem) -> Problem {
    let detail = format!("the edge cannot do this ({reason}), and its origin is silent");
    Problem::new(Code::OriginFailed, detail)
}

/// That another Worker, or this one behind the platform's cache, gives no answer.
pub fn unanswered() -> Problem {
    Problem::new(Code::Internal, "the Worker that was asked does not answer")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unsigned::Unsigned;
    use crate::{Asked, Fields, Rules, decide};

    #[test]
    fn the_canonical_plan_is_asked_for() {
        let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
        let fields = &Fields::default();
        for method in ["GET", "HEAD"] {
            let target = "/cdn-cgi/image/w=50,dpr=2,q=85/a.jpg";
            let asked = Asked { method, target, authority: "a.test", fields, now: 0 };
            let decision = decide(&asked, &rules).unwrap();
            let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
            let ask = decision.hand_over("https://b.test/", &Keys::default(), maker, 7);
            assert_eq!((ask.method, &*ask.url), (method, "https://b.test/image/width=100/a.jpg"));
            let epoch = key::CONTRACT_EPOCH.to_string();
            assert_eq!(ask.headers, [("via", VIA.to_owned()), ("selvedge-contract", epoch)]);
            let keys = Keys::parse("k1:000102030405060708090a0b0c0d0e0f").unwrap();
            let signed = decision.hand_over("https://b.test", &keys, maker, 7);
            assert!(signed.url.starts_with("https://b.test/image/sig=k1."), "{signed:?}");
            let choice = signed.headers.iter().find(|(name, _)| *name == rollout::CHOOSE).unwrap();
            let chosen = rollout::chosen(&choice.1, &keys, 60);
            assert_eq!(chosen.as_deref(), Ok("0123456789abcdef"));
        }
    }
}
