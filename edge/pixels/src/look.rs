//! What only pixels tell: how far a surround reaches, and where the eye goes. The source is decoded
//! once more for each of them, with next to nothing held: for the surround as finely as afterwards,
//! and scaled down for the eye. What is found is said in numbers, and the plan goes on as if it had them from the
//! start. Of an animation the first frame is looked at.

mod focus;
mod part;
mod plane;
mod search;
mod seen;

use selvedge_plan::Plan;
use selvedge_plan::options::gravity::Gravity;
use selvedge_plan::options::trim::Trim;

use crate::budget::Job;
use crate::failure::Failure;
use crate::saliency::Interest;
use focus::focus;
use search::trimmed;
pub use seen::Seen;

/// The plan with what only pixels tell in numbers; `None` if it asks for nothing of that kind.
///
/// # Errors
/// Any [`Failure`].
pub fn settle(seen: &Seen<'_>, plan: &Plan, job: &mut Job<'_>) -> Result<Option<Plan>, Failure> {
    let mut settled = None;
    if let Some(Trim::Border(border)) = plan.trim {
        settled = Some(trimmed(seen, border, plan, job)?);
    }
    let so_far = settled.as_ref().unwrap_or(plan);
    if let Some(interest) = interest(so_far) {
        let gravity = Gravity::Point(focus(seen, so_far, interest, job)?);
        settled = Some(Plan { gravity, ..so_far.clone() });
    }
    Ok(settled)
}

fn interest(plan: &Plan) -> Option<Interest> {
    match plan.gravity {
        Gravity::Auto => Some(Interest::Attention),
        Gravity::Entropy => Some(Interest::Detail),
        Gravity::Face | Gravity::Point(_) => None,
    }
}
