//! Drawing other pictures over the picture.

use selvedge_plan::Plan;

use crate::failure::Failure;

/// Checks that there is a file for each overlay of the plan, and no other.
///
/// # Errors
/// [`Failure::BadOption`].
pub fn check(files: &[Vec<u8>], plan: &Plan) -> Result<(), Failure> {
    if files.len() == plan.draw.len() {
        return Ok(());
    }
    let (expected, got) = (plan.draw.len(), files.len());
    Err(Failure::BadOption(format!("option `draw`: expected {expected} files to draw, got {got}")))
}
