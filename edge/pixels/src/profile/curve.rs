//! One-dimensional curves: `curv`, `para`, and the tables of older tags (ICC.1:2022 §10.6, §10.10,
//! §10.11, §10.18).

use super::tags::{fixed, four, long, short};

/// A curve from 0 to 1 on 0 to 1.
#[derive(Clone, Copy, Debug)]
pub enum Curve<'a> {
    /// A function with parameters.
    Formula(Formula),
    /// Samples of 8 bits at equal distances.
    Bytes(&'a [u8]),
    /// Samples of 16 bits at equal distances.
    Words(&'a [[u8; 2]]),
}

/// (a · x + b) ^ g + e from d on, and c · x + f below.
#[derive(Clone, Copy, Debug)]
pub struct Formula {
    /// g, a, b, c, d, e, f.
    pub parameters: [f64; 7],
}

impl Formula {
    /// A power of x.
    pub fn power(g: f64) -> Self {
        Self { parameters: [g, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0] }
    }

    fn at(&self, x: f64) -> f64 {
        let [g, a, b, c, d, e, f] = self.parameters;
        // The power is libm's on every target.
        if x >= d { libm::pow((a * x + b).max(0.0), g) + e } else { c * x + f }
    }
}

impl<'a> Curve<'a> {
    /// What changes nothing.
    pub const IDENTITY: Self =
        Self::Formula(Formula { parameters: [1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0] });

    /// Reads a curve from its type on, and how many bytes it takes.
    pub fn read(bytes: &'a [u8]) -> Option<(Self, usize)> {
        match &four(bytes, 0)? {
            b"curv" => match long(bytes, 8)? {
                0 => Some((Self::IDENTITY, 12)),
                1 => {
                    let g = f64::from(short(bytes, 12)?) / 256.0;
                    Some((Self::Formula(Formula::power(g)), 14))
                }
                count => {
                    let end = count.checked_mul(2)?.checked_add(12)?;
                    Some((Self::Words(bytes.get(12..end)?.as_chunks().0), end))
                }
            },
            b"para" => {
                let number = |index: usize| fixed(bytes, 12 + index * 4);
                let kind = short(bytes, 8)?;
                let g = number(0)?;
                let [mut a, mut b, mut c, mut d, mut e, mut f] = [1.0, 0.0, 0.0, 0.0, 0.0, 0.0];
                if kind >= 1 {
                    (a, b) = (number(1)?, number(2)?);
                    d = if a == 0.0 { 0.0 } else { -b / a };
                }
                let count = match kind {
                    0 => 1,
                    1 => 3,
                    2 => {
                        e = number(3)?;
                        f = e;
                        4
                    }
                    3 => {
                        (c, d) = (number(3)?, number(4)?);
                        5
                    }
                    4 => {
                        (c, d, e, f) = (number(3)?, number(4)?, number(5)?, number(6)?);
                        7
                    }
                    _ => return None,
                };
                Some((Self::Formula(Formula { parameters: [g, a, b, c, d, e, f] }), 12 + 4 * count))
            }
            _ => None,
        }
    }

    /// Reads `N` curves one behind the other, each from a multiple of four bytes on.
    pub fn read_several<const N: usize>(mut bytes: &'a [u8]) -> Option<[Self; N]> {
        let mut curves = [Self::IDENTITY; N];
        for curve in &mut curves {
            let (read, length) = Self::read(bytes)?;
            *curve = read;
            bytes = bytes.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        Some(curves)
    }

    /// The value at `x`, both kept from 0 to 1.
    pub fn at(&self, x: f64) -> f64 {
        let x = x.clamp(0.0, 1.0);
        let value = match self {
            Self::Formula(formula) => formula.at(x),
            Self::Bytes(table) => between(table.len(), x, |i| table.get(i).copied(), 255.0),
            Self::Words(table) => {
                let word = |i: usize| table.get(i).copied().map(u16::from_be_bytes);
                between(table.len(), x, word, 65_535.0)
            }
        };
        // Of what is no number nothing is left.
        if value >= 0.0 { value.min(1.0) } else { 0.0 }
    }
}

/// Between the two samples next to `x`.
fn between<T: Into<f64>>(
    count: usize,
    x: f64,
    sample: impl Fn(usize) -> Option<T>,
    largest: f64,
) -> f64 {
    let place = x * count.saturating_sub(1) as f64;
    let first = place as usize;
    let value = |i: usize| sample(i).map_or(0.0, Into::into) / largest;
    let low = value(first);
    let part = place - first as f64;
    if part > 0.0 { low + (value(first + 1) - low) * part } else { low }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn para(kind: u16, numbers: &[f64]) -> Vec<u8> {
        let mut bytes = b"para\0\0\0\0".to_vec();
        bytes.extend(kind.to_be_bytes());
        bytes.extend([0, 0]);
        for number in numbers {
            bytes.extend(((number * 65_536.0) as i32).to_be_bytes());
        }
        bytes
    }

    fn curv(entries: &[u16]) -> Vec<u8> {
        let mut bytes = b"curv\0\0\0\0".to_vec();
        bytes.extend((entries.len() as u32).to_be_bytes());
        entries.iter().for_each(|entry| bytes.extend(entry.to_be_bytes()));
        bytes
    }

    #[test]
    fn each_kind_by_hand() {
        for (bytes, x, value) in [
            (curv(&[]), 0.3, 0.3),
            (curv(&[512]), 0.5, 0.25),
            (curv(&[0, 65_535]), 0.4, 0.4),
            (curv(&[0, 0, 65_535]), 0.75, 0.5),
            (para(0, &[2.0]), 0.5, 0.25),
            (para(1, &[2.0, 2.0, -1.0]), 0.75, 0.25),
            (para(1, &[2.0, 2.0, -1.0]), 0.25, 0.0),
            (para(2, &[2.0, 0.5, 0.0, 0.25]), 1.0, 0.5),
            (para(2, &[2.0, 2.0, -1.0, 0.25]), 0.25, 0.25),
            (para(3, &[2.0, 1.0, 0.0, 0.5, 0.5]), 0.25, 0.125),
            (para(4, &[2.0, 1.0, 0.0, 0.5, 0.5, 0.25, 0.125]), 0.25, 0.25),
            (para(4, &[2.0, 1.0, 0.0, 0.5, 0.5, 0.25, 0.125]), 0.5, 0.5),
        ] {
            let (curve, length) = Curve::read(&bytes).unwrap();
            assert!((curve.at(x) - value).abs() < 1e-4, "{curve:?} {x}");
            assert_eq!(length, bytes.len());
        }
    }

    #[test]
    fn whatever_it_says_a_value_is_from_0_to_1() {
        for curve in [
            para(0, &[-3.0]),
            para(3, &[0.5, -9.0, 1.0, -8.0, 0.5]),
            para(4, &[2.4, 0.0, 0.0, 0.0, 0.0, -7.0, 9.0]),
            curv(&[65_535, 0, 1]),
        ] {
            let (curve, _) = Curve::read(&curve).unwrap();
            for x in [f64::NEG_INFINITY, -1.0, 0.0, 0.1, 0.5, 1.0, 7.0] {
                assert!((0.0..=1.0).contains(&curve.at(x)), "{curve:?} {x}");
            }
        }
    }

    #[test]
    fn what_is_cut_or_unknown_is_none() {
        for bytes in [para(4, &[1.0; 7]), para(0, &[1.0]), curv(&[1, 2, 3]), curv(&[300])] {
            assert!((0..bytes.len()).all(|cut| Curve::read(&bytes[..cut]).is_none()));
        }
        assert!(Curve::read(&para(5, &[1.0; 9])).is_none());
        let mut wild = curv(&[1, 2]);
        wild[8..12].fill(0xff);
        assert!(Curve::read(&wild).is_none());
    }
}
