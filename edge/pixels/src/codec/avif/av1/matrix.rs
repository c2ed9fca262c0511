//! How much coarser the steps of high frequencies are (AV1 §7.12.3, `using_qmatrix`).

use super::tables::matrices::{CHROMA, LUMA};

/// Which matrices a picture has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Matrices {
    /// None: all coefficients of a block have the same step, as alpha's should.
    None,
    /// High frequencies, which are seen least, have steps up to five times as large: those of level 4.
    Seen,
}

impl Matrices {
    /// How they are called in a frame's header (AV1 §5.9.12, `qm_y` and the others), if there are any.
    pub const fn level(self) -> Option<u32> {
        match self {
            Self::None => None,
            Self::Seen => Some(4),
        }
    }

    /// 32nds of a step for each coefficient of a block of luma or chroma with a side of 2^`log2` (2 to 5),
    /// row by row.
    pub fn of(self, is_luma: bool, log2: usize) -> Vec<u8> {
        let triangle = match self {
            Self::None => &[32; LUMA.len()],
            Self::Seen if is_luma => &LUMA,
            Self::Seen => &CHROMA,
        };
        // Smaller ones are every second of the next larger one, and so on.
        let apart = 32 >> log2;
        let places = ((apart - 1) / 2..32).step_by(apart);
        let at = |x: usize, y: usize| {
            let (row, column) = (x.max(y), x.min(y));
            triangle.get(row * (row + 1) / 2 + column).copied().unwrap_or(32)
        };
        places.clone().flat_map(|y| places.clone().map(move |x| at(x, y))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrices_are_symmetrical_and_rise_with_the_frequency() {
        for (is_luma, last) in [(true, [140, 153, 159, 164]), (false, [91, 96, 98, 99])] {
            for (log2, last) in (2..=5).zip(last) {
                let (side, matrix) = (1 << log2, Matrices::Seen.of(is_luma, log2));
                assert_eq!(matrix.len(), side * side);
                let at = |x: usize, y: usize| matrix[y * side + x];
                assert!((0..side).all(|x| (0..side).all(|y| at(x, y) == at(y, x))));
                assert!((30..=33).contains(&at(0, 0)));
                assert_eq!(at(side - 1, side - 1), last, "{is_luma} {log2}");
            }
        }
        assert_eq!(Matrices::None.of(true, 2), [32; 16]);
    }
}
