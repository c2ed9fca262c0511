//! What we write.

use super::super::encode;
use super::{Random, decoded, encoded, picture};
use crate::raster::Channels;

#[test]
fn lossless_pictures_of_any_size_survive() {
    let mut random = Random(5);
    let sizes =
        (1..=64).flat_map(|width| (0..4).map(move |i| (width, (width * 23 + i * 16) % 64 + 1)));
    for (width, height) in sizes.chain([(16_383, 1), (1, 16_383)]) {
        let channels = if random.next(2) == 0 { Channels::Rgb } else { Channels::Rgba };
        let source = picture(width, height, channels, &mut random);
        let file = encode::encode_exact(&source).unwrap();
        let decoded = decoded(file).unwrap();
        assert!(decoded == source, "{width} x {height}");
    }
}

#[test]
fn quality_100_is_lossless_unless_the_file_must_be_small() {
    let source = picture(61, 43, Channels::Rgba, &mut Random(8));
    let exact = encoded(source.clone(), "format=webp,quality=100");
    assert!(decoded(exact).unwrap() == source);
    for lossy in ["format=webp,quality=99", "format=webp,quality=100,max-bytes=90000"] {
        let file = encoded(source.clone(), lossy);
        assert!(decoded(file).unwrap() != source, "{lossy}");
    }
}
