//! Giving an animation back as it was, where writing it again made it no smaller.

use super::Animated;
use crate::failure::Failure;

/// What was `written` of a file, or the file without its metadata if that has no more bytes.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn smaller(file: &[u8], animated: &Animated, written: Vec<u8>) -> Result<Vec<u8>, Failure> {
    let mut length = 0;
    // What cannot be taken apart was written again.
    if (animated.bare)(file, &mut |part| length += part.len()).is_err() || length > written.len() {
        return Ok(written);
    }
    drop(written);
    let mut bare = Vec::new();
    bare.try_reserve_exact(length).map_err(|_| Failure::out_of_memory(length))?;
    (animated.bare)(file, &mut |part| bare.extend_from_slice(part))?;
    Ok(bare)
}
