//! Random requests: mostly such as people send, some that nobody should.

use selvedge_plan::Fields;
use selvedge_plan::client::FIELDS;
use selvedge_plan::decide::VIA;
use selvedge_plan::dialects::CHAPTERS;
use selvedge_plan::options::TABLE;
use selvedge_plan::signature::Keys;

use crate::random::Random;
use crate::rules::KEY;

/// The time of all requests.
pub const NOW: u64 = 1_800_000_000;

/// A request.
#[derive(Debug)]
pub struct Request {
    /// Path and query.
    pub target: String,
    /// Header fields.
    pub fields: Fields,
}

/// What people send.
const USUAL: &[&str] = &[
    "width=80",
    "w=1200",
    "width=auto",
    "width=16383",
    "height=60",
    "h=333",
    "dpr=1.5",
    "dpr=3",
    "fit=cover",
    "fit=contain",
    "fit=crop",
    "fit=aspect-crop",
    "fit=pad",
    "fit=squeeze",
    "fit=scale-up",
    "fit=scale-down",
    "gravity=left",
    "g=0.3x0.8",
    "gravity=bottom-right",
    "flip=h",
    "flip=v",
    "flip=hv",
    "rotate=90",
    "rotate=180",
    "rotate=270",
    "rotate=0",
    "trim=1;2;3;4",
    "trim.left=10",
    "trim.width=50",
    "crop=1;2;30;40",
    "crop=100;0;5;5",
    "background=navy",
    "background=rgb(1,2,3)",
    "background=%23ff000080",
    "quality=50",
    "q=low",
    "quality.webp=30",
    "quality.jpeg=95",
    "scq=20",
    "format=auto",
    "f=webp",
    "f=jpeg",
    "f=png",
    "format=baseline-jpeg",
    "compression=best",
    "compression=fast",
    "anim=false",
    "metadata=none",
    "brightness=0",
    "blur=0",
    "upscale=interpolate",
    "padding=0",
    "onerror=redirect",
    "preset=thumb",
    "preset=soft;thumb",
    "expires=1800000100",
    "download=a%20b.jpg",
    "download.inline=x.png",
];

/// Values for any option: whoever mixes names up gives one of these to another.
const VALUES: &[&str] = &[
    "1",
    "0",
    "2",
    "3",
    "0.5",
    "1.5",
    "10",
    "50",
    "85",
    "100",
    "101",
    "200",
    "320",
    "333",
    "400",
    "768",
    "1200",
    "4000",
    "16383",
    "16384",
    "65535",
    "99999999999",
    "-1",
    "",
    "auto",
    "abc",
    "h",
    "v",
    "hv",
    "90",
    "180",
    "270",
    "360",
    "45.25",
    "cover",
    "contain",
    "crop",
    "aspect-crop",
    "pad",
    "squeeze",
    "scale-up",
    "scale-down",
    "left",
    "top",
    "bottom-right",
    "face",
    "entropy",
    "0.2x0.7",
    "1x0",
    "0.33333x0",
    "webp",
    "jpeg",
    "png",
    "avif",
    "baseline-jpeg",
    "json",
    "pixels",
    "low",
    "high",
    "fast",
    "true",
    "false",
    "none",
    "keep",
    "copyright",
    "redirect",
    "thumb",
    "thumb;soft",
    "nobody",
    "border",
    "1;2;3;4",
    "10;20",
    "0;0;100;50",
    "red",
    "transparent",
    "%23fff",
    "%23ff000080",
    "rgb(1,2,3)",
    "rgba(0,0,0,0.5)",
    "hsl(120,50%25,50%25)",
    "hwb(0.3turn%2010%25%2020%25%20%2F%2050%25)",
    "navy;gold",
    "greyscale",
    "sepia",
    "interpolate",
    "generate",
    "foreground",
    "max",
    "x",
    "y",
    "1800000100",
    "1799999000",
    "a%20b.jpg",
    "%C3%BC.png",
    "https%3A%2F%2Fexample.com%2Flogo.png",
    "%zz",
    "%",
    "%00",
    "a,b",
    "1e3",
    " 5",
    "5 ",
    "0x10",
    "１",
];

const GOOD_SOURCES: &[&str] =
    &["a.jpg", "photos/b%C3%A4r%20x.png?v=1", "https://example.com/photo.jpg?x=1"];

const SOURCES: &[&str] = &[
    "a.jpg",
    "photos/b%C3%A4r%20x.png?v=1",
    "https://example.com/photo.jpg",
    "https://example.com/a,b/c.jpg?x=1&y=2",
    "https://img.example.net/photos/1.webp",
    "https://img.example.net/other/1.webp",
    "http://127.0.0.1/",
    "http://0x7f.1/x",
    "../etc/passwd",
    "a/../b.jpg",
    ".git/config",
    "file:///etc/passwd",
    "https://user@example.com/x",
    "",
    "a//b",
    "https://EXAMPLE.com:443/%7Euser/x.jpg",
    "https://example.com\\@evil.test/",
    "a b.jpg",
    "x#y",
];

const HEADERS: &[(&str, &[&str])] = &[
    (
        "accept",
        &[
            "image/avif,image/webp,*/*;q=0.8",
            "image/webp;q=0.5,*/*;q=0.8",
            "image/*",
            "*/*",
            "image/webp;q=0",
            "image/png,image/webp",
            "",
            "text/html;q=0.1,,;",
        ],
    ),
    ("save-data", &["on", "off"]),
    ("ect", &["4g", "3g", "slow-2g", "?"]),
    ("rtt", &["50", "151", "-3"]),
    ("downlink", &["10", "4.99", "x"]),
    ("dpr", &["1", "2", "3.5"]),
    ("sec-ch-dpr", &["1.25", "0"]),
    ("viewport-width", &["320", "1000", "999999999999"]),
    ("sec-ch-viewport-width", &["640"]),
    ("width", &["500"]),
    ("sec-ch-width", &["900", "0"]),
    ("via", &[VIA, "1.1 proxy", "1.1 selvedge, 1.1 selvedge"]),
];

/// Draws a request.
pub fn draw(random: &mut Random) -> Request {
    let mut target = if random.once_in(3) { foreign(random) } else { own(random) };
    if random.once_in(3) {
        target = signed(random, target);
    }
    if random.once_in(8) {
        mutate(random, &mut target);
    }
    Request { target, fields: fields(random) }
}

fn own(random: &mut Random) -> String {
    let prefix = *random.one_of(&["/image/", "/image/", "/cdn-cgi/image/"]);
    let mut options: Vec<String> = Vec::new();
    for _ in 0..=random.below(6) {
        let option = match random.below(40) {
            0 | 1 => odd(random),
            2 => background(random),
            _ => (*random.one_of(USUAL)).to_owned(),
        };
        let name = |option: &str| option.split('=').next().map(str::to_owned);
        if options.iter().all(|known| name(known) != name(&option)) || random.once_in(20) {
            options.push(option);
        }
    }
    let sources = if random.once_in(10) { SOURCES } else { GOOD_SOURCES };
    format!("{prefix}{}/{}", options.join(","), random.one_of(sources))
}

/// A colour that takes powers, roots and sines, in which builds might differ.
fn background(random: &mut Random) -> String {
    let functions = [
        "lab(",
        "lch(",
        "oklab(",
        "oklch(",
        "color(display-p3%20",
        "color(a98-rgb%20",
        "color(prophoto-rgb%20",
        "color(rec2020%20",
        "color(srgb-linear%20",
        "color(xyz%20",
        "color(xyz-d50%20",
    ];
    let function = random.one_of(&functions);
    let mut number = || format!("{}.{:04}%25", random.below(110), random.below(10_000));
    let (a, b) = (number(), number());
    let third = if function.contains("ch(") { format!("{}", random.below(400)) } else { number() };
    format!("background={function}{a}%20{b}%20{third})")
}

/// Any option with any value.
fn odd(random: &mut Random) -> String {
    let setting = random.one_of(TABLE);
    let name = random.one_of(setting.names);
    let value = *random.one_of(VALUES);
    match setting.parts {
        parts if !parts.is_empty() && random.once_in(2) => {
            format!("{name}.{}={value}", random.one_of(parts))
        }
        _ => format!("{name}={value}"),
    }
}

/// Rows of a dialect's table, one or two of them together, or with something else in place.
fn foreign(random: &mut Random) -> String {
    let chapter = random.one_of(CHAPTERS);
    let mut options = random.one_of(chapter.rows).theirs.to_owned();
    if random.once_in(2) {
        let joint = random.one_of(&["/", "&", ",", ":"]);
        options = format!("{options}{joint}{}", random.one_of(chapter.rows).theirs);
    }
    chapter.sample.replacen("{}", &options, 1)
}

/// With a signature that is right, or nearly.
fn signed(random: &mut Random, target: String) -> String {
    let keys = Keys::parse(KEY).unwrap_or_default();
    let signature = |rest: &str| keys.sign(rest).unwrap_or_default();
    let mut signed = match target.strip_prefix("/image/") {
        Some(rest) if random.once_in(2) => {
            let rest = format!("/{rest}");
            format!("/image/{}{rest}", signature(&rest))
        }
        _ => format!("/{}{target}", signature(&target)),
    };
    if random.once_in(4) {
        mutate(random, &mut signed);
    }
    signed
}

/// Changes, takes out or doubles a few characters.
fn mutate(random: &mut Random, text: &mut String) {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(u32::try_from(chars.len()).unwrap_or(0)) as usize;
        let odd =
            ['/', ',', '=', '%', '.', ':', ';', '(', ')', '&', '?', '#', '\0', 'ü', '０', 'x'];
        match random.below(4) {
            0 if at < chars.len() => {
                chars.remove(at);
            }
            1 => chars.insert(at, *random.one_of(&odd)),
            2 if at < chars.len() => chars[at] = *random.one_of(&odd),
            _ => chars.truncate(at.max(1)),
        }
    }
    *text = chars.into_iter().collect();
}

fn fields(random: &mut Random) -> Fields {
    let mut said: Vec<(&str, &str)> = Vec::new();
    for (name, values) in HEADERS {
        if random.once_in(4) {
            let value: &&str = random.one_of(values);
            said.push((name, value));
        }
    }
    let find = |name: &str| said.iter().find(|(known, _)| *known == name);
    debug_assert!(HEADERS.iter().all(|(name, _)| FIELDS.contains(name)), "every field is known");
    Fields::collect(|name| find(name).map(|(_, value)| (*value).to_owned()))
}
