//! Saturation, hue and sepia: each channel as a sum of all three (W3C Filter Effects 1 §12).

use crate::channels::LUMA;
use crate::raster::Raster;

const ONE: f64 = 65_536.0;

/// The share of red, green and blue in each of the three, in 1/65536.
#[derive(Clone, Debug)]
pub struct Matrix {
    rows: [[i32; 3]; 3],
    colours: bool,
}

impl Matrix {
    /// The distance from luma times a factor in thousandths, at most 100.
    pub fn saturation(thousandths: u32) -> Self {
        let factor = f64::from(thousandths) / 1_000.0;
        let luma = LUMA.map(|share| f64::from(share) / ONE);
        let share = |row: usize, column: usize| {
            luma[column] * (1.0 - factor) + if row == column { factor } else { 0.0 }
        };
        Self::of(core::array::from_fn(|row| core::array::from_fn(|column| share(row, column))))
    }

    /// Turns the hue, and keeps luma as far as no channel leaves its range (`hueRotate`).
    pub fn hue(degrees: u32) -> Self {
        let angle = f64::from(degrees) * core::f64::consts::PI / 180.0;
        let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
        let luma = [0.213, 0.715, 0.072];
        let turned = [[-0.213, -0.715, 0.928], [0.143, 0.140, -0.283], [-0.787, 0.715, 0.072]];
        let share = |row: usize, column: usize| {
            let own = if row == column { 1.0 } else { 0.0 };
            luma[column] + cosine * (own - luma[column]) + sine * turned[row][column]
        };
        Self::of(core::array::from_fn(|row| core::array::from_fn(|column| share(row, column))))
    }

    /// Browns, as old photographs have.
    pub fn sepia() -> Self {
        let rows = [[0.393, 0.769, 0.189], [0.349, 0.686, 0.168], [0.272, 0.534, 0.131]];
        Self { colours: true, ..Self::of(rows) }
    }

    fn of(rows: [[f64; 3]; 3]) -> Self {
        Self {
            rows: rows.map(|row| row.map(|share| libm::rint(share * ONE) as i32)),
            colours: false,
        }
    }

    /// Whether it makes colours of grey.
    pub fn colours(&self) -> bool {
        self.colours
    }

    /// Changes the colours; grey alone has none.
    pub fn run(&self, raster: &mut Raster) {
        let count = raster.channels.count();
        if count < 3 {
            return;
        }
        for pixel in raster.samples.chunks_exact_mut(count) {
            let Some(colour) = pixel.first_chunk_mut::<3>() else { continue };
            let [red, green, blue] = colour.map(i32::from);
            // 100 times 255 in 1/65536, the largest of all sums, is below 2^31.
            *colour = self.rows.map(|[r, g, b]| {
                let sum = r * red + g * green + b * blue;
                ((sum + (1 << 15)) >> 16).clamp(0, 255) as u8
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::Channels;
    use selvedge_plan::geometry::Size;

    fn changed(matrix: &Matrix, pixel: [u8; 4]) -> [u8; 4] {
        let size = Size { width: 1, height: 1 };
        let mut raster = Raster::new(size, Channels::Rgba, pixel.to_vec()).unwrap();
        matrix.run(&mut raster);
        raster.samples.try_into().unwrap()
    }

    #[test]
    fn grey_stays_grey_and_nothing_overflows() {
        for grey in [0, 1, 100, 255] {
            let pixel = [grey, grey, grey, 9];
            for factor in [1, 500, 2_000, 100_000] {
                assert_eq!(changed(&Matrix::saturation(factor), pixel), pixel);
            }
            for degrees in [1, 90, 180, 359] {
                assert_eq!(changed(&Matrix::hue(degrees), pixel), pixel);
            }
        }
        assert_eq!(changed(&Matrix::saturation(100_000), [255, 0, 255, 1]), [255, 0, 255, 1]);
        assert_eq!(changed(&Matrix::saturation(100_000), [0, 255, 0, 1]), [0, 255, 0, 1]);
    }

    #[test]
    fn colours_by_hand() {
        assert_eq!(changed(&Matrix::saturation(500), [200, 100, 50, 255]), [159, 109, 84, 255]);
        assert_eq!(changed(&Matrix::sepia(), [100, 100, 100, 7]), [135, 120, 94, 7]);
        // Pure blue, turned by 120 degrees, is red; its luma is less than red's, so it stays dark.
        let [r, g, b, _] = changed(&Matrix::hue(120), [0, 0, 255, 255]);
        assert!(r > 100 && g == 0 && b == 0, "{r} {g} {b}");
    }
}
