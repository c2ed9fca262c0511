//! One coded picture (ITU-T H.265), as HEIF keeps it (ISO/IEC 14496-15 §8.3.3).
//!
//! The decoder takes memory without asking, so what it will take is known before it begins; and what
//! it relies on is checked before it is told.

use heifer_hevc_dec::nal::{NalUnit, NalUnitType};
use heifer_hevc_dec::params::{ParameterSets, Sps, SpsRangeExtension};
use heifer_hevc_dec::recon::{Frame, Reconstructor};
use heifer_hevc_dec::slice::SliceHeader;
use heifer_hevc_dec::syntax::{Picture, decode_slice_segment};
use selvedge_pixels::Failure;
use selvedge_plan::geometry::Size;

use crate::boxes::{Reader, malformed, unsupported};
use crate::canvas::Part;
use crate::colour::Meaning;

/// Work units for a pixel: 12 megapixels of a phone take 0.35 seconds.
pub const WORK: u64 = 30;

/// Bytes that decoding takes whatever the size: contexts, coefficients, tables.
const FIXED: u64 = 256 << 10;

/// How pictures are coded: the parameter sets of an item.
pub struct Sets {
    sets: ParameterSets,
    /// Bytes of the length before each unit.
    length: u8,
}

impl Sets {
    /// Of an `hvcC` box (ISO/IEC 14496-15 §8.3.3.1.2).
    ///
    /// # Errors
    /// [`Failure::Malformed`], or [`Failure::Unsupported`] for what the decoder does not know.
    pub fn read(mut body: Reader<'_>) -> Result<Self, Failure> {
        let head: [u8; 23] = body.array()?;
        let [version, .., lengths, arrays] = head;
        if version != 1 {
            return Err(unsupported("a description of a new kind"));
        }
        let mut sets = ParameterSets::default();
        for _ in 0..arrays {
            body.u8()?;
            for _ in 0..body.u16()? {
                let length = body.u16()?;
                let unit = NalUnit::parse(body.take(length.into())?).map_err(refusal)?;
                sets.add(&unit).map_err(refusal)?;
            }
        }
        Ok(Self { sets, length: (lengths & 3) + 1 })
    }

    /// Upper bound of bytes that a picture takes while it is decoded, without those of its file.
    ///
    /// # Errors
    /// As [`Self::read`], here and below.
    pub fn memory(&self) -> Result<u64, Failure> {
        self.sequence().map(memory)
    }

    /// Whether pictures have no chroma.
    pub fn is_grey(&self) -> Result<bool, Failure> {
        Ok(self.sequence()?.chroma_format_idc == 0)
    }

    /// What the numbers of pictures mean, unless their items say so.
    pub fn meaning(&self) -> Result<Meaning, Failure> {
        self.sequence().map(Meaning::of_sequence)
    }

    /// The one sequence that a still has.
    fn sequence(&self) -> Result<&Sps, Failure> {
        let sps = self.sets.sps.iter().flatten().next();
        let sps = sps.ok_or_else(|| malformed("a coded picture without parameters"))?;
        checked(sps)?;
        Ok(sps)
    }

    /// Decodes a picture of `size`, whose units are `data`. It also says what its numbers mean.
    ///
    /// # Errors
    /// As [`Self::read`]; also if `admit` refuses the bytes that it will take.
    pub fn decode(
        mut self,
        data: &[u8],
        size: Size,
        admit: impl FnOnce(u64) -> Result<(), Failure>,
    ) -> Result<(Part, Meaning), Failure> {
        let mut units = Units { data: Reader::new(data, "coded picture"), length: self.length };
        // What comes before the first slice may change the parameters; nothing else may.
        let mut unit = units.next()?;
        while !unit.header.unit_type.is_slice() {
            self.sets.add(&unit).map_err(refusal)?;
            unit = units.next()?;
        }
        let sets = &self.sets;
        let mut header = slice(&unit, sets, None)?;
        let number = header.slice_pic_parameter_set_id;
        let (pps, sps) = sets.get(number.into()).map_err(refusal)?;
        checked(sps)?;
        if sps.output_size() != (size.width, size.height) {
            return Err(unsupported("a picture of another size than its item"));
        }
        admit(memory(sps).saturating_add(data.len() as u64))?;

        let mut picture = Picture::new(sps, pps);
        let mut made = Reconstructor::new(sps, pps);
        let mut previous: Option<SliceHeader> = None;
        loop {
            // Slices follow each other without gap, so that none is decoded twice (§7.4.7.1).
            let place = picture.layout.rs_to_ts.get(header.slice_segment_address as usize);
            if place != Some(&picture.decoded_ctbs) || header.slice_pic_parameter_set_id != number {
                return Err(malformed("a slice is not where it belongs"));
            }
            made.start_slice(&header);
            let quantiser = header.slice_qp_y(sets).map_err(refusal)?;
            let data = unit.rbsp.get(header.header_size..).unwrap_or_default();
            decode_slice_segment(&mut picture, &header, quantiser, data, &mut made)
                .map_err(refusal)?;
            if let Some(error) = made.error.take() {
                return Err(refusal(error));
            }
            if picture.is_complete() {
                break;
            }
            if !header.dependent_slice_segment_flag {
                previous = Some(header);
            }
            unit = units.next()?;
            while !unit.header.unit_type.is_slice() {
                unit = units.next()?;
            }
            header = slice(&unit, sets, previous.as_ref())?;
        }
        drop(picture);
        let Frame { planes, widths, .. } = made.finish(false);
        let [left, _, top, _] = sps.conf_win_offsets;
        let [luma, chroma, _] = widths;
        let part = Part { planes, widths: [luma, chroma], crop: (left, top), size };
        Ok((part, Meaning::of_sequence(sps)))
    }
}

/// The units of a coded picture, each after its length.
struct Units<'a> {
    data: Reader<'a>,
    length: u8,
}

impl<'a> Units<'a> {
    fn next(&mut self) -> Result<NalUnit<'a>, Failure> {
        if self.data.is_empty() {
            return Err(malformed("a coded picture is not complete"));
        }
        let length = self.data.sized(self.length)?;
        let length = usize::try_from(length).unwrap_or(usize::MAX);
        NalUnit::parse(self.data.take(length)?).map_err(refusal)
    }
}

/// The header of a slice that needs no other picture.
fn slice(
    unit: &NalUnit<'_>,
    sets: &ParameterSets,
    previous: Option<&SliceHeader>,
) -> Result<SliceHeader, Failure> {
    let NalUnitType::IrapSlice(_) = unit.header.unit_type else {
        return Err(unsupported("pictures that need others"));
    };
    if unit.header.layer_id != 0 {
        return Err(unsupported("several layers"));
    }
    let header = SliceHeader::parse(&unit.rbsp, &unit.header, sets, previous).map_err(refusal)?;
    if header.first_slice_segment_in_pic_flag != previous.is_none() {
        return Err(malformed("a slice is not where it belongs"));
    }
    Ok(header)
}

/// What is decoded here: 8 bits, 4:2:0 or grey, without what only other profiles have.
fn checked(sps: &Sps) -> Result<(), Failure> {
    if (sps.bit_depth_luma, sps.bit_depth_chroma) != (8, 8) {
        return Err(unsupported("more than 8 bits"));
    }
    if sps.chroma_format_idc > 1 {
        return Err(unsupported("chroma of full width"));
    }
    if sps.range_extension != SpsRangeExtension::default() {
        return Err(unsupported("range extensions"));
    }
    let size =
        Size { width: sps.pic_width_in_luma_samples, height: sps.pic_height_in_luma_samples };
    selvedge_pixels::codec::within_limits(size).map(|_| ())
}

/// Upper bound of bytes of a picture and of what the decoder keeps about it.
fn memory(sps: &Sps) -> u64 {
    let (width, height) = (sps.pic_width_in_luma_samples, sps.pic_height_in_luma_samples);
    let blocks = |side: u32| {
        let count = |length: u32| u64::from(length.div_ceil(side));
        count(width) * count(height)
    };
    // Samples have two bytes, and the largest plane is there twice while edges are smoothed.
    let samples = 5 * u64::from(width) * u64::from(height);
    // Of each 4 × 4 samples the slice (twice), modes, quantiser and edges; of each tree block its
    // place (twice three words, and what they are made of) and its offsets (twice).
    samples + 17 * blocks(4) + 128 * blocks(sps.ctb_size()) + FIXED
}

/// What an error of the decoder means to us.
fn refusal(error: heifer_hevc_dec::Error) -> Failure {
    match error {
        heifer_hevc_dec::Error::Unimplemented(what) => unsupported(what),
        error => malformed(format!("the coded picture is damaged: {error}")),
    }
}
