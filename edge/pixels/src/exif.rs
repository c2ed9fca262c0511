//! The orientation out of EXIF data (TIFF 6.0 §2; CIPA DC-008 §4.6).

/// Tag of the orientation.
const ORIENTATION: u16 = 0x0112;
/// Field type of a 16-bit unsigned integer.
const SHORT: u16 = 3;

/// The orientation that a TIFF structure declares: 1 to 8, and 1 for anything else or broken.
/// Only the first directory is read, so a loop of directories cannot hold anyone up.
pub fn orientation(tiff: &[u8]) -> u8 {
    read(tiff).filter(|value| (1..=8).contains(value)).map_or(1, |value| value as u8)
}

fn read(tiff: &[u8]) -> Option<u16> {
    let big = match tiff.get(..4)? {
        b"MM\0*" => true,
        b"II*\0" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) })
    };
    let long = |at: usize| -> Option<u32> {
        let bytes = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(bytes) } else { u32::from_le_bytes(bytes) })
    };
    let directory = long(4)? as usize;
    let entries = usize::from(short(directory)?);
    (0..entries)
        .map_while(|i| {
            let at = directory.checked_add(2)?.checked_add(i.checked_mul(12)?)?;
            Some((at, short(at)?))
        })
        .find(|(_, tag)| *tag == ORIENTATION)
        .and_then(|(at, _)| {
            let is_short = short(at.checked_add(2)?)? == SHORT && long(at.checked_add(4)?)? == 1;
            is_short.then(|| short(at.checked_add(8)?)).flatten()
        })
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
