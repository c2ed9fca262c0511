//! imgproxy's sizes, and how the picture meets them.

use super::is_true;
use crate::dialects::draft::Draft;
use crate::problem::Problem;

/// How the picture meets its box, which several options say together.
#[derive(Default)]
pub struct Size {
    pub kind: String,
    pub enlarge: bool,
    pub extend: bool,
}

impl Size {
    pub fn resolve(&self, draft: &mut Draft) -> Result<(), Problem> {
        let ours = match (self.kind.as_str(), self.enlarge, self.extend) {
            ("" | "fit", true, true) => "pad",
            ("" | "fit", true, false) => "contain",
            ("" | "fit", false, false) => "scale-down",
            ("fill", true, _) => "cover",
            ("fill", false, false) => "crop",
            ("fill-down", _, false) => "aspect-crop",
            ("force", enlarge, false) => {
                if !enlarge {
                    draft.warn("`force` enlarges here, with or without `enlarge`");
                }
                "squeeze"
            }
            ("fit" | "" | "fill" | "fill-down" | "force", _, true) => {
                return Err(draft.refuse("extend", "expected `enlarge` beside it", "1"));
            }
            (other, ..) => {
                let expected = "expected fit, fill, fill-down or force";
                return Err(draft.refuse("resizing_type", expected, other));
            }
        };
        draft.put("resizing_type", "fit", ours)
    }
}

/// `<width>:<height>:<enlarge>:<extend>`, each of which may be missing.
pub fn sides(draft: &mut Draft, size: &mut Size, name: &str, args: &[&str]) -> Result<(), Problem> {
    for (at, value) in args.iter().enumerate().filter(|(_, value)| !value.is_empty()) {
        match at {
            0 => side(draft, name, "width", value)?,
            1 => side(draft, name, "height", value)?,
            2 => size.enlarge = is_true(draft, name, value)?,
            3 => size.extend = is_true(draft, name, value)?,
            _ => return Err(draft.refuse(name, "expected fewer arguments", value)),
        }
    }
    Ok(())
}

/// 0 follows from the other side.
pub fn side(draft: &mut Draft, name: &str, ours: &str, value: &str) -> Result<(), Problem> {
    if value == "0" { Ok(()) } else { draft.put(name, ours, value) }
}
