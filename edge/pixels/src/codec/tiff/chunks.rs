//! Strips and tiles as they are decompressed: one of each column at a time, row by row.

use super::jpeg;
use super::layout::{Compression, Layout};
use super::lzw::{self, Lzw};
use super::packbits::PackBits;
use crate::budget::Job;
use crate::failure::Failure;
use crate::inflate::{Inflate, SMALL};
use crate::raster::Raster;

/// A column of chunks, of which one is being read.
pub enum Column<'a> {
    Inflate(Box<Inflate<'a>>),
    /// All of it is decoded; the next row.
    Jpeg(Option<Raster>, usize),
    Lzw(Box<Lzw<'a>>),
    PackBits(PackBits<'a>),
    Stored(&'a [u8]),
}

impl<'a> Column<'a> {
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn new(compression: Compression) -> Result<Self, Failure> {
        Ok(match compression {
            Compression::Deflate => Self::Inflate(Box::new(Inflate::new(SMALL)?)),
            Compression::Jpeg => Self::Jpeg(None, 0),
            Compression::Lzw => Self::Lzw(Box::new(Lzw::new()?)),
            Compression::None => Self::Stored(&[]),
            Compression::PackBits => Self::PackBits(PackBits::new(&[])),
        })
    }

    /// Begins the next chunk.
    ///
    /// # Errors
    /// Any [`Failure`] of what is decoded at once.
    pub fn begin(
        &mut self,
        layout: &Layout<'_>,
        stored: &'a [u8],
        job: &Job<'_>,
    ) -> Result<(), Failure> {
        match self {
            // (TIFF technical note 3.)
            Self::Inflate(inflate) => inflate.begin_whole(stored)?,
            Self::Jpeg(raster, row) => {
                // What is left of the one before goes first.
                (*raster, *row) = (None, 0);
                *raster = Some(jpeg::decode(layout, stored, job)?);
            }
            Self::Lzw(lzw) => lzw.begin(stored),
            Self::PackBits(bits) => *bits = PackBits::new(stored),
            Self::Stored(data) => *data = stored,
        }
        Ok(())
    }

    /// Reads the next row.
    ///
    /// # Errors
    /// [`Failure::Truncated`] or [`Failure::Malformed`].
    pub fn read(&mut self, row: &mut [u8]) -> Result<(), Failure> {
        let cut = || Failure::truncated("picture data");
        match self {
            Self::Inflate(inflate) => inflate.read(row),
            Self::Jpeg(raster, next) => {
                let start = *next * row.len();
                let samples = raster.as_ref().and_then(|raster| raster.samples.get(start..));
                row.copy_from_slice(samples.and_then(|s| s.get(..row.len())).ok_or_else(cut)?);
                *next += 1;
                Ok(())
            }
            Self::Lzw(lzw) => lzw.read(row),
            Self::PackBits(bits) => bits.read(row),
            Self::Stored(data) => {
                let (bytes, rest) = data.split_at_checked(row.len()).ok_or_else(cut)?;
                row.copy_from_slice(bytes);
                *data = rest;
                Ok(())
            }
        }
    }
}

/// Upper bound of bytes that all columns take.
pub fn memory(layout: &Layout<'_>) -> u64 {
    let (_, planes) = layout.planes();
    let columns = u64::from(layout.across()) * u64::from(planes);
    let (once, each) = match layout.compression {
        Compression::Deflate => {
            (0, Inflate::memory(SMALL as u64) + size_of::<Inflate<'_>>() as u64)
        }
        Compression::Jpeg => jpeg::memory(layout),
        Compression::Lzw => (0, lzw::MEMORY + 256),
        Compression::None | Compression::PackBits => (0, 0),
    };
    let each = each + size_of::<Column<'_>>() as u64;
    columns.saturating_mul(each).saturating_add(once).saturating_add(layout.stride() as u64)
}
