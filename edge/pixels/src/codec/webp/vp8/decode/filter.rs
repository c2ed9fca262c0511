//! The loop filters (RFC 6386 §15), sixteen places along an edge at a time.

use crate::simd::{I16x8, U8x16};

/// How strongly the edges of a macroblock are filtered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Strength {
    /// For edges inside the macroblock; its own edges have 4 more. 0 is no filter.
    limit: u8,
    /// Largest difference of neighbours on one side of an edge.
    interior: u8,
    /// A larger difference next to an edge is a high variance.
    variance: u8,
}

/// What a macroblock's own edges have more.
const OWN: u8 = 4;

impl Strength {
    /// By the frame's level and sharpness (RFC 6386 §15.2 to §15.4).
    pub fn new(level: i32, sharpness: i32) -> Self {
        let level = level.clamp(0, 63);
        if level == 0 {
            return Self::default();
        }
        let mut interior = match sharpness {
            0 => level,
            1..=4 => level >> 1,
            _ => level >> 2,
        };
        if sharpness > 0 {
            interior = interior.min(9 - sharpness);
        }
        let interior = interior.max(1);
        let variance = match level {
            40.. => 2,
            15.. => 1,
            _ => 0,
        };
        Self { limit: (2 * level + interior) as u8, interior: interior as u8, variance }
    }

    /// Whether nothing is filtered.
    pub fn is_none(self) -> bool {
        self.limit == 0
    }

    fn own(self) -> Self {
        Self { limit: self.limit + OWN, ..self }
    }
}

/// Which filter, and which edges.
#[derive(Clone, Copy)]
pub struct Edges {
    pub strength: Strength,
    pub simple: bool,
    /// Whether the edges inside are filtered, too.
    pub inner: bool,
    /// Whether there is a macroblock at the left.
    pub left: bool,
    /// Whether there is one above.
    pub above: bool,
}

/// Samples in rows, of which a macroblock's begin at `at`.
pub struct Plane<'a> {
    pub samples: &'a mut [u8],
    pub stride: usize,
    pub at: usize,
}

impl Edges {
    /// Filters a macroblock of luma.
    pub fn luma(self, plane: &mut Plane<'_>) {
        let stride = plane.stride;
        let (own, inner) = (self.strength.own(), self.strength);
        let at = plane.at;
        if self.left {
            plane.columns(at, own, self.kind(true));
        }
        if self.inner {
            (1..4).for_each(|i| plane.columns(at + 4 * i, inner, self.kind(false)));
        }
        if self.above {
            plane.rows(at, own, self.kind(true));
        }
        if self.inner {
            (1..4).for_each(|i| plane.rows(at + 4 * i * stride, inner, self.kind(false)));
        }
    }

    /// Filters a macroblock of both chroma planes: rows of eight samples of Cb and eight of Cr,
    /// macroblock by macroblock.
    pub fn chroma(self, plane: &mut Plane<'_>) {
        if self.simple {
            return;
        }
        let (own, inner, at) = (self.strength.own(), self.strength, plane.at);
        if self.left {
            plane.chroma_columns(at, true, own);
        }
        if self.inner {
            plane.chroma_columns(at + 4, false, inner);
        }
        if self.above {
            plane.rows(at, own, Kind::Own);
        }
        if self.inner {
            plane.rows(at + 4 * plane.stride, inner, Kind::Inner);
        }
    }

    fn kind(self, own: bool) -> Kind {
        match (self.simple, own) {
            (true, _) => Kind::Simple,
            (false, true) => Kind::Own,
            (false, false) => Kind::Inner,
        }
    }
}

/// The filters.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Changes a sample on each side.
    Simple,
    /// Two on each side.
    Inner,
    /// Three on each side.
    Own,
}

/// Four samples before an edge and four behind it, at sixteen places.
type Across = [U8x16; 8];

impl Plane<'_> {
    /// Filters the edge above the row that begins at `at`.
    #[inline(always)]
    fn rows(&mut self, at: usize, strength: Strength, kind: Kind) {
        let stride = self.stride;
        let start = at - 4 * stride;
        let mut across = [U8x16::splat(0); 8];
        for (i, line) in across.iter_mut().enumerate() {
            let place = start + i * stride;
            let Some(samples) = self.samples.get(place..).and_then(|s| s.first_chunk()) else {
                return;
            };
            *line = U8x16::load(samples);
        }
        filter(&mut across, strength, kind);
        for (i, line) in across.into_iter().enumerate().take(7).skip(1) {
            let place = start + i * stride;
            if let Some(samples) = self.samples.get_mut(place..).and_then(|s| s.first_chunk_mut()) {
                line.store(samples);
            }
        }
    }

    /// Filters the edge at the left of the sixteen rows that begin at `at`.
    #[inline(always)]
    fn columns(&mut self, at: usize, strength: Strength, kind: Kind) {
        let start = at - 4;
        let mut rows = [[0; 8]; 16];
        for (i, row) in rows.iter_mut().enumerate() {
            let place = start + i * self.stride;
            let Some(samples) = self.samples.get(place..).and_then(|s| s.first_chunk()) else {
                return;
            };
            *row = *samples;
        }
        let mut across = columns_of(&rows);
        filter(&mut across, strength, kind);
        for (i, row) in rows_of(across).into_iter().enumerate() {
            let place = start + i * self.stride;
            if let Some(samples) = self.samples.get_mut(place..).and_then(|s| s.first_chunk_mut()) {
                *samples = row;
            }
        }
    }

    /// Filters the edge at the left of `at` in eight rows of both chroma planes. Of a macroblock's
    /// `own` edge the first four samples are in the macroblock before.
    #[inline(always)]
    fn chroma_columns(&mut self, at: usize, own: bool, strength: Strength) {
        let before = if own { at - 12 } else { at - 4 };
        let mut rows = [[0; 8]; 16];
        let place = |i: usize| (i % 8) * self.stride + (i / 8) * 8;
        for (i, row) in rows.iter_mut().enumerate() {
            let (first, second) = (before + place(i), at + place(i));
            let part = |from: usize| self.samples.get(from..).and_then(|s| s.first_chunk::<4>());
            let (Some(first), Some(second)) = (part(first), part(second)) else { return };
            row[..4].copy_from_slice(first);
            row[4..].copy_from_slice(second);
        }
        let mut across = columns_of(&rows);
        filter(&mut across, strength, if own { Kind::Own } else { Kind::Inner });
        for (i, row) in rows_of(across).into_iter().enumerate() {
            let (first, second) = (before + place(i), at + place(i));
            let (before, behind) = row.split_at(4);
            for (from, part) in [(first, before), (second, behind)] {
                if let Some(samples) = self.samples.get_mut(from..from + 4) {
                    samples.copy_from_slice(part);
                }
            }
        }
    }
}

/// The columns of sixteen rows.
#[inline(always)]
fn columns_of(rows: &[[u8; 8]; 16]) -> Across {
    let half = |i: usize| U8x16::load_half(&rows[i]);
    let a: Across = core::array::from_fn(|i| half(i).zip_low(half(i + 8)));
    let b: Across = core::array::from_fn(|i| match i / 4 {
        0 => a[i].zip_low(a[i + 4]),
        _ => a[i - 4].zip_high(a[i]),
    });
    // b[0..4] hold columns 0 to 3 of rows i, i + 4, i + 8, i + 12, and b[4..8] columns 4 to 7.
    let c: Across = core::array::from_fn(|i| {
        let (base, k) = (i / 4 * 4, i % 4);
        match k / 2 {
            0 => b[base + k].zip_low(b[base + k + 2]),
            _ => b[base + k - 2].zip_high(b[base + k]),
        }
    });
    // c[2j], c[2j + 1] hold columns 2j and 2j + 1 of even and of odd rows.
    core::array::from_fn(|i| {
        let pair = i / 2 * 2;
        if i % 2 == 0 { c[pair].zip_low(c[pair + 1]) } else { c[pair].zip_high(c[pair + 1]) }
    })
}

/// The rows of eight columns.
#[inline(always)]
fn rows_of(columns: Across) -> [[u8; 8]; 16] {
    let zip = |a: U8x16, b: U8x16| [a.zip_low(b), a.zip_high(b)];
    let [c0, c1, c2, c3, c4, c5, c6, c7] = columns;
    // Rows 0 to 7 and 8 to 15, of columns 0 and 4, and so on.
    let ([a0, b0], [a1, b1]) = (zip(c0, c4), zip(c1, c5));
    let ([a2, b2], [a3, b3]) = (zip(c2, c6), zip(c3, c7));
    let half = |a0: U8x16, a1: U8x16, a2: U8x16, a3: U8x16| {
        let ([e0, e1], [o0, o1]) = (zip(a0, a2), zip(a1, a3));
        let ([r0, r1], [r2, r3]) = (zip(e0, o0), zip(e1, o1));
        [r0, r1, r2, r3]
    };
    let halves = [half(a0, a1, a2, a3), half(b0, b1, b2, b3)];
    let mut rows = [[0; 8]; 16];
    for (pair, two) in rows.as_chunks_mut::<2>().0.iter_mut().zip(halves.as_flattened()) {
        let mut bytes = [0; 16];
        two.store(&mut bytes);
        *pair = [core::array::from_fn(|i| bytes[i]), core::array::from_fn(|i| bytes[i + 8])];
    }
    rows
}

/// Filters across an edge.
#[inline(always)]
fn filter(across: &mut Across, strength: Strength, kind: Kind) {
    let [p3, p2, p1, p0, q0, q1, q2, q3] = *across;
    let limit = U8x16::splat(strength.limit);
    // 2 |p0 - q0| + |p1 - q1| / 2.
    let near = p0.difference(q0);
    let far = p1.difference(q1).halved();
    let mut wanted = near.add_saturating(near).add_saturating(far).at_most(limit);
    let high = if kind == Kind::Simple {
        U8x16::splat(255)
    } else {
        let interior = U8x16::splat(strength.interior);
        let (before, behind) = (p1.difference(p0), q1.difference(q0));
        let most = p3.difference(p2).max(p2.difference(p1)).max(before);
        let most = most.max(q3.difference(q2)).max(q2.difference(q1)).max(behind);
        wanted = wanted.and(most.at_most(interior));
        before.max(behind).at_most(U8x16::splat(strength.variance)).not()
    };
    let (p2, p1, p0) = (p2.centred(), p1.centred(), p0.centred());
    let (q0, q1, q2) = (q0.centred(), q1.centred(), q2.centred());
    let step = q0.sub_signed(p0);
    let outer = p1.sub_signed(q1);
    let thrice = |a: U8x16| a.add_signed(step).add_signed(step).add_signed(step);
    // Where variance is high, one sample on each side.
    let one = |base: U8x16| {
        let (up, down) = (base.add_signed(U8x16::splat(4)), base.add_signed(U8x16::splat(3)));
        (up.shr_signed::<3>(), down.shr_signed::<3>())
    };
    match kind {
        Kind::Simple => {
            let (behind, before) = one(thrice(outer).and(wanted));
            across[3] = p0.add_signed(before).centred();
            across[4] = q0.sub_signed(behind).centred();
        }
        Kind::Inner => {
            let (behind, before) = one(thrice(outer.and(high)).and(wanted));
            across[3] = p0.add_signed(before).centred();
            across[4] = q0.sub_signed(behind).centred();
            let half = behind.add_signed(U8x16::splat(1)).shr_signed::<1>();
            let half = half.and(high.not());
            across[2] = p1.add_signed(half).centred();
            across[5] = q1.sub_signed(half).centred();
        }
        Kind::Own => {
            let base = thrice(outer).and(wanted);
            let (behind, before) = one(base.and(high));
            let (p0, q0) = (p0.add_signed(before), q0.sub_signed(behind));
            // Elsewhere three: 27, 18 and 9 of 128 parts.
            let (low, high) = base.and(high.not()).widen_signed();
            let nine = |w: I16x8| w.shl(3).add(w);
            let (low, high) = (nine(low), nine(high));
            let part = |times: u32| {
                let one = |nine: I16x8| {
                    let sum = (1..times).fold(nine, |sum, _| sum.add(nine));
                    sum.add(I16x8::splat(63)).shr(7)
                };
                U8x16::narrow_signed(one(low), one(high))
            };
            let (most, middle, least) = (part(3), part(2), part(1));
            across[1] = p2.add_signed(least).centred();
            across[2] = p1.add_signed(middle).centred();
            across[3] = p0.add_signed(most).centred();
            across[4] = q0.sub_signed(most).centred();
            across[5] = q1.sub_signed(middle).centred();
            across[6] = q2.sub_signed(least).centred();
        }
    }
}
