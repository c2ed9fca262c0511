//! Whether there is anything to be done.

use selvedge_plan::geometry::{Layout, Region};
use selvedge_plan::orientation::Turn;

use super::Blueprint;

impl Blueprint {
    /// Whether all pixels come out as they are.
    pub fn changes_nothing(&self) -> bool {
        let Layout { region, scaled, canvas, .. } = self.layout;
        let size = self.source;
        self.turn == Turn::NONE
            && region == Region::whole(size)
            && [scaled, canvas, self.place.canvas] == [size; 3]
            && self.retouch.is_none()
            && self.radius.is_none()
            && self.tilt.is_none()
            && self.background.is_none()
            && self.border.is_none()
            && self.draw.is_empty()
            && self.key.is_none()
    }
}
