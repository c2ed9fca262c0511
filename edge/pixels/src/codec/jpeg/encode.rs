//! Encoding planes as a baseline file.

use selvedge_plan::geometry::Size;
use selvedge_plan::options::quality::Quality;

use super::fdct::Quantiser;
use super::standard::{
    self, CHROMA_AC, CHROMA_DC, CHROMA_STEPS, Codes, LUMA_AC, LUMA_DC, LUMA_STEPS,
};
use super::tables::ZIGZAG;
use super::writer::{CodeTable, Writer};
use crate::failure::Failure;
use crate::raster::{Channels, Planar, Raster, Space};
use crate::simd::I16x8;

/// From the natural to the zigzag order.
const TO_ZIGZAG: [u8; 64] = {
    let mut order = [0; 64];
    let mut k = 0;
    while k < 64 {
        order[ZIGZAG[k] as usize] = k as u8;
        k += 1;
    }
    order
};

/// What a kind of plane is coded with.
struct Coding {
    quantiser: Quantiser,
    dc: CodeTable,
    ac: CodeTable,
}

impl Coding {
    fn new(steps: &[u8; 64], dc: &Codes, ac: &Codes) -> Self {
        let quantiser = Quantiser::new(steps);
        Self { quantiser, dc: CodeTable::new(dc), ac: CodeTable::new(ac) }
    }
}

/// A plane under way.
struct Lane<'a> {
    plane: &'a Raster,
    coding: &'a Coding,
    /// Blocks of a unit, across and down.
    factors: (u32, u32),
    /// The last DC value.
    before: i32,
}

/// Encodes grey, or luma and chroma.
///
/// # Errors
/// [`Failure::TooLarge`] beyond 65 535 pixels a side, [`Failure::Unsupported`] for other planes,
/// [`Failure::OverBudget`].
pub fn encode(planar: Planar, quality: Quality) -> Result<Vec<u8>, Failure> {
    let grey = match planar.space {
        Space::Grey => true,
        Space::YCbCr => false,
        other => return Err(Failure::Unsupported(format!("JPEG of {other:?}"))),
    };
    let luma_steps = standard::steps(&LUMA_STEPS, quality.value());
    let chroma_steps = standard::steps(&CHROMA_STEPS, quality.value());
    let luma = Coding::new(&luma_steps, &LUMA_DC, &LUMA_AC);
    let chroma = Coding::new(&chroma_steps, &CHROMA_DC, &CHROMA_AC);
    let luma_factors = if grey { (1, 1) } else { planar.chroma };
    let mut lanes: Vec<Lane<'_>> = Vec::new();
    for plane in &planar.planes {
        let first = lanes.is_empty();
        let (coding, factors) = if first { (&luma, luma_factors) } else { (&chroma, (1, 1)) };
        lanes.push(Lane { plane, coding, factors, before: 0 });
    }

    let mut writer = Writer::new();
    headers(&mut writer, planar.size, &lanes, &luma_steps, &chroma_steps)?;
    let units_across = planar.size.width.div_ceil(8 * luma_factors.0);
    let units_down = planar.size.height.div_ceil(8 * luma_factors.1);
    let mut block = [0; 64];
    for unit_y in 0..units_down {
        for unit_x in 0..units_across {
            writer.unit()?;
            for lane in &mut lanes {
                let (across, down) = lane.factors;
                for y in unit_y * down..(unit_y + 1) * down {
                    for x in unit_x * across..(unit_x + 1) * across {
                        let samples = samples(lane.plane, x as usize * 8, y as usize * 8);
                        let mask = lane.coding.quantiser.run(samples, &mut block);
                        put_block(&mut writer, lane, &block, mask);
                    }
                }
            }
        }
    }
    writer.flush();
    // The pixels end here: they and two copies of the file need not be in memory together.
    drop(lanes);
    drop(planar);
    writer.finish()
}

fn headers(
    writer: &mut Writer,
    size: Size,
    lanes: &[Lane<'_>],
    luma_steps: &[u8; 64],
    chroma_steps: &[u8; 64],
) -> Result<(), Failure> {
    let side = |side: u32| {
        let bytes = u16::try_from(side).map(u16::to_be_bytes);
        bytes.map_err(|_| Failure::too_large("JPEG side", 65_535, side.into()))
    };
    let ([w1, w0], [h1, h0]) = (side(size.width)?, side(size.height)?);
    // JFIF 1.01, no density, no thumbnail.
    writer.segment(0xe0, &[b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
    let kinds = lanes.len().min(2);
    for (id, steps) in (0..).zip([luma_steps, chroma_steps]).take(kinds) {
        let mut payload = vec![id];
        payload.extend(ZIGZAG.iter().map(|place| steps[usize::from(*place)]));
        writer.segment(0xdb, &payload);
    }
    let mut frame = vec![8, h1, h0, w1, w0, lanes.len() as u8];
    let mut scan = vec![lanes.len() as u8];
    for (id, lane) in (1..).zip(lanes) {
        let table = u8::from(id > 1);
        frame.extend([id, (lane.factors.0 << 4 | lane.factors.1) as u8, table]);
        scan.extend([id, table << 4 | table]);
    }
    writer.segment(0xc0, &frame);
    let codes = [(0x00, LUMA_DC), (0x10, LUMA_AC), (0x01, CHROMA_DC), (0x11, CHROMA_AC)];
    for (class, codes) in codes.into_iter().take(kinds * 2) {
        let mut payload = vec![class];
        payload.extend(codes.counts);
        payload.extend(codes.symbols);
        writer.segment(0xc4, &payload);
    }
    scan.extend([0, 63, 0]);
    writer.segment(0xda, &scan);
    Ok(())
}

/// 8 × 8 samples less 128; beyond the edges the last ones are repeated.
#[inline(always)]
fn samples(plane: &Raster, x: usize, y: usize) -> [I16x8; 8] {
    let (width, height) = (plane.size.width as usize, plane.size.height as usize);
    let centre = I16x8::splat(128);
    if x + 8 <= width && y + 8 <= height {
        return core::array::from_fn(|row| {
            let at = (y + row) * width + x;
            let bytes = plane.samples.get(at..).and_then(|rest| rest.first_chunk());
            I16x8::load_bytes(bytes.unwrap_or(&[0; 8])).sub(centre)
        });
    }
    core::array::from_fn(|row| {
        let start = (y + row).min(height - 1) * width;
        let bytes = core::array::from_fn(|column| {
            plane.samples.get(start + (x + column).min(width - 1)).copied().unwrap_or(0)
        });
        I16x8::load_bytes(&bytes).sub(centre)
    })
}

/// Codes one block (T.81 §F.1.2).
#[inline(always)]
fn put_block(writer: &mut Writer, lane: &mut Lane<'_>, block: &[i16; 64], mask: u64) {
    let dc = i32::from(block[0]);
    let difference = dc - lane.before;
    lane.before = dc;
    let (size, bits) = magnitude(difference);
    let (code, length) = lane.coding.dc.of(size);
    writer.put(code << size | bits, length + size);

    let mut natural = mask & !1;
    let mut order = 0_u64;
    while natural != 0 {
        order |= 1 << TO_ZIGZAG[natural.trailing_zeros() as usize & 63];
        natural &= natural - 1;
    }
    let mut last = 0;
    while order != 0 {
        let k = order.trailing_zeros();
        order &= order - 1;
        let mut run = k - last - 1;
        last = k;
        while run > 15 {
            let (code, length) = lane.coding.ac.of(0xf0);
            writer.put(code, length);
            run -= 16;
        }
        // Ten bits are what the tables of 8-bit files have codes for.
        let value = block[usize::from(ZIGZAG[k as usize & 63]) & 63].clamp(-1_023, 1_023);
        let (size, bits) = magnitude(value.into());
        let (code, length) = lane.coding.ac.of(run << 4 | size);
        writer.put(code << size | bits, length + size);
    }
    if last != 63 {
        let (code, length) = lane.coding.ac.of(0);
        writer.put(code, length);
    }
}

/// The size category of a value and its additional bits (T.81 §F.1.2.1).
#[inline(always)]
fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    (size, bits)
}

/// Bytes a pixel, in sixteenths, that no picture takes up to a quality: what noise of black, white
/// and full colours takes, and some more. Chroma has its full resolution from the fifth row on.
const LARGEST: [(u8, u64); 9] =
    [(50, 10), (70, 13), (80, 15), (85, 17), (89, 20), (92, 44), (95, 52), (98, 66), (100, 86)];

/// Upper bound of what [`encode`] allocates: the file, and its copy in one piece once the planes are
/// gone.
pub fn memory(size: Size, _channels: Channels, quality: Quality) -> u64 {
    let row = LARGEST.iter().find(|(up_to, _)| quality.value() <= *up_to);
    let file = size.pixels() * row.map_or(86, |(_, sixteenths)| *sixteenths) / 16;
    let planes = size.pixels();
    (96 << 10) + file.max((file * 2).saturating_sub(planes))
}
