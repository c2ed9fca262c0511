//! The ICC profile of a file, in as many APP2 segments as it takes (ICC.1:2022 annex B.4).

use std::borrow::Cow;

use super::header::Segments;
use crate::codec::Profile;
use crate::failure::Failure;
use crate::profile::LARGEST;

const APP2: u8 = 0xe2;
const SOS: u8 = 0xda;
pub const SIGNATURE: &[u8] = b"ICC_PROFILE\0";

/// The profile, put together in the order of the numbers on its parts. Parts that are missing, come
/// twice or disagree about their number make it count for nothing, as in browsers.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn profile(file: &[u8]) -> Result<Profile<'_>, Failure> {
    match parts(file).as_deref() {
        None | Some([]) => Ok(None),
        Some([part]) => Ok(Some(Cow::Borrowed(part))),
        Some(parts) => {
            let length: usize = parts.iter().map(|part| part.len()).sum();
            // Nobody would look at it, so there is no need to put it together.
            let parts = if length > LARGEST { &[] } else { parts };
            let mut profile = Vec::new();
            let reserved = profile.try_reserve_exact(length.min(LARGEST));
            reserved.map_err(|_| Failure::out_of_memory(length))?;
            parts.iter().for_each(|part| profile.extend_from_slice(part));
            Ok(Some(Cow::Owned(profile)))
        }
    }
}

/// The parts in order.
fn parts(file: &[u8]) -> Option<Vec<&[u8]>> {
    let mut segments = Segments::new(file);
    // At most 255 parts, which are numbered from 1 on.
    let mut parts: Vec<Option<&[u8]>> = Vec::new();
    while let Ok(Some(segment)) = segments.next() {
        if segment.marker == SOS {
            break;
        }
        let Some([number, count, part @ ..]) =
            segment.payload.strip_prefix(SIGNATURE).filter(|_| segment.marker == APP2)
        else {
            continue;
        };
        if parts.is_empty() {
            parts.resize(usize::from(*count), None);
        }
        let place = parts.get_mut(usize::from(*number).checked_sub(1)?)?;
        if place.replace(part).is_some() || parts.len() != usize::from(*count) {
            return None;
        }
    }
    let parts: Vec<&[u8]> = parts.into_iter().collect::<Option<_>>()?;
    parts.iter().any(|part| !part.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: &[u8] = b"\xff\xda\0\x02\xff\xe2 is no marker here";

    /// A file with one segment for each part: its number, how many there are, and what is in it.
    fn file(parts: &[(u8, u8, &[u8])]) -> Vec<u8> {
        let mut file = b"\xff\xd8\xff\xe2\0\x06MPF\0".to_vec();
        for (number, count, part) in parts {
            let length = 2 + SIGNATURE.len() + 2 + part.len();
            file.extend([0xff, APP2, (length >> 8) as u8, length as u8]);
            file.extend(SIGNATURE);
            file.extend([*number, *count]);
            file.extend(*part);
        }
        file.extend(REST);
        file
    }

    #[test]
    fn parts_are_put_together_by_number() {
        let whole = |parts: &[_]| profile(&file(parts)).unwrap().unwrap().into_owned();
        assert_eq!(whole(&[(1, 1, b"abc")]), b"abc");
        let long = [b'x'; 60_000];
        let made = whole(&[(3, 3, b"c"), (1, 3, &long), (2, 3, b"b")]);
        assert_eq!(made, [long.as_slice(), b"bc"].concat());
    }

    #[test]
    fn parts_that_do_not_fit_count_for_nothing() {
        let none: [&[(u8, u8, &[u8])]; 9] = [
            &[],
            &[(1, 2, b"a")],
            &[(7, 2, b"a")],
            &[(0, 1, b"a")],
            &[(1, 0, b"a")],
            &[(1, 1, b"")],
            &[(1, 2, b"a"), (1, 2, b"b")],
            &[(1, 2, b"a"), (2, 3, b"b")],
            &[(1, 1, b"a"), (2, 2, b"b")],
        ];
        for parts in none {
            assert_eq!(profile(&file(parts)), Ok(None), "{parts:?}");
        }
        let whole = file(&[(1, 2, b"abc"), (2, 2, b"def")]);
        let end = whole.len() - REST.len();
        assert!((0..end).all(|cut| profile(&whole[..cut]) == Ok(None)));
        assert!(profile(&whole[..end]).unwrap().is_some(), "what comes behind it does not matter");
    }
}
