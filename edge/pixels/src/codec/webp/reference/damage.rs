//! Damaged files.

use super::super::encode;
use super::{Random, decoded, encoded, picture};
use crate::failure::Failure;
use crate::raster::Channels;

#[test]
fn damaged_files_are_refused_or_survived() {
    let mut random = Random(17);
    let mut files = Vec::new();
    for (width, height) in [(40, 30), (9, 50), (70, 20)] {
        let lossless = picture(width, height, Channels::Rgba, &mut random);
        files.push(encode::encode_exact(&lossless).unwrap());
        for channels in [Channels::Rgb, Channels::Rgba] {
            let source = picture(width, height, channels, &mut random);
            files.push(encoded(source, "format=webp,quality=60"));
        }
    }
    for file in &files {
        assert!(decoded(file.clone()).is_ok());
        for cut in [3, 13, 21, file.len() / 2, file.len() - 3] {
            let Err(failure) = decoded(file[..cut].to_vec()) else { panic!("cut at {cut}") };
            assert!(
                matches!(failure, Failure::Truncated(_) | Failure::Unsupported(_)),
                "{failure:?}"
            );
        }
        for _ in 0..150 {
            let mut damaged = file.clone();
            for _ in 0..random.next(4) + 1 {
                let place = random.next(damaged.len());
                damaged[place] = random.next(256) as u8;
            }
            // Whatever comes out: it comes out.
            decoded(damaged).ok();
        }
    }
}
