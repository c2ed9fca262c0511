//! What is done in another way than a client may think, though its request is served.

use crate::options::Options;
use crate::options::fit::Fit;
use crate::options::format::Format;
use crate::options::gravity::Gravity;

/// What of `options` has no effect, or another one than its name says.
pub(crate) fn of(options: &Options) -> Vec<String> {
    let boxed = options.width.is_some() && options.height.is_some();
    let fit = options.fit.unwrap_or(Fit::ScaleDown);
    let mut warnings = Vec::new();
    if fit.needs_box() && !boxed {
        let fit = fit.name();
        warnings
            .push(format!("`fit={fit}` needs both width and height: the picture is only scaled"));
    }
    if options.gravity.is_some() && !(boxed && fit.cuts()) {
        let needs = "needs width, height and fit=cover, crop or aspect-crop";
        warnings.push(format!("`gravity` {needs}: nothing is cut off"));
    }
    if options.zoom.is_some() && options.gravity != Some(Gravity::Face) {
        warnings.push("`zoom` needs gravity=face: it is ignored".to_owned());
    }
    if options.compression.is_some() && options.format == Some(Format::Auto) {
        warnings.push("`compression=fast` chooses the format instead of `format=auto`".to_owned());
    }
    warnings
}

#[cfg(test)]
mod tests {
    use super::of;
    use crate::Options;

    #[test]
    fn what_has_no_effect_is_told() {
        for (options, parts) in [
            ("width=5,height=5,fit=cover,gravity=left", &[] as &[_]),
            ("width=5,fit=cover", &["`fit=cover` needs both"]),
            ("height=5,fit=pad,gravity=top", &["`fit=pad` needs both", "`gravity` needs"]),
            ("width=5,height=5,gravity=left", &["`gravity` needs"]),
            ("zoom=1", &["`zoom` needs"]),
            ("compression=fast,format=auto", &["`compression=fast` chooses"]),
            ("compression=fast,format=webp", &[]),
        ] {
            let warnings = of(&Options::parse(options).unwrap());
            assert_eq!(warnings.len(), parts.len(), "{options}: {warnings:?}");
            assert!(warnings.iter().zip(parts).all(|(said, part)| said.starts_with(part)));
        }
    }
}
