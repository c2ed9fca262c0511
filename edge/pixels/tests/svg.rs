//! Documents of shapes: what is drawn, in which size, and what is refused.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong must stop them"
)]

use selvedge_pixels::{
    Budget, Channels, Failure, Job, Picture, Raster, Source, estimate, transform,
};
use selvedge_plan::{Client, Options, Plan};

fn document(attributes: &str, content: &str) -> Vec<u8> {
    let names = "xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink'";
    format!("<svg {names} {attributes}>{content}</svg>").into_bytes()
}

fn drawn(file: &[u8], options: &str) -> Result<(Raster, Vec<String>), Failure> {
    let options = format!("{options},format=pixels");
    let options = Options::parse(options.trim_start_matches(',')).unwrap();
    let plan = Plan::new(&options, &Client::default()).unwrap();
    let forecast = estimate(file, &plan)?;
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget { memory: forecast.memory, work: u64::MAX }, 0, &mut trace);
    let made = transform(Source::Encoded(file.to_vec()), Vec::new(), &plan, &mut job)?;
    match made.picture {
        Picture::Pixels(raster) => Ok((raster, job.warnings())),
        Picture::Encoded(_) => panic!("a file instead of pixels"),
    }
}

fn at(raster: &Raster, x: u32, y: u32) -> [u8; 4] {
    assert_eq!(raster.channels, Channels::Rgba);
    let start = (y * raster.size.width + x) as usize * 4;
    raster.samples[start..start + 4].try_into().unwrap()
}

const HALVES: &str = "<rect width='5' height='10' fill='red'/>\
                      <rect x='5' width='5' height='10' fill='#00f' opacity='0.5'/>";

#[test]
fn a_picture_has_the_density_of_the_output() {
    let file = document("width='10' height='10'", HALVES);
    for (options, width, height) in [
        ("", 10, 10),
        ("width=200,fit=contain", 200, 200),
        ("width=999,height=30,fit=squeeze", 999, 30),
        ("width=7,fit=scale-down", 7, 7),
        // By itself it has ten pixels: more are there only if they are asked for.
        ("width=400,fit=scale-down", 10, 10),
    ] {
        let (raster, warnings) = drawn(&file, options).unwrap();
        assert_eq!((raster.size.width, raster.size.height), (width, height), "{options}");
        assert!(warnings.is_empty(), "{warnings:?}");
        let middle = width / 2;
        // The edge lies between two pixels, and is not blurred but for where it falls into one.
        assert_eq!(at(&raster, middle - 1, height / 2), [255, 0, 0, 255], "{options}");
        let [red, green, blue, alpha] = at(&raster, middle + 1, height / 2);
        assert_eq!([red, green, blue], [0, 0, 255], "{options}");
        assert!(alpha.abs_diff(128) <= 1, "{options}: {alpha}");
    }
}

#[test]
fn a_cut_is_drawn_in_its_own_density() {
    let file = document("width='100' height='100'", "<rect x='50' width='1' height='100'/>");
    let (raster, _) = drawn(&file, "trim=0;49;0;49,width=800,height=800,fit=squeeze").unwrap();
    let clear = (0..800).filter(|x| at(&raster, *x, 400)[3] == 0).count();
    let solid = (0..800).filter(|x| at(&raster, *x, 400)[3] == 255).count();
    // One of two columns, and next to nothing between them.
    assert!(clear + solid > 770 && clear.abs_diff(solid) < 450, "{clear} {solid}");
}

#[test]
fn what_is_outside_stays_there() {
    for (content, told) in [
        ("<image xlink:href='http://127.0.0.1/a.png' width='5' height='5'/>", "outside"),
        ("<image xlink:href='/etc/passwd' width='5' height='5'/>", "outside"),
        ("<text x='1' y='9'>a</text>", "fonts"),
    ] {
        let file = document("width='10' height='10'", &format!("{HALVES}{content}"));
        let (raster, warnings) = drawn(&file, "").unwrap();
        assert_eq!(at(&raster, 1, 1), [255, 0, 0, 255]);
        assert!(matches!(&warnings[..], [one] if one.contains(told)), "{warnings:?}");
    }
    let script = "<script>document.location='http://127.0.0.1/'</script>\
                  <rect width='9' height='9' onload='alert(1)'/>";
    drawn(&document("width='10' height='10'", script), "").unwrap();
}

#[test]
fn filters_and_masks_are_drawn() {
    let content = "<filter id='f'><feGaussianBlur stdDeviation='2'/></filter>\
        <mask id='m'><rect width='20' height='40' fill='white'/></mask>\
        <g mask='url(#m)'><rect x='10' y='10' width='20' height='20' filter='url(#f)'/></g>";
    let (raster, _) = drawn(&document("width='40' height='40'", content), "").unwrap();
    assert!(at(&raster, 15, 20)[3] > 200, "inside");
    assert!((20..200).contains(&at(&raster, 10, 20)[3]), "at the edge");
    assert_eq!(at(&raster, 25, 20)[3], 0, "masked");
}

#[test]
fn bombs_are_refused() {
    let entities = |levels: usize| {
        let declared: String = (1..levels)
            .map(|i| format!("<!ENTITY a{i} '{}'>", format!("&a{};", i - 1).repeat(10)))
            .collect();
        format!(
            "<!DOCTYPE svg [<!ENTITY a0 'x'>{declared}]>\
             <svg xmlns='http://www.w3.org/2000/svg'><g id='&a{};'/></svg>",
            levels - 1
        )
    };
    let outside = "<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>\
                   <svg xmlns='http://www.w3.org/2000/svg'><g id='&x;'/></svg>";
    let deep = format!("{}{}", "<g>".repeat(500), "</g>".repeat(500));
    let dashes = "<path d='M0 0H90000' stroke='red' stroke-dasharray='0.001'/>";
    let pattern = "<pattern id='p' width='90000' height='90000' patternUnits='userSpaceOnUse'>\
        <rect width='9' height='9'/></pattern><rect width='9' height='9' fill='url(#p)'/>";
    let picture = "<image xlink:href='data:image/png;base64,iVBORw0KGgo=' width='9' height='9'/>";
    let noise = "<filter id='f'><feTurbulence baseFrequency='1'/></filter>\
                 <rect width='9' height='9' filter='url(#f)'/>";
    let whole = |content: &str| document("width='10' height='10'", content);
    for (name, file) in [
        ("entities", entities(9).into_bytes()),
        ("outside", outside.as_bytes().to_vec()),
        ("depth", whole(&deep)),
        ("dashes", whole(dashes)),
        ("pattern", whole(pattern)),
        ("picture", whole(picture)),
        ("noise", whole(noise)),
        ("elements", whole(&"<g/>".repeat(60_000))),
        ("size", document("width='1e9' height='1e9'", "")),
        ("markup", b"<svg><g></svg>".to_vec()),
        ("end", whole("<g/>")[..90].to_vec()),
    ] {
        let failure = drawn(&file, "").map(|(raster, _)| raster.size).unwrap_err();
        let typed = [
            matches!(failure, Failure::TooLarge(_)),
            matches!(failure, Failure::Malformed(_)),
            matches!(failure, Failure::Unsupported(_)),
        ];
        assert!(typed.contains(&true), "{name}: {failure:?}");
    }
}
