//! What a plan can say and the pixels cannot do yet. This list is the one place that refuses it:
//! whoever teaches the pixels something takes its line away.

use crate::options::gravity::Gravity;
use crate::plan::Plan;
use crate::problem::{Code, Problem};

/// Something that is not available: as it is written in options, and whether a plan asks for it.
type Lack = (&'static str, fn(&Plan) -> bool);

/// All that is not available yet.
pub const NOT_YET: &[Lack] = &[
    ("segment", |plan| plan.segment.is_some()),
    ("gravity=face", |plan| plan.gravity == Gravity::Face),
    ("upscale=generate", |plan| plan.upscale.is_some()),
];

/// Whether the pixels can do all of `plan`.
///
/// # Errors
/// [`Code::NotAvailable`] with all that they cannot.
pub(crate) fn check(plan: &Plan) -> Result<(), Problem> {
    let asked: Vec<&str> =
        NOT_YET.iter().filter(|(_, asks)| asks(plan)).map(|(what, _)| *what).collect();
    if asked.is_empty() {
        return Ok(());
    }
    let detail = format!("known, but not available yet: {}; leave it out", asked.join(", "));
    Err(Problem::new(Code::NotAvailable, detail))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use crate::client::Client;

    #[test]
    fn what_is_missing_is_named() {
        let options =
            Options::parse("width=5,height=5,fit=cover,segment=foreground,gravity=face").unwrap();
        let problem = Plan::new(&options, &Client::default()).unwrap_err();
        assert_eq!(problem.code, Code::NotAvailable);
        assert!(problem.detail.contains("segment, gravity=face"), "{}", problem.detail);
    }

    #[test]
    fn what_changes_nothing_is_no_lack() {
        for options in ["blur=0", "metadata=copyright", "page=0", "zoom=1", "gravity=face,width=5"]
        {
            let options = Options::parse(options).unwrap();
            assert!(Plan::new(&options, &Client::default()).is_ok(), "{options:?}");
        }
    }
}
