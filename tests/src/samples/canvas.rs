//! Pixels to draw on.

/// RGBA, 8 bits each, straight alpha.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Canvas {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Rows without padding, top row first.
    pub pixels: Vec<[u8; 4]>,
}

impl Canvas {
    /// Draws every pixel by itself.
    pub fn draw(width: u32, height: u32, pixel: impl Fn(u32, u32) -> [u8; 4]) -> Self {
        let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Self { width, height, pixels: rows.map(|(x, y)| pixel(x, y)).collect() }
    }

    /// A canvas of one colour.
    pub fn plain(width: u32, height: u32, colour: [u8; 3]) -> Self {
        let [red, green, blue] = colour;
        Self::draw(width, height, |_, _| [red, green, blue, 255])
    }

    /// The pixel at a place; black outside.
    pub fn at(&self, x: u32, y: u32) -> [u8; 4] {
        let index = y as usize * self.width as usize + x as usize;
        let inside = x < self.width && y < self.height;
        let pixel = self.pixels.get(index).filter(|_| inside);
        pixel.copied().unwrap_or([0, 0, 0, 255])
    }

    /// The samples as RGBA.
    pub fn rgba(&self) -> Vec<u8> {
        self.pixels.concat()
    }

    /// The samples as RGB.
    pub fn rgb(&self) -> Vec<u8> {
        let colour = |[red, green, blue, _]: &[u8; 4]| [*red, *green, *blue];
        self.pixels.iter().flat_map(colour).collect()
    }

    /// The samples as luma (ITU-R BT.601).
    pub fn grey(&self) -> Vec<u8> {
        let luma = |[red, green, blue, _]: &[u8; 4]| {
            let sum = u32::from(*red) * 299 + u32::from(*green) * 587 + u32::from(*blue) * 114;
            ((sum + 500) / 1_000) as u8
        };
        self.pixels.iter().map(luma).collect()
    }
}
