//! How a pixel meets what lies below: the operators of Porter and Duff on straight alpha, in sRGB as
//! browsers do it (W3C Compositing 1 §9.1).

use selvedge_plan::options::draw::{Composite, Overlay};

use crate::channels::rgba;

/// Full alpha of an overlay: that of a pixel times the hundredths of its opacity.
const OVER_ONE: u32 = 255 * 100;

/// Full alpha of what lies below.
const UNDER_ONE: u32 = 255;

/// Full alpha of both together, in the product of their units.
const ONE: u32 = OVER_ONE * UNDER_ONE;

/// How much of a side is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Share {
    /// All of it.
    All,
    /// As much as there is of the other side.
    Inside,
    /// Nothing.
    Nothing,
    /// As much as there is nothing of the other side.
    Outside,
}

impl Share {
    /// For so much of `alpha` of the other side, of `one`.
    fn of(self, alpha: u32, one: u32) -> u32 {
        match self {
            Self::All => one,
            Self::Inside => alpha,
            Self::Nothing => 0,
            Self::Outside => one - alpha,
        }
    }
}

/// How the pixels of an overlay are drawn.
#[derive(Clone, Copy, Debug)]
pub struct Blend {
    over: Share,
    under: Share,
    /// Hundredths.
    opacity: u32,
}

impl Blend {
    /// As `overlay` says.
    pub fn of(overlay: &Overlay) -> Self {
        let (over, under) = match overlay.composite.unwrap_or(Composite::Over) {
            Composite::Atop => (Share::Inside, Share::Outside),
            Composite::In => (Share::Inside, Share::Nothing),
            Composite::Lighter => (Share::All, Share::All),
            Composite::Out => (Share::Outside, Share::Nothing),
            Composite::Over => (Share::All, Share::Outside),
            Composite::Xor => (Share::Outside, Share::Outside),
        };
        let opacity = u32::from(overlay.opacity.unwrap_or(100).min(100));
        Self { over, under, opacity }
    }

    /// Whether nothing is left of what lies below where there is no overlay.
    pub fn erases(&self) -> bool {
        self.under == Share::Nothing
    }

    /// Draws a pixel of any layout over one of RGB or RGBA.
    #[inline]
    pub fn pixel(&self, place: &mut [u8], pixel: &[u8]) {
        let [r, g, b, alpha] = rgba(pixel);
        let over_alpha = u32::from(alpha) * self.opacity;
        if over_alpha == 0 && !self.erases() {
            return;
        }
        let Some((colour, rest)) = place.split_at_mut_checked(3) else { return };
        let under_alpha = rest.first().map_or(UNDER_ONE, |alpha| u32::from(*alpha));
        let over = over_alpha * self.over.of(under_alpha, UNDER_ONE);
        let under = under_alpha * self.under.of(over_alpha, OVER_ONE);
        // The sum of both may be more than all there is: then it is as bright as it can be. At most
        // 255 times twice one, which has 32 bits.
        let whole = (over + under).min(ONE);
        for (under_sample, over_sample) in colour.iter_mut().zip([r, g, b]) {
            let sum = u32::from(over_sample) * over + u32::from(*under_sample) * under;
            let mean = (sum + whole / 2).checked_div(whole).unwrap_or(0);
            *under_sample = mean.min(255) as u8;
        }
        if let Some(alpha) = rest.first_mut() {
            *alpha = ((whole + OVER_ONE / 2) / OVER_ONE) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use selvedge_plan::Options;

    fn drawn(options: &str, under: [u8; 4], over: [u8; 4]) -> [u8; 4] {
        let options = Options::parse(&format!("draw.0.url=a{options}")).unwrap();
        let mut place = under;
        Blend::of(&options.draw[0]).pixel(&mut place, &over);
        place
    }

    #[test]
    fn each_operator_by_hand() {
        const RED: [u8; 4] = [200, 0, 0, 255];
        const BLUE: [u8; 4] = [0, 0, 100, 255];
        const NONE: [u8; 4] = [0; 4];
        for (mode, both, only_over, only_under) in [
            ("over", RED, RED, BLUE),
            ("in", RED, NONE, NONE),
            ("atop", RED, NONE, BLUE),
            ("out", NONE, RED, NONE),
            ("xor", NONE, RED, BLUE),
            ("lighter", [200, 0, 100, 255], RED, BLUE),
        ] {
            let mode = format!(",draw.0.composite={mode}");
            assert_eq!(drawn(&mode, BLUE, RED), both, "{mode}");
            assert_eq!(drawn(&mode, NONE, RED), only_over, "{mode}");
            assert_eq!(drawn(&mode, BLUE, NONE), only_under, "{mode}");
        }
    }

    #[test]
    fn opacity_counts_like_alpha() {
        // Half of white over black.
        assert_eq!(drawn(",draw.0.opacity=0.5", [0, 0, 0, 255], [255; 4]), [128, 128, 128, 255]);
        assert_eq!(drawn(",draw.0.opacity=0.5", [0; 4], [9, 9, 9, 255]), [9, 9, 9, 128]);
        assert_eq!(drawn(",draw.0.opacity=0", [1, 2, 3, 4], [255; 4]), [1, 2, 3, 4]);
        assert_eq!(drawn("", [0, 0, 0, 255], [255, 255, 255, 51]), [51, 51, 51, 255]);
    }

    #[test]
    fn the_largest_sums_fit() {
        assert_eq!(drawn(",draw.0.composite=lighter", [255; 4], [255; 4]), [255; 4]);
        let half = drawn(",draw.0.composite=lighter", [255, 0, 0, 128], [0, 0, 255, 64]);
        assert_eq!(half, [170, 0, 85, 192]);
    }

    #[test]
    fn without_alpha_below_all_is_there() {
        let mut place = [0, 0, 0];
        let options = Options::parse("draw.0.url=a").unwrap();
        Blend::of(&options.draw[0]).pixel(&mut place, &[255, 128]);
        assert_eq!(place, [128; 3]);
    }
}
