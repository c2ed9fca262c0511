//! Frames of animations against what Pillow shows of them (`tests/golden/frames.py` tells how).

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are no tests to clippy; what is wrong in a table must stop them"
)]

use selvedge_pixels::{
    Budget, Channels, Failure, Job, Picture, Raster, Source, Tag, estimate, transform,
};
use selvedge_plan::geometry::Size;
use selvedge_plan::{Client, Options, Plan};

const FRAMES: &str = include_str!("../../../tests/golden/frames.tsv");

/// A file, and what is known of it.
struct Animation {
    name: &'static str,
    file: Vec<u8>,
    /// How often it is played; 0 is for ever.
    plays: u32,
    /// Of each frame.
    milliseconds: Vec<u32>,
    /// RGBA.
    frames: Vec<Vec<u8>>,
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |i: usize| u8::from_str_radix(&hex[i..i + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(byte).collect()
}

fn animations() -> impl Iterator<Item = Animation> {
    FRAMES.lines().map(|line| {
        let [name, file, plays, times, frames] =
            line.split('\t').collect::<Vec<_>>().try_into().unwrap();
        Animation {
            name,
            file: bytes(file),
            plays: plays.parse().unwrap(),
            milliseconds: times.split(';').map(|time| time.parse().unwrap()).collect(),
            frames: frames.split(';').map(bytes).collect(),
        }
    })
}

fn plan(options: &str) -> Plan {
    Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
}

fn run(file: &[u8], options: &str) -> Result<(Picture, Vec<String>), Failure> {
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let source = Source::Encoded(file.to_vec());
    let rendition = transform(source, Vec::new(), &plan(options), &mut job)?;
    Ok((rendition.picture, job.warnings()))
}

/// Red, green, blue and alpha, black where nothing is seen.
fn pixels(raster: &Raster) -> Vec<[u8; 4]> {
    let pixels = raster.samples.chunks_exact(raster.channels.count());
    pixels
        .map(|pixel| match *pixel {
            [r, g, b] => [r, g, b, 255],
            [_, 0] | [_, _, _, 0] => [0; 4],
            [grey, a] => [grey, grey, grey, a],
            [r, g, b, a] => [r, g, b, a],
            _ => panic!("{} channels", pixel.len()),
        })
        .collect()
}

fn page(file: &[u8], page: usize) -> Vec<[u8; 4]> {
    match run(file, &format!("page={page},anim=false,format=pixels")).unwrap() {
        (Picture::Pixels(raster), _) => pixels(&raster),
        (Picture::Encoded(_), _) => panic!("a file instead of pixels"),
    }
}

fn seen(rgba: &[u8]) -> Vec<[u8; 4]> {
    let pixels = rgba.as_chunks().0.iter();
    pixels.map(|pixel: &[u8; 4]| if pixel[3] == 0 { [0; 4] } else { *pixel }).collect()
}

#[test]
fn every_frame_is_what_pillow_shows() {
    for Animation { name, file, frames, .. } in animations() {
        for (number, frame) in frames.iter().enumerate() {
            // Half transparent pixels over such are rounded in different ways.
            let most = if name.starts_with("gif") { 0 } else { 2 };
            // The still of this one is another picture.
            if name == "apng-apart" && number == 0 {
                continue;
            }
            let (ours, theirs) = (page(&file, number), seen(frame));
            let samples = ours.as_flattened().iter().zip(theirs.as_flattened());
            let difference = samples.map(|(a, b)| a.abs_diff(*b)).max();
            assert!(difference <= Some(most), "frame {number} of {name}: {difference:?}");
        }
    }
}

#[test]
fn a_page_beyond_the_last_is_refused() {
    for Animation { name, file, frames, .. } in animations() {
        let options = format!("page={},format=png", frames.len());
        let failure = run(&file, &options).err();
        assert!(matches!(failure, Some(Failure::BadOption(_))), "{name}");
        let failure = estimate(&file, &plan(&options)).err();
        assert!(matches!(failure, Some(Failure::BadOption(_))), "{name}");
    }
}

#[test]
fn a_format_without_animations_gives_the_first_frame_and_says_so() {
    for Animation { file, .. } in animations() {
        let (_, warnings) = run(&file, "format=png").unwrap();
        assert_eq!(warnings.len(), 1);
        let (_, warnings) = run(&file, "format=png,anim=false").unwrap();
        assert!(warnings.is_empty());
    }
}

#[test]
fn wherever_a_file_ends_frames_before_that_are_there() {
    for Animation { name, file, frames, .. } in animations() {
        let mut known = 0;
        for end in 12..file.len() {
            let last = frames.len() - 1;
            match run(&file[..end], &format!("page={last},format=pixels")) {
                Ok(_) => known += 1,
                // Between two blocks nothing tells that there are more.
                Err(Failure::Truncated(_) | Failure::BadOption(_)) => {}
                Err(other) => panic!("{name} up to {end}: {other:?}"),
            }
        }
        let trailer = match name {
            _ if name.starts_with("gif") => 1,
            _ if name.starts_with("apng") => 12,
            _ => 0,
        };
        assert_eq!(known, trailer, "{name} without its trailer alone");
    }
}

/// Milliseconds of the frames of an animated WebP, as its chunks tell.
fn times_of_webp(webp: &[u8]) -> Vec<u32> {
    let (mut at, mut times) = (12, Vec::new());
    while let Some(head) = webp.get(at..at + 8) {
        let length = u32::from_le_bytes(head[4..].try_into().unwrap()) as usize;
        if head.starts_with(b"ANMF") {
            let time = &webp[at + 20..at + 24];
            times.push(u32::from_le_bytes([time[0], time[1], time[2], 0]));
        }
        at += 8 + length + length % 2;
    }
    times
}

/// Milliseconds of the frames of a GIF, as its blocks tell, and how often it is played.
fn times_of_gif(gif: &[u8]) -> (Vec<u32>, u32) {
    let palette = |flags: u8| if flags & 0x80 == 0 { 0 } else { 6 << (flags & 7) };
    let (mut at, mut times, mut plays) = (13 + palette(gif[10]), Vec::new(), 1);
    while gif[at] != 0x3b {
        let head = &gif[at..];
        at += match head[0] {
            0x2c => 11 + palette(head[9]),
            _ => 2,
        };
        if head.starts_with(&[0x21, 0xf9]) {
            times.push(u32::from(u16::from_le_bytes([head[4], head[5]])) * 10);
        } else if head[3..].starts_with(b"NETSCAPE2.0") {
            let repetitions = u32::from(u16::from_le_bytes([head[16], head[17]]));
            plays = if repetitions == 0 { 0 } else { repetitions + 1 };
        }
        while gif[at] > 0 {
            at += 1 + usize::from(gif[at]);
        }
        at += 1;
    }
    (times, plays)
}

/// The mean difference, as far as it is seen.
fn difference(one: &[[u8; 4]], other: &[[u8; 4]]) -> f64 {
    let of = |a: &[u8; 4], b: &[u8; 4]| {
        let alpha = u32::from(a[3].max(b[3]));
        let colours = a.iter().zip(b).map(|(a, b)| u32::from(a.abs_diff(*b)) * alpha);
        f64::from(colours.sum::<u32>()) / 255.0 / 4.0
    };
    one.iter().zip(other).map(|(a, b)| of(a, b)).sum::<f64>() / one.len() as f64
}

/// Checks that at any time the same is seen of an animation that was written, in `times`.
fn shows_the_same(of: &Animation, written: &[u8], times: Vec<u32>, most: f64) {
    let mut pages = times.into_iter().enumerate();
    let (mut left, mut shown) = (0, Vec::new());
    for (number, (frame, time)) in of.frames.iter().zip(&of.milliseconds).enumerate() {
        // Frames that are the same may have become one; one of no time at all is by itself.
        if left == 0 {
            let (page_number, time) = pages.next().unwrap();
            (left, shown) = (time, page(written, page_number));
        }
        left = left.checked_sub(*time).unwrap();
        let difference = difference(&shown, &seen(frame));
        assert!(difference <= most, "frame {number} of {}: {difference}", of.name);
    }
    assert!(left == 0 && pages.next().is_none(), "{}", of.name);
}

fn encoded(file: &[u8], options: &str) -> Vec<u8> {
    match run(file, options).unwrap() {
        (Picture::Encoded(file), _) => file,
        (Picture::Pixels(_), _) => panic!("pixels instead of a file"),
    }
}

#[test]
fn an_animation_stays_what_it_is_as_webp() {
    for animation in animations() {
        let webp = encoded(&animation.file, "format=webp,quality=100");
        let plays = u32::from(u16::from_le_bytes([webp[42], webp[43]]));
        assert_eq!(plays, animation.plays, "{}", animation.name);
        shows_the_same(&animation, &webp, times_of_webp(&webp), 12.0);
    }
}

#[test]
fn a_gif_stays_what_it_is() {
    for animation in animations().filter(|animation| animation.name.starts_with("gif")) {
        // Every browser shows GIFs, so that is what it stays without a wish.
        let gif = encoded(&animation.file, "");
        let (times, plays) = times_of_gif(&gif);
        assert_eq!(plays, animation.plays, "{}", animation.name);
        shows_the_same(&animation, &gif, times, 0.0);
    }
}

#[test]
fn times_of_a_webp_add_up_in_a_gif() {
    for animation in animations().filter(|animation| animation.name.starts_with("webp")) {
        let (times, _) = times_of_gif(&encoded(&animation.file, "format=gif"));
        let (sum, meant) = (times.iter().sum::<u32>(), animation.milliseconds.iter().sum::<u32>());
        assert!(sum.abs_diff(meant) <= 20, "{}: {times:?}", animation.name);
        // What is not as fast as can be does not become so.
        let slow = animation.milliseconds.iter().filter(|time| **time > 10).count();
        assert!(times.iter().filter(|time| **time > 10).count() >= slow.min(1), "{times:?}");
    }
}

/// A GIF whose screen has two sides of so many pixels, and so many frames of a pixel.
fn many(side: u16, frames: usize) -> Vec<u8> {
    let [low, high] = side.to_le_bytes();
    let mut file = b"GIF89a".to_vec();
    file.extend([low, high, low, high, 0x80, 0, 0, 9, 9, 9, 200, 200, 200]);
    for number in 0..frames {
        // A frame at the left top: clear, one of two colours, end.
        let colour = (number % 2) as u8;
        file.extend([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44 | colour << 3, 1, 0]);
    }
    file.push(0x3b);
    file
}

#[test]
fn too_much_is_refused_by_what_is_counted() {
    for (side, frames, what) in [
        (1, 2_000_000, "frames"),
        (1, 10_001, "frames"),
        (10_000, 3, "pixels of all frames"),
        (2_000, 51, "pixels of all frames"),
    ] {
        let file = many(side, frames);
        for options in ["format=webp", "format=gif", ""] {
            let refused = [run(&file, options).err(), estimate(&file, &plan(options)).err()];
            for refused in refused {
                let Some(Failure::TooLarge(excess)) = refused else { panic!("{refused:?}") };
                assert_eq!(excess.what, what, "{side} {frames} {options}");
            }
        }
        // One frame is no animation.
        assert!(run(&file, "format=png,anim=false,width=9").is_ok());
    }
    assert!(run(&many(10, 999), "format=webp,width=1").is_ok());
}

#[test]
fn overlays_lie_over_every_frame() {
    let (red, size) = ([250, 20, 10, 255], Size { width: 3, height: 2 });
    let tile = Raster::new(size, Channels::Rgba, red.repeat(6)).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let made =
        transform(Source::Pixels(tile, Tag::Srgb), Vec::new(), &plan("format=png"), &mut job)
            .unwrap();
    let Picture::Encoded(tile) = made.picture else { panic!("pixels instead of a file") };
    for animation in animations() {
        let plan = plan("format=gif,draw.0.url=a,draw.0.left=0,draw.0.top=0");
        let source = Source::Encoded(animation.file);
        let made = transform(source, vec![tile.clone()], &plan, &mut job).unwrap();
        let Picture::Encoded(file) = made.picture else { panic!("pixels instead of a file") };
        for number in [0, 1] {
            let corner = page(&file, number)[0];
            let apart = corner.iter().zip(red).map(|(a, b)| a.abs_diff(b)).max();
            assert!(apart <= Some(8), "{} {number}: {corner:?}", animation.name);
        }
    }
}

#[test]
fn overlays_are_decoded_once_for_all_frames() {
    let work = |file: &[u8], overlays: Vec<Vec<u8>>, options: &str| {
        let mut trace = |_: &'static str| {};
        let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let source = Source::Encoded(file.to_vec());
        transform(source, overlays, &plan(options), &mut job).unwrap();
        job.work()
    };
    // Far more pixels than all frames together.
    let tile = Raster::new(Size { width: 900, height: 900 }, Channels::Grey, vec![9; 810_000]);
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let source = Source::Pixels(tile.unwrap(), Tag::Srgb);
    let made = transform(source, Vec::new(), &plan("format=png"), &mut job).unwrap();
    let Picture::Encoded(tile) = made.picture else { panic!("pixels instead of a file") };
    let decoding = work(&tile, Vec::new(), "format=pixels,width=2");
    let drawing = |frames: usize| {
        let file = many(8, frames);
        let with = work(&file, vec![tile.clone()], "format=gif,draw.0.url=a,draw.0.width=2");
        with - work(&file, Vec::new(), "format=gif")
    };
    let (few, many) = (drawing(2), drawing(20));
    assert!(few > decoding && many > few, "{few} {many} {decoding}");
    assert!(many - few < decoding, "{few} {many} {decoding}");
}

#[test]
fn a_file_is_written_again_only_if_that_makes_it_smaller() {
    const COMMENT: &[u8] = b"\x21\xfe\x03abc\0";
    let mut kept = 0;
    for animation in animations().filter(|animation| animation.name.starts_with("gif")) {
        let mut bare = animation.file.clone();
        while let Some(at) = bare.windows(COMMENT.len()).position(|part| part == COMMENT) {
            bare.drain(at..at + COMMENT.len());
        }
        let file = [animation.file.as_slice(), b"behind the end"].concat();
        let written = encoded(&file, "format=gif");
        assert!(written.len() <= bare.len(), "{}", animation.name);
        kept += usize::from(written == bare);
        // Where anything changes, it is another file.
        assert_ne!(encoded(&file, "format=gif,flip=h"), bare, "{}", animation.name);
    }
    assert!(kept > 0);
}
