use super::cells::Point;
use super::nearest::{NONE, Nearest};
use super::space::{Place, distance, place, premultiplied};
use super::*;

/// Numbers that look like noise.
fn noise(seed: u32) -> impl Iterator<Item = u32> {
    (1..).map(move |i: u32| {
        (i ^ seed).wrapping_mul(0x9e37_79b1).rotate_left(15).wrapping_mul(0x85eb_ca6b)
    })
}

fn palette(pixels: &[[u8; 4]], most: usize, error: u64) -> Palette {
    let mut cells = Cells::of(pixels.iter().copied(), pixels.len() as u64).unwrap();
    Palette::of(&mut cells, most, error).unwrap()
}

/// The colours that a picture has when it is dithered.
fn dithered(pixels: &[[u8; 4]], width: usize, palette: &mut Palette) -> Vec<[u8; 4]> {
    let mut diffuser = Diffuser::new(width as u32).unwrap();
    let mut shown = Vec::new();
    let mut numbers = vec![0; width];
    for row in pixels.chunks_exact(width) {
        diffuser.row(row, palette, &mut numbers);
        shown.extend(numbers.iter().map(|number| match number {
            0 => [0; 4],
            number => palette.colours()[usize::from(*number) - 1],
        }));
    }
    shown
}

#[test]
fn few_colours_are_found_as_they_are() {
    let colours =
        [[10, 20, 30, 255], [200, 100, 0, 255], [255; 4], [10, 20, 60, 128], [1, 2, 3, 0]];
    let pixels: Vec<[u8; 4]> = (0..1_000).map(|i| colours[i % 5]).collect();
    let mut palette = palette(&pixels, MOST, 0);
    assert_eq!(palette.error(), 0);
    // What is not opaque comes first; what is not seen has no colour.
    assert_eq!((palette.colours().len(), palette.colours()[0]), (4, [10, 20, 60, 128]));
    let seen = |colour: &[u8; 4]| if colour[3] == 0 { [0; 4] } else { *colour };
    let expected: Vec<[u8; 4]> = pixels.iter().map(seen).collect();
    assert_eq!(dithered(&pixels, 50, &mut palette), expected);
}

#[test]
fn a_flat_colour_stays_as_it_is_among_many() {
    let near = noise(7).map(|n| [250 + (n >> 8) as u8 % 5, 250, (n >> 16) as u8, 255]);
    let pixels: Vec<[u8; 4]> = near
        .take(20_000)
        .enumerate()
        .map(|(i, it)| if i % 3 == 0 { it } else { [255; 4] })
        .collect();
    assert!(palette(&pixels, 8, 0).colours().contains(&[255; 4]));
}

#[test]
fn fewer_colours_do_where_more_may_be_wrong() {
    let pixels: Vec<[u8; 4]> =
        (0..65_536).map(|i| [(i >> 8) as u8, (i >> 8) as u8, 90, 255]).collect();
    let mut before = MOST + 1;
    for error in [1, 16, 100, 1_000, 10_000] {
        let palette = palette(&pixels, MOST, error);
        assert!(palette.error() <= error, "{error}: {}", palette.error());
        assert!(palette.colours().len() < before, "{error}: {}", palette.colours().len());
        before = palette.colours().len();
    }
}

#[test]
fn the_nearest_one_is_found() {
    let mut numbers = noise(1);
    let mut colour = || numbers.next().unwrap().to_le_bytes();
    let places: Vec<Place> =
        (0..255).map(|_| place(premultiplied(colour()).map(i32::from))).collect();
    let nearest = Nearest::of(places.iter().copied().zip(0..));
    for _ in 0..5_000 {
        let wanted = place(premultiplied(colour()).map(i32::from));
        let (number, far) = nearest.find(&wanted, NONE);
        let least = places.iter().map(|place| distance(place, &wanted)).min().unwrap();
        assert_eq!((far, distance(&places[usize::from(number)], &wanted)), (least, least));
        assert_eq!(nearest.find(&wanted, (9, least)), (9, least), "nothing is nearer");
    }
}

#[test]
fn distances_are_means_of_those_on_black_and_white() {
    // Of greys, in levels of luma: nothing else differs.
    let on = |[grey, .., alpha]: [u8; 4], ground: i32| {
        let (grey, alpha) = (i32::from(grey), i32::from(alpha));
        (grey * alpha + ground * (255 - alpha)) as f64 / 255.0
    };
    for (one, other) in
        [([200, 200, 200, 255], [90, 90, 90, 100]), ([0, 0, 0, 10], [255, 255, 255, 60])]
    {
        let squares = [0, 255].map(|ground| (on(one, ground) - on(other, ground)).powi(2));
        let expected = (squares[0] + squares[1]) / 2.0;
        let [one, other] = [one, other].map(|it| place(premultiplied(it).map(i32::from)));
        let found = f64::from(distance(&one, &other)) / f64::from(LEVEL * LEVEL);
        assert!((found / expected - 1.0).abs() < 0.03, "{found} {expected}");
    }
}

#[test]
fn dots_have_the_mean_of_what_they_stand_for() {
    let (width, height) = (256, 64);
    let pixels: Vec<[u8; 4]> = (0..width * height)
        .map(|i| [[(i % width) as u8; 3].as_slice(), &[255]].concat())
        .map(|it| [it[0], it[1], it[2], it[3]])
        .collect();
    let mut palette = palette(&pixels, 6, 0);
    let shown = dithered(&pixels, width, &mut palette);
    for left in (32..width - 32).step_by(16) {
        let mean = |pixels: &[[u8; 4]]| {
            let part = pixels.chunks_exact(width).flat_map(|row| &row[left..left + 16]);
            part.map(|pixel| f64::from(pixel[0])).sum::<f64>() / (16 * height) as f64
        };
        // A quarter of an error is left out, so means lean to the colours that there are.
        assert!((mean(&pixels) - mean(&shown)).abs() < 12.0, "{left}: {}", mean(&shown));
    }
    assert!(palette.error() > 100, "there is something to be dithered");
}

#[test]
fn nobody_sees_through_what_was_opaque() {
    let pixels: Vec<[u8; 4]> = noise(3)
        .take(64 * 64)
        .map(|n| {
            let [r, g, b, alpha] = n.to_le_bytes();
            [
                r,
                g,
                b,
                match alpha {
                    0..90 => 0,
                    90..180 => 255,
                    alpha => alpha,
                },
            ]
        })
        .collect();
    let mut palette = palette(&pixels, 12, 0);
    for (pixel, shown) in pixels.iter().zip(dithered(&pixels, 64, &mut palette)) {
        match pixel[3] {
            0 => assert_eq!(shown[3], 0),
            255 => assert_eq!(shown[3], 255),
            _ => assert!((1..255).contains(&shown[3]), "{pixel:?} {shown:?}"),
        }
    }
}

#[test]
fn many_colours_are_counted_within_bounds() {
    let pixels: Vec<[u8; 4]> = noise(5).take(200_000).map(u32::to_le_bytes).collect();
    let cells = Cells::of(pixels.iter().copied(), pixels.len() as u64).unwrap();
    assert!(cells.points.len() < Cells::MOST && cells.points.len() > Cells::MOST / 16);
    let seen = pixels.iter().filter(|pixel| pixel[3] > 0).count() as u64;
    assert_eq!(cells.points.iter().map(|point| u64::from(point.count)).sum::<u64>(), seen);
    let (clear, opaque) = cells.points.split_at(cells.clear);
    let of = |is: fn(u8) -> bool| pixels.iter().filter(|pixel| is(pixel[3])).count() as u64;
    let sum = |points: &[Point]| points.iter().map(|it| u64::from(it.count)).sum::<u64>();
    assert_eq!(sum(clear), of(|alpha| (1..255).contains(&alpha)));
    assert_eq!(sum(opaque), of(|alpha| alpha == 255));
}
