//! A landscape at dusk: sky, sun, clouds, ranges of hills, a lake that mirrors them, a wooded shore.

use super::canvas::Canvas;
use super::noise::{fractal, mix, smooth, step};

type Colour = [f32; 3];

const ZENITH: Colour = [0.16, 0.25, 0.47];
const SKY: Colour = [0.53, 0.62, 0.78];
const HORIZON: Colour = [0.99, 0.80, 0.58];
const SUN: Colour = [1.0, 0.93, 0.74];
const CLOUD_SHADE: Colour = [0.45, 0.43, 0.55];
const CLOUD_LIGHT: Colour = [1.0, 0.72, 0.55];
const HAZE: Colour = [0.80, 0.71, 0.72];
const WATER: Colour = [0.10, 0.17, 0.26];
const SHORE: Colour = [0.045, 0.065, 0.060];

/// Where the sun stands, in parts of the height from the top left.
const SUN_X: f32 = 0.98;
const SUN_Y: f32 = 0.385;

/// Where the water begins.
const SHORELINE: f32 = 0.665;

/// A range of hills.
struct Range {
    /// Where its ridge lies.
    level: f32,
    /// How far the ridge goes up and down.
    rise: f32,
    /// How often.
    frequency: f32,
    colour: Colour,
    seed: u32,
}

/// From the farthest to the nearest.
const RANGES: [Range; 4] = [
    Range { level: 0.50, rise: 0.20, frequency: 1.7, colour: [0.60, 0.56, 0.66], seed: 11 },
    Range { level: 0.545, rise: 0.17, frequency: 2.3, colour: [0.42, 0.42, 0.53], seed: 23 },
    Range { level: 0.60, rise: 0.13, frequency: 3.1, colour: [0.25, 0.30, 0.37], seed: 37 },
    Range { level: 0.645, rise: 0.08, frequency: 4.3, colour: [0.12, 0.18, 0.19], seed: 53 },
];

/// Draws it. The composition follows the height; a wider picture shows more of it.
pub fn landscape(width: u32, height: u32) -> Canvas {
    let scale = 1.0 / height as f32;
    let profile = Profile::new(width, scale);
    Canvas::draw(width, height, |column, row| {
        // Two points a pixel, a quarter off the middle, soften the ridges.
        let view = |off_x: f32, off_y: f32| {
            profile.view((column as f32 + off_x) * scale, (row as f32 + off_y) * scale)
        };
        let colour = blend(view(0.25, 0.25), view(0.75, 0.75), 0.5);
        let colour = grained(colour, column, row);
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
        let [red, green, blue] = colour.map(byte);
        [red, green, blue, 255]
    })
}

/// What depends on the place from left to right alone, for every half pixel.
struct Profile {
    columns: Vec<Column>,
    per_unit: f32,
}

/// Heights of edges, in parts of the height from the top.
struct Column {
    ridges: [f32; RANGES.len()],
    shore: f32,
    trees: f32,
}

impl Profile {
    fn new(width: u32, scale: f32) -> Self {
        let column = |i: u32| {
            let x = (i as f32 + 0.5) * 0.5 * scale;
            Column {
                ridges: RANGES.map(|range| range.ridge(x)),
                shore: SHORELINE + 0.255 + 0.05 * fractal(x * 2.2, 0.0, 4, 71),
                trees: treetops(x),
            }
        };
        Self { columns: (0..width * 2).map(column).collect(), per_unit: 2.0 / scale }
    }

    fn at(&self, x: f32) -> &Column {
        // A cast from below zero gives zero.
        let index = ((x * self.per_unit) as usize).min(self.columns.len().saturating_sub(1));
        self.columns.get(index).unwrap_or(&Column::NONE)
    }

    /// The light from a point, in parts of the height.
    fn view(&self, x: f32, y: f32) -> Colour {
        let Column { shore, trees, .. } = *self.at(x);
        if y > shore - trees {
            foreground(x, y, shore)
        } else if y < SHORELINE {
            self.land(x, y)
        } else {
            self.water(x, y)
        }
    }

    fn water(&self, x: f32, y: f32) -> Colour {
        let depth = y - SHORELINE;
        // Ripples lie flat: they are far wider than high, and grow towards us.
        let swell = fractal(x * 9.0, 0.6 / (depth + 0.012), 3, 83) - 0.5;
        let ripple = smooth(x * 60.0, depth * 900.0, 89) - 0.5;
        let mirrored = SHORELINE - depth * 1.15 - (swell * 0.10 + ripple * 0.014) * depth.sqrt();
        let above = self.land(x + swell * 0.05, mirrored.clamp(0.0, SHORELINE));
        let colour = blend(WATER, above, 0.80 - depth * 0.9);
        // The sun's path over the water, broken up by the ripples.
        let path = 1.0 / (1.0 + square((x - SUN_X) / (0.035 + depth * 0.22)));
        let glitter = step(0.52, 0.80, smooth(x * 70.0, depth * 420.0, 97));
        let colour = blend(colour, SUN, path * glitter * 0.75);
        blend(HAZE, colour, step(-0.01, 0.05, depth) * 0.4 + 0.6)
    }

    /// Sky and hills.
    fn land(&self, x: f32, y: f32) -> Colour {
        let ridges = RANGES.iter().zip(&self.at(x).ridges).rev();
        let mut nearer = ridges.filter(|(_, ridge)| y >= **ridge);
        match nearer.next() {
            Some((range, ridge)) => range.hill(x, y, y - ridge),
            None => sky(x, y),
        }
    }
}

impl Column {
    const NONE: Self = Self { ridges: [1.0; RANGES.len()], shore: 1.0, trees: 0.0 };
}

impl Range {
    fn ridge(&self, x: f32) -> f32 {
        let noise = fractal(x * self.frequency, 0.5, 6, self.seed);
        self.level - (noise - 0.5) * self.rise * 1.7
    }

    /// The hillside at a place so far below its ridge.
    fn hill(&self, x: f32, y: f32, below: f32) -> Colour {
        // Gullies run down the slopes, each with a side to the sun.
        let run = below * 1.6;
        let gully = |x: f32| fractal((x + run) * 16.0, y * 11.0, 4, self.seed + 7);
        let to_sun = ((SUN_X - x) * 2.5).clamp(-1.0, 1.0);
        let relief = (gully(x - 0.006) - gully(x + 0.006)) * to_sun * 2.2;
        let rim = 0.25 * (1.0 - step(0.0, 0.012, below));
        let lit = 1.0 + relief.clamp(-0.3, 0.35) + rim;
        let rock = self.colour.map(|c| c * lit);
        // Mist fills the valleys, most before the far ranges.
        let near_sun = 1.0 / (1.0 + square((x - SUN_X) * 2.2));
        let glow = blend(HAZE, HORIZON, near_sun);
        let [_, _, blue] = self.colour;
        blend(rock, glow, step(-0.01, 0.14, below) * blue * 0.95)
    }
}

fn sky(x: f32, y: f32) -> Colour {
    let upper = blend(ZENITH, SKY, step(-0.05, 0.36, y));
    let mut colour = blend(upper, HORIZON, step(0.18, 0.52, y));
    let distance = square(x - SUN_X) + square(y - SUN_Y);
    let glow = 1.0 / (1.0 + distance * 26.0);
    colour = blend(colour, SUN, glow * 0.55);
    // Clouds drawn out by the wind, lit from below.
    let sheet = fractal(x * 2.1 + 3.0, y * 8.0 - x * 0.9, 6, 5);
    let wisps = fractal(x * 5.0, y * 26.0 - x * 2.0, 5, 17);
    let cover = step(0.47, 0.74, sheet * 0.74 + wisps * 0.26);
    let thick = step(0.55, 0.85, sheet);
    let warmth = step(0.02, 0.42, y) * (0.45 + 0.55 * glow);
    let cloud = blend(blend(SKY, CLOUD_SHADE, thick), CLOUD_LIGHT, warmth);
    colour = blend(colour, cloud, cover * (1.0 - step(0.36, 0.54, y)) * 0.85);
    let disc = 1.0 - step(0.000_9, 0.001_25, distance);
    blend(colour, [1.0, 0.97, 0.88], disc)
}

/// How high trees stand over the shore: firs, each a narrow triangle with ragged sides.
fn treetops(x: f32) -> f32 {
    let mut top: f32 = 0.0;
    for (spacing, tallest, seed) in [(0.017, 0.060, 3), (0.029, 0.105, 7), (0.053, 0.15, 13)] {
        let cell = (x / spacing).floor();
        for neighbour in [-1.0, 0.0, 1.0] {
            let cell = cell + neighbour;
            let size = smooth(cell, 0.0, seed);
            // Woods on both sides, open water in the middle.
            let wood = step(0.34, 0.02, x) + step(1.10, 1.42, x);
            let height = tallest * (0.35 + 0.65 * size) * wood.min(1.0);
            let middle = (cell + 0.5 + (smooth(cell, 9.0, seed) - 0.5) * 0.5) * spacing;
            let reach = 1.0 - (x - middle).abs() / (spacing * 0.62);
            let ragged = 0.10 * smooth(x * 700.0, cell * 7.0, seed);
            top = top.max(height * (reach - ragged));
        }
    }
    top
}

fn foreground(x: f32, y: f32, shore: f32) -> Colour {
    let needles = fractal(x * 140.0, y * 90.0, 3, 29);
    let light = 0.7 + 0.8 * needles;
    let ground = step(0.0, 0.10, y - shore);
    let grass = [0.10, 0.12, 0.065].map(|c| c * (0.55 + fractal(x * 90.0, y * 26.0, 3, 31)));
    let mut colour = blend(SHORE.map(|c| c * light), grass, ground * 0.8);
    let rim = 1.0 / (1.0 + square((x - SUN_X) * 3.0));
    colour = blend(colour, HAZE, rim * (1.0 - ground) * 0.06);
    colour
}

/// A little of what every sensor adds, so that the picture compresses like a photo.
fn grained(colour: Colour, column: u32, row: u32) -> Colour {
    let grain = smooth(column as f32, row as f32, 211) - 0.5;
    colour.map(|c| c + grain * 0.018)
}

fn blend(a: Colour, b: Colour, t: f32) -> Colour {
    let [a0, a1, a2] = a;
    let [b0, b1, b2] = b;
    [mix(a0, b0, t), mix(a1, b1, t), mix(a2, b2, t)]
}

fn square(value: f32) -> f32 {
    value * value
}
