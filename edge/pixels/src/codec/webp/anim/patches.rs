//! Which parts of a frame are written, where the rest stays as it is.

use super::super::alpha::CELL;
use crate::anim::{Rectangle, differs};
use crate::budget::Job;
use crate::channels::widen;
use crate::failure::Failure;
use crate::raster::{Channels, Raster};

/// Of how many cells one has to stay for a mask to pay.
const WORTH: usize = 8;

/// Where a part of a frame differs by more than `most` from what is `shown` at its place: 255 there and
/// 0 elsewhere, cell by cell. `None` if all of it is to be written: if little stays, or if something
/// becomes transparent, which a frame that lies over another one cannot do.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn mask(
    shown: &Raster,
    part: &Raster,
    place: Rectangle,
    most: u8,
    job: &Job<'_>,
) -> Result<Option<Raster>, Failure> {
    let (size, count) = (part.size, part.channels.count());
    let (width, stretch) = (size.width as usize, CELL * count);
    let mut samples = job.bytes(size.pixels() as usize)?;
    let mut changed = job.bytes(width.div_ceil(CELL))?;
    let (mut cells, mut kept) = (0, 0);
    let mut rows = place.rows(shown).zip(part.rows());
    for band in samples.chunks_mut(width * CELL) {
        changed.fill(0);
        for (before, after) in rows.by_ref().take(band.len() / width) {
            let pairs = before.chunks(stretch).zip(after.chunks(stretch));
            for (changed, (before, after)) in changed.iter_mut().zip(pairs) {
                if *changed == 0 && before != after && differs(before, after, most) {
                    *changed = 255;
                }
            }
        }
        for row in band.chunks_mut(width) {
            let cells = row.chunks_mut(CELL).zip(&changed);
            cells.for_each(|(cell, changed)| cell.fill(*changed));
        }
        cells += changed.len();
        kept += changed.iter().filter(|changed| **changed == 0).count();
    }
    let alphas = part.samples.iter().skip(count - 1).step_by(count);
    let clears = part.channels.has_alpha()
        && alphas.zip(&samples).any(|(alpha, changed)| *alpha < 255 && *changed > 0);
    let pays = kept * WORTH >= cells && !clears;
    Ok(pays.then_some(Raster { size, channels: Channels::Grey, samples }))
}

/// A part of a frame with what is the same as what is `shown` at its place made transparent, which
/// shows what is there. Nothing is made so if something of it has to become transparent.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn news(
    shown: &Raster,
    part: &Raster,
    place: Rectangle,
    job: &Job<'_>,
) -> Result<Option<Raster>, Failure> {
    let mut news = widen(part.clone(), Channels::Rgba, job)?;
    let count = part.channels.count();
    let pairs = place.rows(shown).zip(part.rows());
    for (row, (before, after)) in news.samples.chunks_mut(part.size.width as usize * 4).zip(pairs) {
        let pairs = before.chunks(count).zip(after.chunks(count));
        for (pixel, (before, after)) in row.as_chunks_mut::<4>().0.iter_mut().zip(pairs) {
            if before == after {
                *pixel = [0; 4];
            } else if pixel[3] < 255 {
                return Ok(None);
            }
        }
    }
    Ok(Some(news))
}

/// How many pixels are neither what is at their left nor what is above them.
pub fn singular(part: &Raster) -> u64 {
    let count = part.channels.count();
    let mut above: &[u8] = &[];
    let mut singular = 0;
    for row in part.rows() {
        let mut left: &[u8] = &[];
        let mut places = above.chunks_exact(count);
        for pixel in row.chunks_exact(count) {
            singular += u64::from(pixel != left && Some(pixel) != places.next());
            left = pixel;
        }
        above = row;
    }
    singular
}

/// Puts what is written of a part of a frame where it is shown.
pub fn put(shown: &mut Raster, part: &Raster, place: Rectangle, mask: Option<&Raster>) {
    let count = part.channels.count();
    let mut masks = mask.into_iter().flat_map(Raster::rows);
    for (shown, part) in place.rows_mut(shown).zip(part.rows()) {
        match masks.next() {
            None => shown.copy_from_slice(part),
            Some(mask) => {
                let pixels = shown.chunks_mut(count).zip(part.chunks(count)).zip(mask);
                for ((shown, pixel), _) in pixels.filter(|(_, changed)| **changed > 0) {
                    shown.copy_from_slice(pixel);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;
    use selvedge_plan::geometry::Size;

    const SIZE: Size = Size { width: 20, height: 18 };

    fn frame(channels: Channels, change: impl Fn(usize, usize) -> u8) -> Raster {
        let samples = (0..20 * 18)
            .flat_map(|i| {
                let value = change(i % 20, i / 20);
                [value, value, value, 255 - value][4 - channels.count()..].to_vec()
            })
            .collect();
        Raster::new(SIZE, channels, samples).unwrap()
    }

    fn mask_of(before: &Raster, after: &Raster, most: u8) -> Option<Raster> {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        let place = Rectangle { left: 0, top: 0, size: SIZE };
        mask(before, after, place, most, &job).unwrap()
    }

    fn news_of(before: &Raster, after: &Raster) -> Option<Raster> {
        let mut trace = |_: &'static str| {};
        let job = Job::new(Budget::UNLIMITED, 0, &mut trace);
        news(before, after, Rectangle { left: 0, top: 0, size: SIZE }, &job).unwrap()
    }

    #[test]
    fn cells_that_changed_are_written_and_no_others() {
        let before = frame(Channels::Rgba, |_, _| 0);
        let mut after = before.clone();
        after.samples[(9 * 20 + 17) * 4] = 3;
        assert!(mask_of(&before, &after, 3).unwrap().samples.iter().all(|changed| *changed == 0));
        let mask = mask_of(&before, &after, 2).unwrap();
        for (i, changed) in mask.samples.iter().enumerate() {
            let inside = i % 20 >= 16 && (8..16).contains(&(i / 20));
            assert_eq!(*changed > 0, inside, "{i}");
        }
        let mut shown = before.clone();
        let place = Rectangle { left: 0, top: 0, size: SIZE };
        put(&mut shown, &after, place, Some(&mask));
        assert_eq!(shown, after);
        after.samples[0] = 1;
        put(&mut shown, &after, place, Some(&mask));
        assert_ne!(shown, after, "only what is written is shown");
        put(&mut shown, &after, place, None);
        assert_eq!(shown, after);
    }

    #[test]
    fn what_becomes_transparent_is_written_as_a_whole() {
        let before = frame(Channels::Rgba, |_, _| 0);
        let after = frame(Channels::Rgba, |x, _| u8::from(x == 3));
        assert_eq!(mask_of(&before, &after, 0), None);
        assert!(mask_of(&before, &after, 1).is_some());
        assert_eq!(news_of(&before, &after), None);
    }

    #[test]
    fn what_stays_is_no_news() {
        let before = frame(Channels::Rgb, |_, _| 0);
        let after = frame(Channels::Rgb, |x, y| if (x, y) == (3, 2) { 7 } else { 0 });
        let news = news_of(&before, &after).unwrap();
        let seen: Vec<usize> = (0..20 * 18).filter(|i| news.samples[i * 4 + 3] > 0).collect();
        assert_eq!(seen, [2 * 20 + 3]);
    }
}
