//! What dav1d makes of a stream is, sample by sample, what the encoder took decoders to see.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::super::header::{Deblocking, Still, still};
use super::super::matrix::Matrices;
use super::super::search::{Search, Settings};
use super::super::tiles::Tiles;
use super::super::{Care, Chroma, Plane};
use super::{random, sample};

/// Planes of a picture that has something of everything: flat, sloping, edges in all directions, noise.
fn picture(width: usize, height: usize, chroma: Chroma, state: &mut u32) -> Vec<Vec<u8>> {
    let (kind, turn) = (random(state, 3), random(state, 90));
    let plane = |plane: usize, state: &mut u32| -> Vec<u8> {
        let shift = if plane == 0 { 0 } else { chroma.shift() };
        let (width, height) = (width.div_ceil(1 << shift), height.div_ceil(1 << shift));
        let at = |index: usize, state: &mut u32| {
            let (x, y) = ((index % width) as i32, (index / width) as i32);
            let (slope, edge) = (x * turn / 16 + y * 3, (x * turn + y * 40) / 128 % 2 * 120);
            let noise = i32::from(sample(state));
            let value = match (kind, (x / 24 + y / 24) % 3) {
                (-3, _) => noise,
                (-2, _) => 77,
                (-1, 0) | (0, _) => slope + noise / 16,
                (1, 0 | 1) | (2, _) => edge + noise / 32,
                (_, 1) => noise / 4 + 90,
                _ => (x ^ y) * 7,
            };
            (value + 30 * plane as i32) as u8
        };
        (0..width * height).map(|index| at(index, state)).collect()
    };
    (0..chroma.planes()).map(|index| plane(index, state)).collect()
}

/// The planes of a stream, one after the other, by the program of dav1d; `None` where it is missing.
fn by_dav1d(stream: &[u8], folder: &Path) -> Option<Vec<u8>> {
    let (from, to) = (folder.join("still.obu"), folder.join("still.yuv"));
    // A unit that says that a picture begins, which files of other kinds do without.
    let units = [&[0x12, 0], stream].concat();
    fs::write(&from, units).unwrap();
    let mut dav1d = Command::new("dav1d");
    let done = match dav1d.arg("-q").arg("-i").arg(&from).arg("-o").arg(&to).output() {
        Ok(done) => done,
        Err(why) => {
            let nothing_skipped = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!nothing_skipped, "dav1d does not run ({why}): install the package dav1d");
            eprintln!("skipped: dav1d is missing");
            return None;
        }
    };
    assert!(done.status.success(), "{done:?}");
    Some(fs::read(to).unwrap())
}

#[test]
fn decoders_see_what_the_encoder_saw() {
    let folder = std::env::temp_dir().join(format!("selvedge-av1-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let mut state = 7;
    for turn in 0..120 {
        let chroma = [Chroma::Halved, Chroma::Full, Chroma::None][turn % 3];
        let care = [Care::Some, Care::Little, Care::Some, Care::Most][turn / 3 % 4];
        let [width, height] = [0, 1].map(|_| (1 + random(&mut state, 99).unsigned_abs()) as usize);
        let matrices = [Matrices::Seen, Matrices::Seen, Matrices::None][turn / 12 % 3];
        let index = 1 + random(&mut state, 127).unsigned_abs() as u8 * 2;
        let planes = picture(width, height, chroma, &mut state);
        let shifts = [0, 1, 2].map(|plane| if plane == 0 { 0 } else { chroma.shift() });
        let planes: Vec<Plane<'_>> = planes
            .iter()
            .zip(shifts)
            .map(|(samples, shift)| {
                let [width, height] = [width, height].map(|side| side.div_ceil(1 << shift));
                Plane { samples, width, height }
            })
            .collect();
        let settings = Settings::new(index, chroma, care, matrices);
        // Some are cut where they need not be.
        let tiles = Tiles::new(width, height, random(&mut state, 1).unsigned_abs());
        let mut streams = vec![];
        let mut seen: Vec<Vec<u8>> =
            planes.iter().map(|plane| vec![0; plane.samples.len()]).collect();
        for tile in tiles.iter() {
            let mut search = Search::new(&settings, chroma, &planes, &tile).unwrap();
            search.run(&tile);
            for (index, (plane, seen)) in planes.iter().zip(&mut seen).enumerate() {
                let (x, y) = (tile.x >> shifts[index], tile.y >> shifts[index]);
                let (rows, stride) = search.seen(index);
                let rows = rows.chunks(stride);
                for (to, from) in seen.chunks_mut(plane.width).skip(y).zip(rows) {
                    to[x..].iter_mut().zip(from).for_each(|(to, from)| *to = *from);
                }
            }
            streams.push(search.finish().unwrap());
        }
        let header = Still {
            width,
            height,
            chroma,
            base_q_idx: index,
            chroma_deltas: (settings.delta, settings.delta),
            matrices,
            // Filters come after what is compared.
            deblocking: Deblocking::default(),
        };
        let stream = still(&header, &tiles, &streams).unwrap();
        let Some(decoded) = by_dav1d(&stream, &folder) else { return };
        let said = format!("{turn}: {width}x{height} {chroma:?} {care:?} {matrices:?} {index}");
        assert!(decoded == seen.concat(), "{said}");
    }
    fs::remove_dir_all(folder).unwrap();
}
