//! Sample images, drawn by our own code, so that they are ours to give away and the same everywhere.

mod canvas;
mod card;
mod exif;
mod files;
mod landscape;
mod noise;
mod plain;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

pub use canvas::Canvas;
pub use card::{CORNERS, card, stored_for};
pub use exif::orientation as exif_orientation;
pub use files::{Jpeg, gif, interlaced_png, moving_webp, palette_png, png, png_16, webp};
pub use landscape::landscape;
pub use plain::{bmp, ico, tiff};

/// How large the pictures are.
struct Sizes {
    photo: (u32, u32),
    other: (u32, u32),
    card: (u32, u32),
}

/// Writes the samples for people into `dir`, and tells their files.
///
/// # Errors
/// If a file cannot be written.
pub fn write(dir: &Path) -> io::Result<Vec<PathBuf>> {
    write_set(dir, &Sizes { photo: (1600, 1067), other: (800, 534), card: (480, 320) })
}

/// Writes the same kinds of files with few pixels, for tests.
///
/// # Errors
/// If a file cannot be written.
pub fn small_set(dir: &Path) -> io::Result<Vec<PathBuf>> {
    write_set(dir, &Sizes { photo: (203, 135), other: (97, 61), card: (96, 64) })
}

fn write_set(dir: &Path, sizes: &Sizes) -> io::Result<Vec<PathBuf>> {
    let photo = landscape(sizes.photo.0, sizes.photo.1);
    let small = landscape(sizes.other.0, sizes.other.1);
    let clear = faded(&small);
    let plain = Jpeg::default();
    let mut files = vec![
        ("photo.jpg".to_owned(), plain.encode(&photo)?),
        ("photo-progressive.jpg".to_owned(), Jpeg { progressive: true, ..plain }.encode(&small)?),
        ("photo-grey.jpg".to_owned(), Jpeg { grey: true, ..plain }.encode(&small)?),
        ("alpha.png".to_owned(), png(&clear)?),
        ("palette.png".to_owned(), palette_png(&small)?),
        ("depth-16.png".to_owned(), png_16(&small)?),
        ("interlaced.png".to_owned(), interlaced_png(&small)?),
        ("lossless.webp".to_owned(), webp(&small, false)?),
        ("alpha.webp".to_owned(), webp(&clear, true)?),
        ("bitmap.bmp".to_owned(), bmp(&small)?),
        ("icon.ico".to_owned(), ico(&landscape(48, 48))?),
        ("strips.tiff".to_owned(), tiff(&clear)?),
        ("frames.gif".to_owned(), gif(&[small.clone(), inverted(&small)])?),
    ];
    let upright = card(sizes.card.0, sizes.card.1);
    for orientation in 1..=8 {
        let jpeg = Jpeg { orientation: Some(orientation), full_chroma: true, ..plain };
        let file = jpeg.encode(&stored_for(&upright, orientation))?;
        files.push((format!("card-{orientation}.jpg"), file));
    }
    files.into_iter().map(|(name, bytes)| put(&dir.join(name), &bytes)).collect()
}

/// Writes a file unless it is there already with these bytes. It appears whole: servers may be
/// reading the one before it.
///
/// # Errors
/// If it cannot be written.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<PathBuf> {
    // Tests of one process put the same files at the same time.
    static COUNT: AtomicU32 = AtomicU32::new(0);
    if !fs::read(path).is_ok_and(|known| known == bytes) {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let whole = path.with_file_name(format!(".{name}.{}-{count}", std::process::id()));
        fs::write(&whole, bytes)?;
        fs::rename(&whole, path)?;
    }
    Ok(path.to_owned())
}

/// The picture in a soft round frame: opaque in the middle, clear in the corners.
fn faded(picture: &Canvas) -> Canvas {
    Canvas::draw(picture.width, picture.height, |x, y| {
        let centred = |at: u32, side: u32| (at as f32 + 0.5) / side as f32 * 2.0 - 1.0;
        let (u, v) = (centred(x, picture.width), centred(y, picture.height));
        let [red, green, blue, _] = picture.at(x, y);
        let alpha = ((1.1 - (u * u + v * v)) * 2.0).clamp(0.0, 1.0);
        [red, green, blue, (alpha * 255.0) as u8]
    })
}

fn inverted(picture: &Canvas) -> Canvas {
    Canvas::draw(picture.width, picture.height, |x, y| {
        let [red, green, blue, alpha] = picture.at(x, y);
        [255 - red, 255 - green, 255 - blue, alpha]
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture;

    #[test]
    fn every_sample_reads_back_with_its_size() {
        let dir = crate::workspace::scratch("small").unwrap();
        let files = small_set(&dir).unwrap();
        assert_eq!(files.len(), 21);
        for file in files {
            let bytes = fs::read(&file).unwrap();
            let name = file.file_name().unwrap().to_str().unwrap();
            // No other decoder of these is at hand: they are compared with Pillow elsewhere.
            let size =
                if name.ends_with(".bmp") || name.ends_with(".ico") || name.ends_with(".tiff") {
                    let size = selvedge_pixels::probe(&bytes).unwrap().size;
                    (size.width, size.height)
                } else {
                    picture::size(&bytes).unwrap()
                };
            let expected = match name {
                "photo.jpg" => (203, 135),
                "icon.ico" => (48, 48),
                "card-5.jpg" | "card-6.jpg" | "card-7.jpg" | "card-8.jpg" => (64, 96),
                card if card.starts_with("card") => (96, 64),
                _ => (97, 61),
            };
            assert_eq!(size, expected, "{name}");
        }
    }
}
