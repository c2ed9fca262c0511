//! Animations (APNG; PNG third edition §4.9, §11.3.6).

mod control;
mod film;
mod frames;

use crate::anim::Animated;
use crate::codec::png::decode;
use crate::failure::Failure;

pub const ANIMATED: Animated = Animated {
    survey: frames::survey,
    open: frames::open,
    memory: |wide, _| decode::rows_memory(wide),
    // None are written, so none stays as it was.
    bare: |_, _| Err(Failure::Unsupported("an animation as PNG".into())),
    write: None,
};
