//! The order of levels (AV1 §5.11.41, `Default_Scan`): by diagonals, odd ones downwards from above on the
//! right, even ones upwards from the left below.

/// Row × side + column by index.
const fn zigzag<const AREA: usize>() -> [u16; AREA] {
    let side = AREA.isqrt();
    let (mut order, mut index, mut diagonal) = ([0; AREA], 0, 0);
    while diagonal < 2 * side - 1 {
        let mut step = 0;
        while step <= diagonal {
            let row = if diagonal % 2 == 1 { step } else { diagonal - step };
            let column = diagonal - row;
            if row < side && column < side {
                order[index] = (row * side + column) as u16;
                index += 1;
            }
            step += 1;
        }
        diagonal += 1;
    }
    order
}

/// Of 4×4.
pub static SCAN4: [u16; 16] = zigzag();
/// Of 8×8.
pub static SCAN8: [u16; 64] = zigzag();
/// Of 16×16.
pub static SCAN16: [u16; 256] = zigzag();
/// Of 32×32.
pub static SCAN32: [u16; 1024] = zigzag();

/// Positions (row × side + column) by index, for a side of 2^`log2`: 2 to 5.
pub const fn scan(log2: usize) -> &'static [u16] {
    match log2 {
        0..=2 => &SCAN4,
        3 => &SCAN8,
        4 => &SCAN16,
        _ => &SCAN32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_ones_are_those_of_the_specification() {
        assert_eq!(SCAN4, [0, 1, 4, 8, 5, 2, 3, 6, 9, 12, 13, 10, 7, 11, 14, 15]);
        assert_eq!(SCAN8[..10], [0, 1, 8, 16, 9, 2, 3, 10, 17, 24]);
        assert_eq!(SCAN32[1023], 1023);
    }
}
