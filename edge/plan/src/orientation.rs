//! The eight ways to lay a rectangle on its sides: EXIF orientation, flips and right-angle turns.

use crate::geometry::{Region, Size};

/// One of the eight symmetries of the rectangle, as the matrix that maps a source point, taken from
/// the centre with y downwards, to its upright place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    xx: i8,
    xy: i8,
    yx: i8,
    yy: i8,
}

impl Turn {
    /// Leaves everything where it is.
    pub const NONE: Self = Self::matrix(1, 0, 0, 1);
    /// Mirrors left and right.
    pub const FLIP_H: Self = Self::matrix(-1, 0, 0, 1);
    /// Mirrors top and bottom.
    pub const FLIP_V: Self = Self::matrix(1, 0, 0, -1);
    /// A quarter clockwise.
    pub const CW_90: Self = Self::matrix(0, -1, 1, 0);
    /// Half round.
    pub const CW_180: Self = Self::matrix(-1, 0, 0, -1);
    /// A quarter counter-clockwise.
    pub const CW_270: Self = Self::matrix(0, 1, -1, 0);
    /// Mirrors at the diagonal from top left to bottom right.
    pub const TRANSPOSE: Self = Self::matrix(0, 1, 1, 0);
    /// Mirrors at the other diagonal.
    pub const TRANSVERSE: Self = Self::matrix(0, -1, -1, 0);

    const fn matrix(xx: i8, xy: i8, yx: i8, yy: i8) -> Self {
        Self { xx, xy, yx, yy }
    }

    /// What makes a file with this EXIF orientation upright (TIFF 6.0, tag 274). Values outside
    /// 1 to 8 mean 1, as every browser reads them.
    pub fn from_exif(orientation: u16) -> Self {
        match orientation {
            2 => Self::FLIP_H,
            3 => Self::CW_180,
            4 => Self::FLIP_V,
            5 => Self::TRANSPOSE,
            6 => Self::CW_90,
            7 => Self::TRANSVERSE,
            8 => Self::CW_270,
            _ => Self::NONE,
        }
    }

    /// This turn, then `next`.
    #[expect(clippy::arithmetic_side_effects, reason = "entries are -1, 0 or 1, one a row")]
    #[must_use]
    pub fn then(self, next: Self) -> Self {
        Self {
            xx: next.xx * self.xx + next.xy * self.yx,
            xy: next.xx * self.xy + next.xy * self.yy,
            yx: next.yx * self.xx + next.yy * self.yx,
            yy: next.yx * self.xy + next.yy * self.yy,
        }
    }

    /// What undoes this turn.
    #[must_use]
    pub fn inverse(self) -> Self {
        let Self { xx, xy, yx, yy } = self;
        Self { xx, xy: yx, yx: xy, yy }
    }

    /// Whether width and height change places.
    pub fn swaps(self) -> bool {
        self.xx == 0
    }

    /// Whether walking right in the upright picture walks backwards along the source axis it lies on.
    pub fn mirrors_x(self) -> bool {
        self.xx < 0 || self.xy < 0
    }

    /// Whether walking down in the upright picture walks backwards along the source axis it lies on.
    pub fn mirrors_y(self) -> bool {
        self.yx < 0 || self.yy < 0
    }

    /// The size that a picture of `size` has after the turn, or had before it.
    pub fn size(self, size: Size) -> Size {
        if self.swaps() { Size { width: size.height, height: size.width } } else { size }
    }

    /// Where a `region` of the upright picture lies in the source of size `source`.
    pub fn source_region(self, region: Region, source: Size) -> Region {
        let upright = self.size(source).fixed();
        let x = if self.mirrors_x() {
            upright.width.saturating_sub(region.x).saturating_sub(region.width)
        } else {
            region.x
        };
        let y = if self.mirrors_y() {
            upright.height.saturating_sub(region.y).saturating_sub(region.height)
        } else {
            region.y
        };
        if self.swaps() {
            Region { x: y, y: x, width: region.height, height: region.width }
        } else {
            Region { x, y, ..region }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exif_six_brings_the_left_edge_to_the_top() {
        // A 4 × 2 source shown as 2 × 4: the source's left column becomes the top row.
        let source = Size { width: 4, height: 2 };
        let top = Region::whole(Size { width: 2, height: 1 });
        let left = Region::whole(Size { width: 1, height: 2 });
        assert_eq!(Turn::from_exif(6).source_region(top, source), left);
    }

    #[test]
    fn turns_compose() {
        assert_eq!(Turn::CW_90.then(Turn::CW_90), Turn::CW_180);
        assert_eq!(Turn::CW_90.then(Turn::CW_270), Turn::NONE);
        assert_eq!(Turn::FLIP_H.then(Turn::CW_90), Turn::TRANSVERSE);
        assert_eq!(Turn::FLIP_H.then(Turn::FLIP_V), Turn::CW_180);
        for exif in 1..=8 {
            let turn = Turn::from_exif(exif);
            assert_eq!(turn.then(turn.inverse()), Turn::NONE);
        }
    }
}
