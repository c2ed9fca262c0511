//! What is done in another way than a client may think, though its request is served.

use crate::client::Client;
use crate::decide::Delivery;
use crate::options::Options;
use crate::options::compression::Compression;
use crate::options::dpr::Dpr;
use crate::options::fit::Fit;
use crate::options::format::Format;
use crate::options::gravity::Gravity;
use crate::options::quality::Qualities;
use crate::options::side::Width;
use crate::plan::{Output, Plan};

/// What of `options` has no effect for this client, or another one than its name says.
pub(crate) fn of(
    options: &Options,
    plan: &Plan,
    client: &Client,
    delivery: &Delivery,
) -> Vec<String> {
    let mut warnings = of_fit(options);
    warnings.extend(of_quality(options, plan));
    warnings.extend(of_compression(options, plan));
    if options.dpr.is_some_and(|dpr| dpr != Dpr::ONE) {
        let without = Options { dpr: None, ..options.clone() };
        if Plan::resolve(&without, client).as_ref() == Ok(plan) {
            warnings.push("`dpr` multiplies lengths, and there is none that it changes".to_owned());
        }
    }
    if options.width == Some(Width::Auto)
        && let Some((needs, most)) = client.beyond_the_ladder(options.dpr)
    {
        warnings.push(format!("`width=auto` stops at {most}, and the client can show {needs}"));
    }
    if options.onerror.is_some() && delivery.fallback.is_none() {
        let why = "the source is not an address on this site";
        warnings.push(format!("`onerror=redirect` is ignored: {why}"));
    }
    warnings
}

/// What of them does not go together with the box.
fn of_fit(options: &Options) -> Vec<String> {
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
    warnings
}

/// A wish for effort that changes something else, or nothing.
fn of_compression(options: &Options, plan: &Plan) -> Option<String> {
    let is_auto = options.format == Some(Format::Auto);
    match options.compression? {
        Compression::Fast if is_auto => {
            Some("`compression=fast` chooses the format instead of `format=auto`".to_owned())
        }
        // What is negotiated is nothing to warn of: for another client it may have an effect.
        Compression::Best if !is_auto && !plan.output.has_best() => Some(
            "`compression=best` is ignored: only avif and webp have a slower encoder".to_owned(),
        ),
        Compression::Best | Compression::Fast => None,
    }
}

/// A quality of a format that is not written for any client.
fn of_quality(options: &Options, plan: &Plan) -> Vec<String> {
    if options.format == Some(Format::Auto) {
        return Vec::new();
    }
    let Qualities { avif, jpeg, png, webp, .. } = options.quality;
    let is_jpeg = matches!(plan.output, Output::Jpeg | Output::Natural);
    let is_webp = matches!(plan.output, Output::Webp | Output::DataUri);
    let idle = [
        ("avif", avif.is_some() && plan.output != Output::Avif),
        ("jpeg", jpeg.is_some() && !is_jpeg),
        ("png", png.is_some() && plan.output != Output::Png),
        ("webp", webp.is_some() && !is_webp),
    ];
    let idle = idle.into_iter().filter(|(_, is_idle)| *is_idle);
    idle.map(|(name, _)| format!("`quality.{name}` is ignored: no {name} is written")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Fields;
    use crate::ladder::Ladder;

    fn said(options: &str, fields: &[(&str, &str)]) -> Vec<String> {
        let find = |name: &str| fields.iter().find(|(known, _)| *known == name);
        let fields = Fields::collect(|name| find(name).map(|(_, value)| (*value).to_owned()));
        let client = Client::new(&fields, &Ladder::default());
        let options = Options::parse(options).unwrap();
        let plan = Plan::resolve(&options, &client).unwrap();
        of(&options, &plan, &client, &Delivery::default())
    }

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
            ("compression=best,format=webp", &[]),
            ("compression=best,format=auto", &[]),
            ("compression=best,format=png", &["`compression=best` is ignored"]),
            ("compression=best", &["`compression=best` is ignored"]),
            ("dpr=2,quality=5", &["`dpr` multiplies"]),
            ("dpr=2,padding=5", &[]),
            ("dpr=1,quality=5", &[]),
            ("quality.webp=5", &["`quality.webp` is ignored: no webp"]),
            ("quality.jpeg=5,format=png", &["`quality.jpeg` is ignored"]),
            ("quality.avif=5,quality.webp=5,format=auto", &[]),
            ("quality.webp=5,format=webp", &[]),
            ("quality.png=5", &["`quality.png` is ignored: no png"]),
            ("quality.png=5,format=png", &[]),
            ("onerror=redirect,width=5", &["`onerror=redirect` is ignored"]),
            ("width=auto", &[]),
        ] {
            let warnings = said(options, &[]);
            assert_eq!(warnings.len(), parts.len(), "{options}: {warnings:?}");
            assert!(warnings.iter().zip(parts).all(|(said, part)| said.starts_with(part)));
        }
    }

    #[test]
    fn a_client_beyond_the_ladder_is_told() {
        for (fields, told) in [
            (&[("viewport-width", "1200")] as &[_], false),
            (&[("viewport-width", "700"), ("dpr", "2")], true),
            (&[("sec-ch-width", "1201")], true),
        ] {
            let warnings = said("width=auto", fields);
            assert_eq!(!warnings.is_empty(), told, "{fields:?}: {warnings:?}");
        }
    }
}
