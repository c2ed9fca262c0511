//! What holds of AVIF that is written.

/// Ways of writing.
const PLANS: [&str; 8] = [
    "format=avif",
    "format=avif,quality=100",
    "format=avif,quality=1",
    "format=avif,quality=100,compression=best",
    "format=avif,quality=50,compression=best",
    "format=avif,quality=95,compression=fast",
    "format=avif,quality=30,compression=fast",
    "width=37,height=71,fit=squeeze,format=avif",
];

/// Largest side.
const SIDE: u8 = 150;

/// Property: any picture is written, within the memory that was forecast ([`crate::holds`]), and without an
/// overflow where those are checked.
/// Input: a way of writing, width, height, whether there is alpha, and samples, which are repeated.
///
/// # Panics
/// If it does not hold.
pub fn avif(input: &[u8]) {
    let Some((&[plan, width, height, alpha], samples)) = input.split_first_chunk() else { return };
    let options = PLANS[usize::from(plan) % PLANS.len()];
    let file = bitmap(width % SIDE + 1, height % SIDE + 1, alpha % 2 == 1, samples);
    match crate::holds(&file, options) {
        Ok(Ok((bytes, _))) => assert!(bytes.get(4..12) == Some(b"ftypavif"), "{options}"),
        other => unreachable!("{options}: {other:?}"),
    }
}

/// A BMP of 32 bits a pixel, by its fourth header, which says what they mean.
fn bitmap(width: u8, height: u8, alpha: bool, samples: &[u8]) -> Vec<u8> {
    const HEADER: u32 = 108;
    let bits = usize::from(width) * usize::from(height) * 4;
    let start = 14 + HEADER;
    let mut file = b"BM".to_vec();
    for number in [start + bits as u32, 0, start, HEADER, width.into(), height.into()] {
        file.extend(number.to_le_bytes());
    }
    let masks = [0xff_0000, 0xff00, 0xff, if alpha { 0xff00_0000 } else { 0 }];
    // One plane of 32 bits, as the masks say.
    for number in [32 << 16 | 1, 3, bits as u32, 0, 0, 0, 0].into_iter().chain(masks) {
        file.extend(number.to_le_bytes());
    }
    file.extend(b"BGRs");
    file.resize(start as usize, 0);
    file.extend(samples.iter().copied().chain([0]).cycle().take(bits));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_written() {
        for plan in 0..PLANS.len() as u8 {
            for (width, height) in [(0, 0), (1, 148), (99, 63)] {
                for alpha in [0, 1] {
                    let input = [&[plan, width, height, alpha], b"samples that are not".as_slice()];
                    avif(&input.concat());
                }
            }
        }
    }
}
