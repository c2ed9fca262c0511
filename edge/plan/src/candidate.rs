//! The candidate at the edge: a Worker of its own, bound to the one that has the stable component.

use crate::decide::Decision;
use crate::edge::Edge;
use crate::handover::unanswered;
use crate::outcome::Maker;
use crate::problem::Problem;

impl Edge {
    /// The candidate that is bound, if it makes what was decided, and not `maker`: the same sources as at the
    /// origin. A tester who names another component means it.
    pub fn candidate<'a, T>(
        &self,
        decision: &Decision,
        maker: Maker<'_>,
        bound: &'a Option<T>,
    ) -> Option<&'a T> {
        let is_its = match &decision.choice {
            Some(choice) => choice != maker.short(),
            None => self.share.has(&decision.source),
        };
        bound.as_ref().filter(|_| is_its)
    }
}

/// What it means that the candidate gives no answer: the stable one makes the picture, since nobody has to wait
/// for the candidate to be taken back.
///
/// # Errors
/// For a tester, who means the candidate.
pub fn silent(decision: &Decision) -> Result<(), Problem> {
    if decision.choice.is_some() { Err(unanswered()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rollout;
    use crate::signature::Keys;
    use crate::{Asked, Fields, decide};

    const KEYS: &str = "k1:000102030405060708090a0b0c0d0e0f";

    #[test]
    fn the_candidate_has_its_share_and_who_asks_for_it() {
        let keys = Keys::parse(KEYS).unwrap();
        let maker = Maker { component: "0123456789abcdef0123", side: "edge" };
        let is = |share: &str, fields: &Fields, number: u32| {
            let find = |name: &str| {
                let set = [("UNSIGNED", "true"), ("KEYS", KEYS), ("SHARE", share)];
                let found = set.iter().find(|(known, _)| *known == name);
                let text = found.map(|(_, text)| Some((*text).to_owned()));
                // A Worker is no text.
                text.or_else(|| (name == "CANDIDATE").then_some(None))
            };
            let edge = Edge::read(&find, true, "localhost").unwrap();
            let target = format!("/image/width=5/{number}.jpg");
            let asked =
                Asked { method: "GET", target: &target, authority: "localhost", fields, now: 0 };
            let decision = decide(&asked, &edge.rules).unwrap();
            let bound = |name| edge.candidate(&decision, maker, &Some(name)).is_some();
            assert_eq!(edge.candidate::<()>(&decision, maker, &None), None);
            (bound("candidate"), edge.share.has(&decision.source))
        };
        let plain = Fields::default();
        for share in ["", "0", "1/2", "1"] {
            let all: Vec<_> = (0..32).map(|number| is(share, &plain, number)).collect();
            assert!(all.iter().all(|(is, has)| is == has), "{share}");
            let count = all.iter().filter(|(is, _)| *is).count();
            assert_eq!(count.clamp(1, 31) == count, share == "1/2", "{share}: {count}");
        }
        for (named, expected) in [(maker.short(), false), ("fedcba9876543210", true)] {
            let value = rollout::choose(named, 60, &keys);
            let fields = Fields::collect(|name| value.clone().filter(|_| name == rollout::CHOOSE));
            for share in ["0", "1"] {
                assert_eq!(is(share, &fields, 1).0, expected, "{named} {share}");
            }
        }
    }
}
