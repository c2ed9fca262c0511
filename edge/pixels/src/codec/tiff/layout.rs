//! What the fields of the first directory say of the picture (TIFF 6.0 §3 to §16).

use selvedge_plan::geometry::Size;

use super::chunks;
use crate::codec::{Chosen, Form, Format, Header, Planes};
use crate::colours::Colours;
use crate::exif;
use crate::exif::tiff::{Directory, Field, Tiff};
use crate::failure::Failure;
use crate::raster::{Channels, Space};

/// Tags (TIFF 6.0 appendix A), and one of DNG 1.7 §4.
const SUBFILE: u16 = 254;
const WIDTH: u16 = 256;
const HEIGHT: u16 = 257;
const BITS: u16 = 258;
const COMPRESSION: u16 = 259;
const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
const STRIPS: u16 = 273;
const SAMPLES: u16 = 277;
const ROWS_PER_STRIP: u16 = 278;
const STRIP_LENGTHS: u16 = 279;
const PLANAR: u16 = 284;
const PREDICTOR: u16 = 317;
const COLOURS: u16 = 320;
const TILE_WIDTH: u16 = 322;
const TILE_HEIGHT: u16 = 323;
const TILES: u16 = 324;
const TILE_LENGTHS: u16 = 325;
const SUB_DIRECTORIES: u16 = 330;
const INKS: u16 = 332;
const EXTRA: u16 = 338;
const SAMPLE_FORMAT: u16 = 339;
const JPEG_TABLES: u16 = 347;
const DNG: u16 = 50_706;

/// Most samples of a pixel: four inks, and what some programs add.
const MOST_SAMPLES: u32 = 8;

/// How chunks are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    Deflate,
    Jpeg,
    Lzw,
    None,
    PackBits,
}

/// What the samples of a pixel are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Grey, 0 being white or black.
    Grey {
        white_is_zero: bool,
    },
    /// Cyan, magenta, yellow and black.
    Inks,
    /// A place in a palette.
    Palette,
    Rgb,
}

/// The first sample beyond those of the colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alpha {
    None,
    /// Colours are multiplied by it.
    Multiplied,
    Straight,
}

/// How a picture is stored.
pub struct Layout<'a> {
    pub size: Size,
    /// Bits of each sample: 1, 2, 4, 8 or 16.
    pub bits: u32,
    /// Samples of a pixel.
    pub samples: u32,
    pub meaning: Meaning,
    pub alpha: Alpha,
    pub compression: Compression,
    /// Whether samples are stored as what they differ by from those before.
    pub differences: bool,
    /// Whether each sample has chunks of its own.
    pub apart: bool,
    /// A strip or a tile. Strips are as wide as the picture.
    pub chunk: Size,
    pub is_jpeg_ycbcr: bool,
    tiff: Tiff<'a>,
    directory: Directory,
    offsets: Field,
    lengths: Option<Field>,
}

/// The fields of a directory.
struct Fields<'a> {
    tiff: Tiff<'a>,
    directory: Directory,
}

impl Fields<'_> {
    fn field(&self, tag: u16) -> Option<Field> {
        self.tiff.field(self.directory, tag)
    }

    /// The first number of a field.
    fn number(&self, tag: u16) -> Option<u32> {
        self.tiff.number(self.field(tag)?, 0)
    }

    /// All numbers of a field are this one; so they are if there is none.
    fn all(&self, tag: u16, expected: u32) -> bool {
        self.field(tag).is_none_or(|field| {
            let count = field.count.min(MOST_SAMPLES as usize);
            (0..count).all(|index| self.tiff.number(field, index) == Some(expected))
        })
    }
}

impl<'a> Layout<'a> {
    /// Reads the first directory.
    ///
    /// # Errors
    /// [`Failure::Malformed`], [`Failure::Truncated`] or [`Failure::Unsupported`].
    pub fn read(file: &'a [u8]) -> Result<Self, Failure> {
        let cut = || Failure::truncated("directory");
        let tiff = Tiff::new(file).ok_or_else(cut)?;
        let directory = tiff.first().ok_or_else(cut)?;
        tiff.end(directory).filter(|end| *end <= file.len()).ok_or_else(cut)?;
        let fields = Fields { tiff, directory };
        refuse_raw(&fields)?;
        let need = |tag, what| {
            fields.number(tag).ok_or_else(|| Failure::malformed(format!("no {what} is given")))
        };
        let size = Size { width: need(WIDTH, "width")?, height: need(HEIGHT, "height")? };
        let samples = fields.number(SAMPLES).unwrap_or(1);
        let bits = fields.number(BITS).unwrap_or(1);
        if !(1..=MOST_SAMPLES).contains(&samples) || !fields.all(BITS, bits) {
            return Err(Failure::Unsupported(format!("TIFF with {samples} unlike samples")));
        }
        if !matches!(bits, 1 | 2 | 4 | 8 | 16) || !fields.all(SAMPLE_FORMAT, 1) {
            return Err(Failure::Unsupported(format!("TIFF with samples of {bits} odd bits")));
        }
        let compression = compression(fields.number(COMPRESSION).unwrap_or(1))?;
        let photometric = need(PHOTOMETRIC, "meaning of samples")?;
        let is_jpeg_ycbcr = photometric == 6 && compression == Compression::Jpeg;
        let (meaning, colours) = match photometric {
            0 | 1 => (Meaning::Grey { white_is_zero: photometric == 0 }, 1),
            2 => (Meaning::Rgb, 3),
            6 if is_jpeg_ycbcr => (Meaning::Rgb, 3),
            3 if bits <= 8 => (Meaning::Palette, 1),
            5 if fields.number(INKS).unwrap_or(1) == 1 => (Meaning::Inks, 4),
            other => return Err(Failure::Unsupported(told(other))),
        };
        if samples < colours {
            return Err(Failure::malformed(format!("{samples} samples for {colours} colours")));
        }
        let extra = fields.number(EXTRA);
        let alpha = match (extra, meaning) {
            _ if samples == colours => Alpha::None,
            (_, Meaning::Inks) | (Some(0), _) => Alpha::None,
            (Some(1), _) => Alpha::Multiplied,
            // Writers that do not say it mean it.
            _ => Alpha::Straight,
        };
        let planar = fields.number(PLANAR).unwrap_or(1);
        if compression == Compression::Jpeg && (bits != 8 || !matches!(samples, 1 | 3)) {
            return Err(Failure::Unsupported("TIFF with JPEG of inks or alpha in it".into()));
        }
        if fields.number(FILL_ORDER).unwrap_or(1) != 1 && bits < 8 {
            return Err(Failure::Unsupported("TIFF with the bits of bytes turned round".into()));
        }
        let differences = match fields.number(PREDICTOR).unwrap_or(1) {
            1 => false,
            2 if bits >= 8 => true,
            other => {
                return Err(Failure::Unsupported(format!("TIFF with predictor {other}")));
            }
        };
        let (chunk, offsets, lengths) = match fields.field(TILES) {
            Some(tiles) => {
                let width = need(TILE_WIDTH, "width of tiles")?;
                let height = need(TILE_HEIGHT, "height of tiles")?;
                (Size { width, height }, Some(tiles), fields.field(TILE_LENGTHS))
            }
            None => {
                let rows = fields.number(ROWS_PER_STRIP).unwrap_or(u32::MAX).min(size.height);
                let strip = Size { width: size.width, height: rows };
                (strip, fields.field(STRIPS), fields.field(STRIP_LENGTHS))
            }
        };
        let offsets = offsets.ok_or_else(|| Failure::malformed("neither strips nor tiles"))?;
        let layout = Self {
            size,
            bits,
            samples,
            meaning,
            alpha,
            compression,
            differences: differences && compression != Compression::Jpeg,
            apart: planar == 2 && samples > 1,
            chunk,
            is_jpeg_ycbcr,
            tiff,
            directory,
            offsets,
            lengths,
        };
        layout.checked()
    }

    /// Refuses chunks that make no sense. The picture's own size is checked with the header.
    fn checked(self) -> Result<Self, Failure> {
        let Size { width, height } = self.chunk;
        // A tile may reach over the edge, but not by much more than it must.
        let most = |side: u32| side.saturating_mul(2).max(1 << 10);
        if self.chunk.pixels() == 0 && self.size.pixels() > 0 {
            return Err(Failure::malformed("strips or tiles without pixels"));
        }
        if width > most(self.size.width) || height > most(self.size.height) {
            return Err(Failure::malformed(format!("tiles of {width} x {height} pixels")));
        }
        Ok(self)
    }

    /// Chunks side by side.
    pub fn across(&self) -> u32 {
        self.size.width.div_ceil(self.chunk.width.max(1))
    }

    /// Chunks one below the other.
    pub fn down(&self) -> u32 {
        self.size.height.div_ceil(self.chunk.height.max(1))
    }

    /// Samples of a pixel that lie together, and how often that is.
    pub fn planes(&self) -> (u32, u32) {
        if self.apart { (1, self.samples) } else { (self.samples, 1) }
    }

    /// Bytes of a stored row of a chunk. Sizes and samples are bounded.
    pub fn stride(&self) -> usize {
        let (together, _) = self.planes();
        (u64::from(self.chunk.width) * u64::from(together * self.bits)).div_ceil(8) as usize
    }

    /// What is stored of a chunk, as far as it came.
    pub fn stored(&self, plane: u32, column: u32, row: u32) -> &'a [u8] {
        let each = u64::from(self.across()) * u64::from(self.down());
        let index =
            u64::from(plane) * each + u64::from(row) * u64::from(self.across()) + u64::from(column);
        let index = index as usize;
        let Some(at) = self.tiff.number(self.offsets, index) else { return &[] };
        let rest = self.tiff.rest(at as usize);
        let length = match self.lengths {
            Some(lengths) => self.tiff.number(lengths, index).unwrap_or(0) as usize,
            None => rest.len(),
        };
        rest.get(..length).unwrap_or(rest)
    }

    /// The tables that all chunks share.
    pub fn jpeg_tables(&self) -> &'a [u8] {
        let field = self.tiff.field(self.directory, JPEG_TABLES);
        field.and_then(|field| self.tiff.bytes(field)).unwrap_or_default()
    }

    /// A sample of the palette: red, green or blue of a place, as 8 bits.
    pub fn palette(&self) -> Result<Vec<[u8; 3]>, Failure> {
        let count = 1_usize << self.bits;
        let field = self.tiff.field(self.directory, COLOURS);
        let field = field.filter(|field| field.count >= 3 * count);
        let field = field.ok_or_else(|| Failure::malformed("a palette without colours"))?;
        self.tiff.bytes(field).ok_or_else(|| Failure::truncated("palette"))?;
        let sample = |index| self.tiff.number(field, index).unwrap_or(0);
        // They have 16 bits, but some writers forget that.
        let shift = if (0..3 * count).any(|index| sample(index) > 255) { 8 } else { 0 };
        let colour =
            |place| [0, 1, 2].map(|channel| (sample(channel * count + place) >> shift) as u8);
        Ok((0..count).map(colour).collect())
    }

    /// The samples in the order of bytes of the file.
    pub fn short(&self, bytes: [u8; 2]) -> u16 {
        self.tiff.read(bytes)
    }

    /// The form that pixels are decoded to.
    fn form(&self) -> Form {
        let channels = match self.meaning {
            Meaning::Inks => {
                return Form::Planes(Planes { space: Space::Cmyk, factors: [(1, 1); 4] });
            }
            Meaning::Grey { .. } => Channels::Grey,
            Meaning::Palette | Meaning::Rgb => Channels::Rgb,
        };
        let has_alpha = self.alpha != Alpha::None;
        Form::Packed(if has_alpha { channels.with_alpha() } else { channels })
    }
}

/// A camera's raw file has a small picture in front, which is not what is meant.
fn refuse_raw(fields: &Fields<'_>) -> Result<(), Failure> {
    let is_small = fields.number(SUBFILE).is_some_and(|kind| kind & 1 != 0);
    if fields.field(DNG).is_some() || is_small && fields.field(SUB_DIRECTORIES).is_some() {
        let what = "a raw picture of a camera (DNG, NEF, ARW or another): develop it first";
        return Err(Failure::Unsupported(what.into()));
    }
    Ok(())
}

fn compression(number: u32) -> Result<Compression, Failure> {
    let name = match number {
        1 => return Ok(Compression::None),
        5 => return Ok(Compression::Lzw),
        7 => return Ok(Compression::Jpeg),
        8 | 32_946 => return Ok(Compression::Deflate),
        32_773 => return Ok(Compression::PackBits),
        2..=4 => "fax coding",
        6 => "JPEG as it was before 1995",
        34_712 => "JPEG 2000",
        34_925 => "LZMA",
        50_000 => "Zstandard",
        50_001 => "WebP",
        _ => "an unknown compression",
    };
    Err(Failure::Unsupported(format!("TIFF with {name} in it ({number})")))
}

/// What samples mean that are not read.
fn told(photometric: u32) -> String {
    let what = match photometric {
        3 => "a palette of more than 256 colours",
        4 => "a mask alone",
        5 => "other inks than cyan, magenta, yellow and black",
        6 => "luma and chroma without JPEG",
        8..=10 => "L*a*b* colours",
        32_803 | 34_892 => "the raw samples of a camera",
        _ => "samples of unknown meaning",
    };
    format!("TIFF with {what} ({photometric})")
}

/// The order of bytes and a number; what else begins so is a camera's.
pub fn sniff(file: &[u8]) -> bool {
    let is_tiff = file.starts_with(b"II*\0") || file.starts_with(b"MM\0*");
    is_tiff && file.get(8..).is_none_or(|rest| !rest.starts_with(b"CR\x02"))
}

/// Reads what the first directory says.
pub fn probe(file: &[u8]) -> Result<Header, Failure> {
    let layout = Layout::read(file)?;
    let header = Header {
        format: Format::Tiff,
        size: layout.size,
        orientation: exif::orientation(file),
        form: layout.form(),
        depth: layout.bits as u8,
        progressive: false,
        colours: Colours::SRGB,
    };
    header.checked()
}

/// All of the picture; what is needed depends on its chunks.
pub fn choose(file: &[u8], header: &Header, _wanted: Size) -> Result<Chosen, Failure> {
    let layout = Layout::read(file)?;
    let work = match layout.compression {
        Compression::None | Compression::PackBits => 0,
        Compression::Deflate | Compression::Jpeg | Compression::Lzw => {
            let samples = u64::from(layout.samples * layout.bits.div_ceil(8));
            header.size.pixels().saturating_mul(samples * 4)
        }
    };
    Ok(Chosen { size: header.size, memory: chunks::memory(&layout), work })
}
