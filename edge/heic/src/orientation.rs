//! Turns as HEIF says them (ISO/IEC 23008-12 §6.5.10, §6.5.12).

use selvedge_plan::orientation::Turn;

/// `irot`: quarters, counter-clockwise.
pub fn rotated(quarters: u8) -> Turn {
    match quarters & 3 {
        0 => Turn::NONE,
        1 => Turn::CW_270,
        2 => Turn::CW_180,
        _ => Turn::CW_90,
    }
}

/// `imir`: top and bottom change places, or left and right.
pub fn mirrored(axis: u8) -> Turn {
    if axis & 1 == 0 { Turn::FLIP_V } else { Turn::FLIP_H }
}
