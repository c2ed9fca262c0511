//! The plain formats that reference decoders write: PGM, PPM and PAM.

use anyhow::{Context, Result, bail, ensure};

/// A decoded picture as RGBA.
#[derive(Clone, Debug)]
pub struct Netpbm {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Rows without padding.
    pub rgba: Vec<[u8; 4]>,
}

impl Netpbm {
    /// Reads a file with 8 bits a sample.
    ///
    /// # Errors
    /// If it is none.
    pub fn read(file: &[u8]) -> Result<Self> {
        let (width, height, channels, samples) = match file.get(..2) {
            Some(b"P5") => raw(file, 1)?,
            Some(b"P6") => raw(file, 3)?,
            Some(b"P7") => pam(file)?,
            _ => bail!("expected PGM, PPM or PAM"),
        };
        let expected = width as usize * height as usize * channels;
        ensure!(samples.len() == expected, "expected {expected} samples, got {}", samples.len());
        let pixel = |s: &[u8]| match *s {
            [grey] => [grey, grey, grey, 255],
            [red, green, blue] => [red, green, blue, 255],
            [red, green, blue, alpha] => [red, green, blue, alpha],
            _ => [0; 4],
        };
        Ok(Self { width, height, rgba: samples.chunks_exact(channels).map(pixel).collect() })
    }
}

type Parts<'a> = (u32, u32, usize, &'a [u8]);

/// Magic, width, height and maximum, each followed by one blank.
fn raw(file: &[u8], channels: usize) -> Result<Parts<'_>> {
    let mut parts = file.splitn(5, u8::is_ascii_whitespace);
    let mut next = || parts.next().context("the header is cut");
    next()?;
    let (width, height, maximum) = (number(next()?)?, number(next()?)?, number(next()?)?);
    ensure!(maximum == 255, "expected 8 bits a sample");
    Ok((width, height, channels, next()?))
}

fn pam(file: &[u8]) -> Result<Parts<'_>> {
    const END: &[u8] = b"ENDHDR\n";
    let end = file.windows(END.len()).position(|part| part == END).context("no end of header")?;
    let (header, rest) = file.split_at(end);
    let field = |name: &str| {
        let lines = header.split(|byte| *byte == b'\n');
        let found = lines.into_iter().find_map(|line| line.strip_prefix(name.as_bytes()));
        number(found.with_context(|| format!("no {name}"))?)
    };
    let samples = rest.get(END.len()..).unwrap_or_default();
    Ok((field("WIDTH ")?, field("HEIGHT ")?, field("DEPTH ")? as usize, samples))
}

fn number(text: &[u8]) -> Result<u32> {
    Ok(std::str::from_utf8(text)?.trim().parse()?)
}
