//! Animations (RFC 9649 §2.7.1.1).

mod frames;
mod patches;
mod write;

use crate::anim::{Animated, Write};

pub const ANIMATED: Animated = Animated {
    survey: frames::survey,
    open: frames::open,
    memory: frames::memory,
    bare: frames::bare,
    write: Some(Write { begin: write::begin, memory: write::memory }),
};
