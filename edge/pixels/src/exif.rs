//! EXIF data (CIPA DC-008): how a picture is turned, whose it is, and what of them goes on.

mod rights;
mod settled;
pub mod tiff;

pub use rights::{Rights, tidy};
pub use settled::settle;
use tiff::{SHORT, Tiff};

/// Tag of the orientation (§4.6.4).
const ORIENTATION: u16 = 0x0112;

/// The orientation that a TIFF structure declares: 1 to 8, and 1 for anything else or broken.
/// Only the first directory is read, so a loop of directories cannot hold anyone up.
pub fn orientation(exif: &[u8]) -> u8 {
    let read = || {
        let tiff = Tiff::new(exif)?;
        let field = tiff.field(tiff.first()?, ORIENTATION)?;
        let is_one = field.kind == SHORT && field.count == 1;
        tiff.short(field.at).filter(|value| is_one && (1..=8).contains(value))
    };
    read().map_or(1, |value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::orientation;

    fn tiff(big: bool, kind: u16, value: u16) -> Vec<u8> {
        let short = |v: u16| {
            if big { v.to_be_bytes() } else { v.to_le_bytes() }
        };
        let long = |v: u32| {
            if big { v.to_be_bytes() } else { v.to_le_bytes() }
        };
        let mut bytes = if big { b"MM\0*".to_vec() } else { b"II*\0".to_vec() };
        bytes.extend(long(8));
        bytes.extend(short(1));
        bytes.extend(short(0x0112));
        bytes.extend(short(kind));
        bytes.extend(long(1));
        bytes.extend(short(value));
        bytes.extend(short(0));
        bytes.extend(long(8));
        bytes
    }

    #[test]
    fn both_byte_orders_and_only_sane_values() {
        for big in [true, false] {
            for value in 1..=8 {
                assert_eq!(u16::from(orientation(&tiff(big, 3, value))), value);
            }
            assert_eq!(orientation(&tiff(big, 3, 9)), 1);
            assert_eq!(orientation(&tiff(big, 3, 0)), 1);
            assert_eq!(orientation(&tiff(big, 2, 6)), 1, "as text it does not count");
            let mut many = tiff(big, 3, 6);
            many[14..18].fill(0xff);
            assert_eq!(orientation(&many), 1, "there is one of it, as browsers have it");
        }
    }

    #[test]
    fn a_cut_or_wild_structure_means_one() {
        let whole = tiff(true, 3, 6);
        for cut in 0..18 {
            assert_eq!(orientation(&whole[..cut]), 1);
        }
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), 1);
    }
}
