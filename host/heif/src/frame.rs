//! A frame: the lengths of head and body (4 and 8 bytes, little endian), a head in JSON, a body.

use std::io::{self, Error, ErrorKind, Read, Write};

use serde::Serialize;
use serde::de::DeserializeOwned;

/// Heads are short; a longer one is not of these messages.
const HEAD_LIMIT: u32 = 4096;

/// Writes a frame whose body is these parts, one behind the other.
///
/// # Errors
/// What the writer says.
pub fn write(mut to: impl Write, head: &impl Serialize, body: &[&[u8]]) -> io::Result<()> {
    let head = serde_json::to_vec(head)?;
    let head_length = u32::try_from(head.len()).map_err(Error::other)?;
    let body_length: u64 = body.iter().map(|part| part.len() as u64).sum();
    to.write_all(&head_length.to_le_bytes())?;
    to.write_all(&body_length.to_le_bytes())?;
    to.write_all(&head)?;
    for part in body {
        to.write_all(part)?;
    }
    to.flush()
}

/// Reads a frame with a body of at most `limit` bytes; `None` where the other end has closed.
///
/// # Errors
/// [`ErrorKind::UnexpectedEof`] within a frame, [`ErrorKind::InvalidData`] if a length or the head
/// is none of ours, [`ErrorKind::OutOfMemory`], or what the reader says.
pub fn read<H: DeserializeOwned>(
    mut from: impl Read,
    limit: u64,
) -> io::Result<Option<(H, Vec<u8>)>> {
    let mut first = [0];
    if from.read(&mut first)? == 0 {
        return Ok(None);
    }
    let mut rest = [0; 11];
    from.read_exact(&mut rest)?;
    let [a, b, c, body_length @ ..] = rest;
    let head_length = u32::from_le_bytes([first[0], a, b, c]);
    let body_length = u64::from_le_bytes(body_length);
    if head_length > HEAD_LIMIT || body_length > limit {
        let lengths = format!("a frame of {head_length} and {body_length} bytes");
        return Err(Error::new(ErrorKind::InvalidData, lengths));
    }
    let head = exactly(&mut from, u64::from(head_length))?;
    Ok(Some((serde_json::from_slice(&head)?, exactly(&mut from, body_length)?)))
}

fn exactly(from: impl Read, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(usize::try_from(length).unwrap_or(usize::MAX))?;
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length { Ok(bytes) } else { Err(ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Codec, Request, Shape};

    const SHAPE: Shape = Shape { width: 2, height: 1, channels: 3, profile: 4 };
    const REQUEST: Request = Request::Encode { codec: Codec::Hevc, quality: 50, shape: SHAPE };

    fn framed() -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut bytes, &REQUEST, &[&[1, 2, 3, 4, 5, 6], &[7, 8, 9, 10]]).unwrap();
        bytes
    }

    #[test]
    fn frames_follow_each_other() {
        let twice = [framed(), framed()].concat();
        let mut from = twice.as_slice();
        for _ in 0..2 {
            let (head, body) = read::<Request>(&mut from, SHAPE.body()).unwrap().unwrap();
            assert_eq!((head, body), (REQUEST, (1..=10).collect()));
        }
        assert!(read::<Request>(&mut from, 10).unwrap().is_none());
    }

    #[test]
    fn a_frame_ends_where_it_says() {
        let whole = framed();
        for length in 1..whole.len() {
            let cut = read::<Request>(&whole[..length], 10).unwrap_err();
            assert_eq!(cut.kind(), ErrorKind::UnexpectedEof, "{length}");
        }
    }

    #[test]
    fn lengths_are_limited() {
        assert_eq!(read::<Request>(&framed()[..], 9).unwrap_err().kind(), ErrorKind::InvalidData);
        let endless = [255; 12];
        let error = read::<Request>(&endless[..], u64::MAX).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidData);
    }
}
