//! A test card: another colour in each corner and an arrow that points up, so that every way to
//! turn it wrong can be seen.

use super::canvas::Canvas;

/// The colours of the corners: top left, top right, bottom left, bottom right. Each is far from the
/// others in every channel that tells them apart, so that no compression confuses them.
pub const CORNERS: [[u8; 3]; 4] = [[208, 32, 32], [32, 160, 48], [32, 64, 208], [224, 192, 32]];

const PAPER: [u8; 4] = [244, 242, 236, 255];
const INK: [u8; 4] = [40, 44, 52, 255];

/// Draws the card, upright.
pub fn card(width: u32, height: u32) -> Canvas {
    Canvas::draw(width, height, |x, y| {
        // In 48ths of a side, where the corners take 16 and the arrow lies in the middle.
        let (u, v) = (x * 48 / width, y * 48 / height);
        let (left, right) = (u < 16, u >= 32);
        let (top, bottom) = (v < 16, v >= 32);
        let corner = match (left, right, top, bottom) {
            (true, _, true, _) => Some(CORNERS[0]),
            (_, true, true, _) => Some(CORNERS[1]),
            (true, _, _, true) => Some(CORNERS[2]),
            (_, true, _, true) => Some(CORNERS[3]),
            _ => None,
        };
        if let Some([red, green, blue]) = corner {
            return [red, green, blue, 255];
        }
        let from_middle = u.abs_diff(24);
        let head = (12..24).contains(&v) && from_middle <= (v - 12) / 2;
        let shaft = (24..38).contains(&v) && from_middle <= 2;
        if head || shaft { INK } else { PAPER }
    })
}

/// The pixels that a file with this EXIF orientation stores, so that it shows `upright`. After the
/// table of TIFF 6.0, tag 274: which side of the picture the first row and the first column are.
pub fn stored_for(upright: &Canvas, orientation: u8) -> Canvas {
    let (width, height) = (upright.width, upright.height);
    let (right, bottom) = (width - 1, height - 1);
    // From a stored row and column to the place in the upright picture.
    let at = |row: u32, column: u32| match orientation {
        2 => (right - column, row),          // first row top, first column right
        3 => (right - column, bottom - row), // bottom, right
        4 => (column, bottom - row),         // bottom, left
        5 => (row, column),                  // left, top
        6 => (right - row, column),          // right, top
        7 => (right - row, bottom - column), // right, bottom
        8 => (row, bottom - column),         // left, bottom
        _ => (column, row),                  // top, left
    };
    let (width, height) = if orientation >= 5 { (height, width) } else { (width, height) };
    Canvas::draw(width, height, |column, row| {
        let (x, y) = at(row, column);
        upright.at(x, y)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_is_stored_a_quarter_counter_clockwise() {
        // What needs a quarter clockwise has its top at the left, and its top left corner below.
        let stored = stored_for(&card(96, 64), 6);
        assert_eq!((stored.width, stored.height), (64, 96));
        let corner = |x, y| -> [u8; 3] {
            let [red, green, blue, _] = stored.at(x, y);
            [red, green, blue]
        };
        assert_eq!(corner(0, 95), CORNERS[0], "top left");
        assert_eq!(corner(0, 0), CORNERS[1], "top right");
        assert_eq!(corner(63, 95), CORNERS[2], "bottom left");
        assert_eq!(corner(63, 0), CORNERS[3], "bottom right");
    }
}
