//! Frame and scan headers, and what a file says of its colours (ITU-T T.81 §B.2.2, §B.2.3; Adobe
//! Technical Note 5116 §18).

use selvedge_plan::geometry::Size;

use crate::codec::Space;
use crate::failure::Failure;

/// One component of a frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Component {
    pub id: u8,
    /// Sampling factors across and down, 1 to 4.
    pub across: u32,
    pub down: u32,
    /// Which quantisation table.
    pub table: usize,
}

/// A frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    pub size: Size,
    pub components: Vec<Component>,
    pub progressive: bool,
}

impl Frame {
    /// Reads the payload of a frame header.
    pub fn read(payload: &[u8], progressive: bool) -> Result<Self, Failure> {
        let ([depth, h1, h0, w1, w0, count], rest) =
            payload.split_first_chunk().ok_or(Failure::malformed("a short frame header"))?;
        if *depth != 8 {
            let what = format!("JPEG with {depth} bits a sample, only 8 is read");
            return Err(Failure::Unsupported(what));
        }
        let (triples, rest) = rest.as_chunks::<3>();
        if triples.len() != usize::from(*count) || !rest.is_empty() {
            return Err(Failure::malformed("a frame header of the wrong length"));
        }
        if !matches!(count, 1 | 3 | 4) {
            return Err(Failure::Unsupported(format!("JPEG with {count} components")));
        }
        let components: Vec<Component> = triples
            .iter()
            .map(|[id, factors, table]| Component {
                id: *id,
                across: u32::from(factors >> 4),
                down: u32::from(factors & 15),
                table: usize::from(*table),
            })
            .collect();
        let good =
            |c: &Component| (1..=4).contains(&c.across) && (1..=4).contains(&c.down) && c.table < 4;
        let same = |a: &Component, b: &Component| a.id == b.id;
        let twice = components
            .iter()
            .enumerate()
            .any(|(i, a)| components.iter().skip(i + 1).any(|b| same(a, b)));
        if !components.iter().all(good) || twice {
            return Err(Failure::malformed("a frame header with impossible components"));
        }
        let size = Size {
            width: u16::from_be_bytes([*w1, *w0]).into(),
            height: u16::from_be_bytes([*h1, *h0]).into(),
        };
        if size.height == 0 {
            let what = "JPEG that tells its height after its picture (DNL)";
            return Err(Failure::Unsupported(what.into()));
        }
        Ok(Self { size, components, progressive })
    }

    /// The largest sampling factors.
    pub fn largest(&self) -> (u32, u32) {
        let largest = |factor: fn(&Component) -> u32| self.components.iter().map(factor).max();
        (largest(|c| c.across).unwrap_or(1), largest(|c| c.down).unwrap_or(1))
    }

    /// Units of an interleaved scan, across and down.
    pub fn units(&self) -> (u32, u32) {
        let (across, down) = self.largest();
        (self.size.width.div_ceil(8 * across), self.size.height.div_ceil(8 * down))
    }

    /// Samples of a component.
    pub fn plane(&self, component: &Component) -> Size {
        let (across, down) = self.largest();
        Size {
            width: (self.size.width * component.across).div_ceil(across),
            height: (self.size.height * component.down).div_ceil(down),
        }
    }
}

/// A scan header: which components with which tables, and which part of their coefficients.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// Index of each component in the frame, its DC table and its AC table.
    pub components: Vec<(usize, usize, usize)>,
    /// First and last coefficient, in zigzag order.
    pub first: u32,
    pub last: u32,
    /// Bits that earlier scans gave away, 0 for the first one; and that this one gives away.
    pub high: u32,
    pub low: u32,
}

impl Scan {
    /// Reads the payload of a scan header.
    pub fn read(payload: &[u8], frame: &Frame) -> Result<Self, Failure> {
        let bad = || Failure::malformed("an impossible scan header");
        let (count, rest) = payload.split_first().ok_or_else(bad)?;
        let (pairs, rest) = rest.split_at_checked(usize::from(*count) * 2).ok_or_else(bad)?;
        let &[first, last, approximation] = rest else { return Err(bad()) };
        let mut components: Vec<(usize, usize, usize)> = Vec::new();
        for [id, tables] in pairs.as_chunks::<2>().0 {
            let index = frame.components.iter().position(|c| c.id == *id).ok_or_else(bad)?;
            let (dc, ac) = (usize::from(tables >> 4), usize::from(tables & 15));
            if dc > 3 || ac > 3 || components.iter().any(|(other, ..)| *other == index) {
                return Err(bad());
            }
            components.push((index, dc, ac));
        }
        let scan = if frame.progressive {
            let (high, low) = (u32::from(approximation >> 4), u32::from(approximation & 15));
            Self { components, first: first.into(), last: last.into(), high, low }
        } else {
            // A sequential scan has no choice; some encoders write nonsense here.
            Self { components, first: 0, last: 63, high: 0, low: 0 }
        };
        let blocks: u32 = scan
            .components
            .iter()
            .filter_map(|(index, ..)| frame.components.get(*index))
            .map(|c| c.across * c.down)
            .sum();
        let interleaved = scan.components.len() > 1;
        let band = if scan.first == 0 { scan.last == 0 } else { !interleaved };
        let steps = scan.high == 0 || scan.high == scan.low + 1;
        let fits = scan.last <= 63 && scan.first <= scan.last && scan.low <= 13 && steps;
        if scan.components.is_empty()
            || (interleaved && blocks > 10)
            || (frame.progressive && !(band && fits))
        {
            return Err(bad());
        }
        Ok(scan)
    }

    /// Its coefficients, one bit each, in zigzag order.
    pub fn band(&self) -> u64 {
        u64::MAX >> (63 - self.last) & u64::MAX << self.first
    }
}

/// What application segments say of the colours.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    jfif: bool,
    /// The transform of an Adobe segment.
    adobe: Option<u8>,
}

impl Hints {
    /// Looks at an application segment.
    pub fn see(&mut self, marker: u8, payload: &[u8]) {
        match (marker, payload) {
            (0xe0, [b'J', b'F', b'I', b'F', 0, ..]) => self.jfif = true,
            (0xee, [b'A', b'd', b'o', b'b', b'e', _, _, _, _, _, _, transform, ..]) => {
                self.adobe = Some(*transform);
            }
            _ => {}
        }
    }

    /// The colour space of a frame, by the rules of the Independent JPEG Group, which all browsers
    /// share.
    pub fn space(self, frame: &Frame) -> Space {
        let ids: Vec<u8> = frame.components.iter().map(|c| c.id).collect();
        match (frame.components.len(), self.adobe) {
            (1, _) => Space::Grey,
            (4, Some(2)) => Space::Ycck,
            (4, _) => Space::Cmyk,
            _ if self.jfif => Space::YCbCr,
            (_, Some(0)) => Space::Rgb,
            (_, None) if ids == *b"RGB" => Space::Rgb,
            _ => Space::YCbCr,
        }
    }
}
