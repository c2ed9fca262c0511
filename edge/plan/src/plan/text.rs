//! The canonical text of a plan.

use super::{Effort, Plan, Scan, usual};
use crate::options::Options;
use crate::options::damaged::Damaged;
use crate::options::fit::Fit;
use crate::options::gravity::Gravity;
use crate::options::metadata::Metadata;
use crate::options::page::Page;
use crate::options::quality::Qualities;
use crate::options::rotate::Rotate;
use crate::options::side::{Side, Width};

impl Plan {
    /// The canonical text: an option text that resolves to this plan again, for any client. Defaults
    /// are left out; the plan that changes nothing is the empty text.
    pub fn text(&self) -> String {
        let side = |pixels: Option<u32>| pixels.and_then(Side::new);
        let fast = self.effort == Effort::Fast;
        Options {
            damaged: unless(self.damaged, Damaged::Refuse),
            trim: self.trim,
            segment: self.segment,
            flip: self.flip,
            rotate: unless(self.rotate, Rotate::NONE),
            width: side(self.width).map(Width::Pixels),
            height: side(self.height),
            dpr: None,
            fit: unless(self.fit, Fit::ScaleDown),
            gravity: unless(self.gravity, Gravity::CENTRE),
            zoom: self.zoom,
            upscale: self.upscale,
            linear: unless(self.linear, false),
            crop: self.crop,
            effects: self.effects.clone(),
            background: self.background,
            radius: self.radius,
            padding: self.padding,
            border: self.border,
            draw: self.draw.clone(),
            quality: Qualities {
                all: unless(self.quality, usual(self.output)),
                ..Qualities::default()
            },
            slow_quality: None,
            format: self.output.format(self.scan == Scan::Baseline && !fast),
            compression: self.effort.wish(),
            anim: unless(self.anim, true),
            page: unless(self.page, Page::FIRST),
            metadata: unless(self.metadata, Metadata::default()),
            max_bytes: self.max_bytes,
            onerror: None,
            preset: None,
            expires: None,
            download: None,
        }
        .print()
    }
}

fn unless<T: PartialEq>(value: T, default: T) -> Option<T> {
    (value != default).then_some(value)
}
