//! Brightness, contrast, gamma and inversion: each channel by itself, through a table.

use selvedge_plan::options::factor::Factor;

use crate::raster::Raster;

/// What each of the 256 values becomes.
#[derive(Clone, Debug)]
pub struct Curve(Box<[u8; 256]>);

impl Curve {
    /// `brightness` multiplies values, `contrast` their distance from the middle, and `gamma` is the
    /// inverse of the exponent, with values from 0 to 1; what leaves that range comes back to its end
    /// between one and the next, and only the last result is rounded. `None` without any.
    pub fn light(
        brightness: Option<Factor>,
        contrast: Option<Factor>,
        gamma: Option<Factor>,
    ) -> Option<Self> {
        brightness.or(contrast).or(gamma)?;
        let factor = |factor: Option<Factor>| {
            factor.map_or(1.0, |factor| f64::from(factor.thousandths()) / 1_000.0)
        };
        let (brightness, contrast, gamma) = (factor(brightness), factor(contrast), factor(gamma));
        Some(Self::of(|value| {
            let bright = (value * brightness).clamp(0.0, 1.0);
            let contrasted = ((bright - 0.5) * contrast + 0.5).clamp(0.0, 1.0);
            // The power is libm's on every target.
            if gamma == 1.0 { contrasted } else { libm::pow(contrasted, 1.0 / gamma) }
        }))
    }

    /// Each value from the other end.
    pub fn invert() -> Self {
        Self::of(|value| 1.0 - value)
    }

    fn of(change: impl Fn(f64) -> f64) -> Self {
        let table = core::array::from_fn(|value| {
            libm::floor(change(value as f64 / 255.0) * 255.0 + 0.5) as u8
        });
        Self(Box::new(table))
    }

    /// Changes all channels but alpha.
    pub fn run(&self, raster: &mut Raster) {
        let count = raster.channels.count();
        let colours = count - usize::from(raster.channels.has_alpha());
        for pixel in raster.samples.chunks_exact_mut(count) {
            for sample in pixel.iter_mut().take(colours) {
                *sample = self.0[usize::from(*sample)];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_plan::Options;

    fn light(options: &str) -> Curve {
        let effects = Options::parse(options).unwrap().effects;
        Curve::light(effects.brightness, effects.contrast, effects.gamma).unwrap()
    }

    #[test]
    fn values_by_hand() {
        for (options, pairs) in [
            ("brightness=2", [(0, 0), (50, 100), (200, 255)]),
            ("contrast=0.5", [(0, 64), (127, 127), (255, 191)]),
            ("contrast=2", [(0, 0), (128, 129), (200, 255)]),
            ("gamma=2", [(0, 0), (64, 128), (255, 255)]),
            ("gamma=0.5", [(0, 0), (128, 64), (255, 255)]),
            ("brightness=4,contrast=0.5", [(0, 64), (64, 191), (255, 191)]),
        ] {
            let curve = light(options);
            for (value, changed) in pairs {
                assert_eq!(curve.0[value], changed, "{options} {value}");
            }
        }
        assert!(Curve::light(None, None, None).is_none());
        assert_eq!(Curve::invert().0[30], 225);
    }
}
