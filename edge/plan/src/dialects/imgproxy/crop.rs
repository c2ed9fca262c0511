//! What imgproxy's options keep of a picture.

use super::size::side;
use crate::dialects::draft::Draft;
use crate::problem::Problem;

pub fn gravity(draft: &mut Draft, name: &str, args: &[&str]) -> Result<(), Problem> {
    let place = match args {
        ["fp", x, y] => {
            draft.put(name, "gravity", &format!("{x}x{y}"))?;
            return draft.put(name, "gravity.mode", "box-center");
        }
        [kind] | [kind, "0", "0"] => compass(kind),
        _ => None,
    };
    match place {
        Some(place) => draft.put(name, "gravity", place),
        None => {
            let expected = "expected no, so, ea, we, noea, nowe, soea, sowe, ce or sm without \
                            offsets, or fp:<x>:<y>";
            Err(draft.refuse(name, expected, &args.join(":")))
        }
    }
}

fn compass(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "no" => "top",
        "so" => "bottom",
        "ea" => "right",
        "we" => "left",
        "noea" => "top-right",
        "nowe" => "top-left",
        "soea" => "bottom-right",
        "sowe" => "bottom-left",
        "ce" => "center",
        "sm" => "auto",
        _ => return None,
    })
}

/// A rectangle before the resize: from the top left in whole pixels, since another place would need
/// the source's size.
pub fn crop(draft: &mut Draft, name: &str, args: &[&str]) -> Result<(), Problem> {
    let [width, height, "nowe", offsets @ ..] = args else {
        let expected = "expected <width>:<height>:nowe:<x>:<y> in pixels";
        return Err(draft.refuse(name, expected, &args.join(":")));
    };
    for (ours, value) in ["trim.left", "trim.top"].iter().zip(offsets) {
        draft.put(name, ours, value)?;
    }
    side(draft, name, "trim.width", width)?;
    side(draft, name, "trim.height", height)
}
