//! How much errors show: less where there is much going on.

/// Samples of a superblock's side.
pub const SIDE: usize = 64;

/// Squares of 8 × 8 across a superblock.
const ACROSS: usize = SIDE / 8;

/// What errors count in each square of 8 × 8 of a superblock's luma, in 64ths.
pub struct Masking([u16; ACROSS * ACROSS]);

/// 64 × 2^(i / 16).
const POWERS: [u16; 16] = [64, 67, 70, 73, 76, 79, 83, 87, 91, 95, 99, 103, 108, 112, 117, 123];

impl Masking {
    /// Errors count the same everywhere.
    pub const NONE: Self = Self([64; ACROSS * ACROSS]);

    /// By the variances of a superblock's luma, [`SIDE`] samples a row.
    pub fn of(samples: &[u8]) -> Self {
        let mut masking = Self::NONE;
        for (index, weight) in masking.0.iter_mut().enumerate() {
            let first = index / ACROSS * 8 * SIDE + index % ACROSS * 8;
            let (mut sum, mut squares) = (0_u32, 0_u32);
            for row in samples.get(first..).unwrap_or_default().chunks(SIDE).take(8) {
                for sample in row.iter().take(8) {
                    sum += u32::from(*sample);
                    squares += u32::from(*sample) * u32::from(*sample);
                }
            }
            *weight = weighted(squares - sum * sum / 64);
        }
        masking
    }

    /// The mean of a square of a side of 2^`log2`, given a corner in samples of the superblock.
    pub fn weight(&self, (x, y): (usize, usize), log2: usize) -> u64 {
        let side = (1 << log2) / 8;
        let rows = self.0.chunks_exact(ACROSS).skip(y / 8).take(side.max(1));
        let sum = rows.flat_map(|row| row.iter().skip(x / 8).take(side.max(1)));
        sum.map(|weight| u64::from(*weight)).sum::<u64>() / (side * side).max(1) as u64
    }
}

/// What errors count where squares differ by so much from 64 times the mean's: in proportion to the
/// variance to the power of −0.35, and as they are at a variance of 2^8.
fn weighted(spread: u32) -> u16 {
    // What has no variance has noise of two levels at least.
    let spread = u64::from(spread) + 4 * 64;
    let whole = spread.ilog2();
    let logarithm = 16 * i64::from(whole) + ((spread << 4 >> whole) as i64 - 16);
    let exponent = (16 * (8 + 6) - logarithm) * 35 / 100;
    let power = i64::from(POWERS[exponent.rem_euclid(16) as usize]);
    let shift = exponent.div_euclid(16);
    (if shift < 0 { power >> -shift } else { power << shift }) as u16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_show_most_where_it_is_flat() {
        let mut samples = [90_u8; SIDE * SIDE];
        // A column of squares of noise.
        for (index, sample) in samples.iter_mut().enumerate().filter(|(index, _)| index % SIDE < 8)
        {
            *sample = (index * 7_919 % 251) as u8;
        }
        let masking = Masking::of(&samples);
        let (noise, flat) = (masking.weight((0, 0), 3), masking.weight((8, 0), 3));
        assert!(noise < 32 && flat > 192, "{noise} {flat}");
        let both = masking.weight((0, 16), 4);
        assert_eq!(both, (2 * noise + 2 * flat) / 4);
        assert_eq!(Masking::NONE.weight((40, 4), 2), 64);
        // At the variance where nothing changes.
        assert_eq!(weighted(64 * 256 - 256), 64);
    }
}
