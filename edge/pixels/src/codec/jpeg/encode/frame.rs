//! The planes of a file, and its segments and scans.

use selvedge_plan::geometry::Size;

use super::super::tables::ZIGZAG;
use super::fdct::Block;
use super::lane::Lane;
use super::progression::{self, Band, Step};
use super::sequence;
use super::symbols::{Codes, Counts, Symbols};
use super::writer::{CodeTable, Writer};
use crate::failure::Failure;

/// The planes, and the units that their blocks come in.
pub struct Frame<'a> {
    pub size: Size,
    pub lanes: Vec<Lane<'a>>,
    /// Units across and down.
    pub units: (u32, u32),
}

impl Frame<'_> {
    /// All segments before the first scan's.
    pub fn headers(
        &self,
        writer: &mut Writer,
        steps: &[[u8; 64]; 2],
        progressive: bool,
    ) -> Result<(), Failure> {
        let side = |side: u32| {
            let bytes = u16::try_from(side).map(u16::to_be_bytes);
            bytes.map_err(|_| Failure::too_large("JPEG side", 65_535, side.into()))
        };
        let ([w1, w0], [h1, h0]) = (side(self.size.width)?, side(self.size.height)?);
        // JFIF 1.01, no density, no thumbnail.
        writer.segment(0xe0, &[b'J', b'F', b'I', b'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0]);
        for (id, steps) in (0..).zip(steps).take(self.lanes.len()) {
            let mut payload = vec![id];
            payload.extend(ZIGZAG.iter().map(|place| steps[usize::from(*place)]));
            writer.segment(0xdb, &payload);
        }
        let mut frame = vec![8, h1, h0, w1, w0, self.lanes.len() as u8];
        for (id, lane) in (1..).zip(&self.lanes) {
            frame.extend([id, (lane.factors.0 << 4 | lane.factors.1) as u8, lane.kind as u8]);
        }
        writer.segment(if progressive { 0xc2 } else { 0xc0 }, &frame);
        Ok(())
    }

    /// Writes the one scan of a sequential file: DC codes for luma and chroma, then AC codes.
    pub fn sequential(&self, writer: &mut Writer, codes: &[Codes; 4]) -> Result<(), Failure> {
        for (index, codes) in codes.iter().enumerate() {
            // Grey has no chroma.
            if index % 2 < self.lanes.len() {
                table(writer, index, codes);
            }
        }
        self.scan(writer, None, (0, 63), 0);
        self.units(writer, &codes.each_ref().map(CodeTable::new))?;
        writer.flush()
    }

    /// Codes all blocks in units, each as it is transformed.
    pub fn units<S: Symbols>(&self, out: &mut S, tables: &[S::Table; 4]) -> Result<(), Failure> {
        let mut before = [0; 3];
        let mut block = Block::EMPTY;
        for unit_y in 0..self.units.1 {
            for unit_x in 0..self.units.0 {
                out.unit()?;
                for (lane, before) in self.lanes.iter().zip(&mut before) {
                    let (across, down) = lane.factors;
                    let (dc, ac) = (&tables[lane.kind & 1], &tables[2 + (lane.kind & 1)]);
                    for y in unit_y * down..(unit_y + 1) * down {
                        for x in unit_x * across..(unit_x + 1) * across {
                            lane.transform(x, y, &mut block);
                            sequence::put_block(out, dc, ac, &block, *before);
                            *before = block.dc();
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// The blocks of each plane, in rows of whole units.
    pub fn transform(&self) -> Result<Vec<Vec<Block>>, Failure> {
        let blocks = |lane: &Lane<'_>| {
            let (across, down) = (self.units.0 * lane.factors.0, self.units.1 * lane.factors.1);
            let count = across as usize * down as usize;
            let mut blocks = Vec::new();
            let bytes = count * size_of::<Block>();
            blocks.try_reserve_exact(count).map_err(|_| Failure::out_of_memory(bytes))?;
            blocks.resize(count, Block::EMPTY);
            let places = (0..down).flat_map(|y| (0..across).map(move |x| (x, y)));
            for ((x, y), block) in places.zip(&mut blocks) {
                lane.transform(x, y, block);
            }
            Ok(blocks)
        };
        self.lanes.iter().map(blocks).collect()
    }

    /// Writes one scan of a progressive file.
    pub fn step(
        &self,
        writer: &mut Writer,
        held: &[Vec<Block>],
        step: Step,
    ) -> Result<(), Failure> {
        let mut tables = [CodeTable::EMPTY; 4];
        // One more bit of DC values needs no codes.
        if step.band.0 > 0 || step.before.is_none() {
            let mut counts = Counts::default();
            self.coefficients(&mut counts, &[0, 1, 2, 3], held, step)?;
            let kinds = match step.plane {
                Some(plane) => plane.min(1)..=plane.min(1),
                None => 0..=(self.lanes.len() - 1).min(1),
            };
            for kind in kinds {
                let index = if step.band.0 == 0 { kind } else { 2 + kind };
                let codes = counts.codes(index);
                table(writer, index, &codes);
                tables[index] = CodeTable::new(&codes);
            }
        }
        self.scan(writer, step.plane, step.band, step.before.unwrap_or(0) << 4 | step.low);
        self.coefficients(writer, &tables, held, step)?;
        writer.flush()
    }

    /// Codes what a scan has of all blocks.
    fn coefficients<S: Symbols>(
        &self,
        out: &mut S,
        tables: &[S::Table; 4],
        held: &[Vec<Block>],
        step: Step,
    ) -> Result<(), Failure> {
        let Some(index) = step.plane else { return self.dc(out, tables, held, step) };
        let (Some(lane), Some(blocks)) = (self.lanes.get(index), held.get(index)) else {
            return Ok(());
        };
        let mut band = Band::new(&tables[2 + (lane.kind & 1)], step);
        // A plane by itself has no blocks that only fill up units (T.81 §A.2.2).
        let (across, down) = lane.blocks();
        let rows = blocks.chunks((self.units.0 * lane.factors.0) as usize);
        for row in rows.take(down as usize) {
            for block in row.iter().take(across as usize) {
                out.unit()?;
                band.put(out, block);
            }
        }
        out.unit()?;
        band.end(out);
        Ok(())
    }

    /// Codes the DC values of all blocks in units.
    fn dc<S: Symbols>(
        &self,
        out: &mut S,
        tables: &[S::Table; 4],
        held: &[Vec<Block>],
        step: Step,
    ) -> Result<(), Failure> {
        let mut before = [0; 3];
        for unit_y in 0..self.units.1 {
            for unit_x in 0..self.units.0 {
                out.unit()?;
                for ((lane, blocks), before) in self.lanes.iter().zip(held).zip(&mut before) {
                    let (across, down) = lane.factors;
                    for y in unit_y * down..(unit_y + 1) * down {
                        let first = (y * self.units.0 + unit_x) * across;
                        let blocks = blocks.iter().skip(first as usize).take(across as usize);
                        for block in blocks {
                            if step.before.is_some() {
                                progression::refine_dc(out, block, step.low);
                            } else {
                                let dc = &tables[lane.kind & 1];
                                *before = progression::put_dc(out, dc, block, step.low, *before);
                            }
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// A scan's header: of one plane or all, for a band of coefficients, and their bits.
    fn scan(&self, writer: &mut Writer, plane: Option<usize>, band: (u32, u32), bits: u32) {
        let lanes = (0_usize..).zip(&self.lanes);
        let lanes: Vec<_> =
            lanes.filter(|(index, _)| plane.is_none_or(|plane| plane == *index)).collect();
        let mut payload = vec![lanes.len() as u8];
        for (index, lane) in lanes {
            payload.extend([index as u8 + 1, (lane.kind << 4 | lane.kind) as u8]);
        }
        payload.extend([band.0 as u8, band.1 as u8, bits as u8]);
        writer.segment(0xda, &payload);
    }
}

/// Writes a table: DC for luma, for chroma, AC for luma, for chroma.
fn table(writer: &mut Writer, index: usize, codes: &Codes) {
    let mut payload = vec![((index as u8 / 2) << 4) | (index as u8 % 2)];
    payload.extend(codes.counts);
    payload.extend(codes.symbols.iter());
    writer.segment(0xc4, &payload);
}
