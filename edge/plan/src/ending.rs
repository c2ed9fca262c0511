//! How a request at the edge ends when its picture was made, or could not be.

use crate::decide::Decision;
use crate::outcome::Maker;
use crate::problem::{Code, Problem};
use crate::reply::Reply;

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// What came of it: the picture, the problem, or the origin's own problem.
    Made,
    /// The redirect to the source.
    Redirect(Reply),
    /// The picture that was made before.
    Stale,
}

/// Why there is no new picture: a problem of ours, or an answer of the origin with this status.
pub fn trouble(made: Result<u16, &Problem>) -> Option<Problem> {
    match made {
        Ok(status) if status < 400 => None,
        Ok(status) => Some(Problem::new(Code::OriginFailed, format!("the origin said {status}"))),
        Err(problem) => Some(problem.clone()),
    }
}

impl Ending {
    /// Chooses. What is stale is better than trouble that passes, and the source better than none.
    pub fn of(
        trouble: Option<&Problem>,
        has_stale: bool,
        maker: Maker<'_>,
        decision: &Decision,
    ) -> Self {
        match trouble {
            Some(problem) if has_stale && problem.code.is_passing() => Self::Stale,
            Some(problem) => {
                Reply::redirect(maker, decision, problem).map_or(Self::Made, Self::Redirect)
            }
            None => Self::Made,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::allow::AllowList;
    use crate::unsigned::Unsigned;
    use crate::{Asked, Fields, Rules, decide};

    const MAKER: Maker<'_> = Maker { component: "0123456789abcdef0123", side: "edge" };

    fn decided(target: &str) -> Decision {
        let allow = AllowList::parse(["https://a.test"]).unwrap();
        let rules = Rules { unsigned: Unsigned::All, paths: true, allow, ..Rules::default() };
        let fields = &Fields::default();
        let asked = Asked { method: "GET", target, authority: "a.test", fields, now: 0 };
        decide(&asked, &rules).unwrap()
    }

    #[test]
    fn what_passes_is_bridged_and_what_stays_is_told() {
        let plain = decided("/image/width=5/a.jpg");
        for (trouble, has_stale, ending) in [
            (None, true, Ending::Made),
            (Some(Code::SourceTimeout), true, Ending::Stale),
            (Some(Code::SourceTimeout), false, Ending::Made),
            (Some(Code::SourceNotFound), true, Ending::Made),
            (Some(Code::OverBudget), true, Ending::Made),
        ] {
            let problem = trouble.map(|code| Problem::new(code, ""));
            assert_eq!(
                Ending::of(problem.as_ref(), has_stale, MAKER, &plain),
                ending,
                "{trouble:?}"
            );
        }
    }

    #[test]
    fn the_source_is_for_whom_asks_for_it() {
        let asks = decided("/image/width=5,onerror=redirect/https://a.test/b.jpg");
        let gone = Problem::new(Code::SourceTimeout, "");
        let Ending::Redirect(reply) = Ending::of(Some(&gone), false, MAKER, &asks) else {
            panic!("no redirect");
        };
        assert_eq!(reply.status, 302);
        assert!(reply.more.contains(&("location", "https://a.test/b.jpg".to_owned())));
        assert_eq!(Ending::of(Some(&gone), true, MAKER, &asks), Ending::Stale);
        assert_eq!(Ending::of(None, false, MAKER, &asks), Ending::Made);
    }

    #[test]
    fn the_origins_refusal_is_trouble() {
        assert_eq!(trouble(Ok(200)), None);
        assert_eq!(trouble(Ok(304)), None);
        let refused = trouble(Ok(503)).unwrap();
        assert_eq!(
            (refused.code, refused.detail.as_str()),
            (Code::OriginFailed, "the origin said 503")
        );
        assert_eq!(trouble(Err(&refused)), Some(refused.clone()));
    }
}
