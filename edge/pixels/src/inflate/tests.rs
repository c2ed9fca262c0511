//! Streams of other writers, and what `fdeflate` reads of broken ones.

use std::io::Write;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use super::*;

/// What a stream holds, taken as it comes in `pieces` of so many bytes, `step` bytes at once.
fn inflated(stream: &[u8], piece: usize, step: usize) -> (Vec<u8>, Failure) {
    let mut inflate = Inflate::new(SMALL.max(step)).unwrap();
    let mut bytes = Vec::new();
    let pieces = Box::new(stream.chunks(piece).map(Ok));
    let failure = inflate.begin(pieces).err().unwrap_or_else(|| {
        loop {
            match inflate.take(step) {
                Ok(taken) => bytes.extend_from_slice(&taken[..step]),
                Err(failure) => break failure,
            }
        }
    });
    (bytes, failure)
}

fn flate(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Numbers that look random.
fn noise() -> impl FnMut() -> u32 {
    let mut state = 7_u32;
    move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 8
    }
}

/// Bytes with matches near and far, and stretches without any.
fn bytes(length: usize) -> Vec<u8> {
    let mut next = noise();
    let mut bytes: Vec<u8> = Vec::new();
    while bytes.len() < length {
        let (kind, count) = (next() % 4, (next() % 300) as usize);
        match kind {
            0 => bytes.extend((0..count).map(|_| next() as u8)),
            1 => bytes.extend((0..count).map(|_| (next() % 5) as u8)),
            _ => {
                let reach = if kind == 2 { 20 } else { 32_768 };
                let distance = (1 + next() as usize % reach).min(bytes.len());
                let start = bytes.len() - distance;
                (0..if distance == 0 { 0 } else { count })
                    .for_each(|i| bytes.push(bytes[start + i]));
            }
        }
    }
    bytes.truncate(length);
    bytes
}

#[test]
fn streams_are_read_whatever_their_pieces() {
    let bytes = bytes(300_000);
    for stream in [fdeflate::compress_to_vec(&bytes), flate(&bytes, 1), flate(&bytes, 9)] {
        for (piece, step) in [(stream.len(), 1), (1_000, 7), (13, 1_000), (1, 40_000)] {
            let (read, failure) = inflated(&stream, piece, step);
            assert!(read == bytes[..bytes.len() / step * step], "{piece} {step}");
            assert_eq!(failure, Failure::truncated("compressed data"));
        }
    }
}

#[test]
fn blocks_of_all_kinds_are_read() {
    let text = b"light falls on the selvedge of the selvedge";
    let stored = [&[0x78, 1, 1, 43, 0, !43, 0xff], &text[..]].concat();
    assert_eq!(inflated(&stored, 4, 1).0, text);
    // By zlib with the codes that need not be stored.
    let fixed = [
        0x78, 0x01, 0xcb, 0xc9, 0x4c, 0xcf, 0x28, 0x51, 0x48, 0x4b, 0xcc, 0xc9, 0x29, 0x56, 0xc8,
        0xcf, 0x53, 0x28, 0xc9, 0x48, 0x55, 0x28, 0x4e, 0xcd, 0x29, 0x4b, 0x4d, 0x49, 0x4f, 0x55,
        0xc8, 0x4f, 0x43, 0xe1, 0x03, 0x00, 0x5b, 0xfa, 0x0f, 0xdd,
    ];
    assert_eq!(inflated(&fixed, 4, 1).0, text);
}

#[test]
fn of_broken_streams_as_much_is_read_as_elsewhere() {
    let mut next = noise();
    let bytes = bytes(5_000);
    let whole = flate(&bytes, 6);
    for _ in 0..3_000 {
        let mut stream = whole.clone();
        let place = 2 + next() as usize % (stream.len() - 2);
        stream[place] ^= 1 << (next() % 8);
        stream.truncate(stream.len() - next() as usize % 3);
        let (read, _) = inflated(&stream, stream.len(), 1);
        let mut other = vec![0; 1 << 20];
        let mut decoder = fdeflate::Decompressor::new();
        decoder.ignore_adler32();
        if let Ok((_, count)) = decoder.read(&stream, &mut other, 0, false) {
            assert!(read.starts_with(&other[..count]), "{place}");
        }
    }
}

#[test]
fn of_a_stream_that_is_cut_off_nothing_is_made_up() {
    // A match would be as long as what is missing.
    let text = b"some bytes, and some bytes, and some bytes, and some bytes".repeat(3);
    for level in [1, 6, 9] {
        let whole = flate(&text, level);
        for end in 0..whole.len() - 4 {
            let (read, failure) = inflated(&whole[..end], end.max(1), 1);
            assert!(text.starts_with(&read), "{end} bytes of {}", whole.len());
            assert!(matches!(failure, Failure::Truncated(_)), "{end} bytes: {failure:?}");
        }
    }
}

#[test]
fn what_is_no_stream_is_refused() {
    for (stream, why) in [
        (&[0x79, 1][..], "no zlib stream"),
        (&[0x78, 0xbb], "no zlib stream"),
        (&[0x78, 1, 7], "a kind that does not exist"),
        (&[0x78, 1, 1, 1, 0, 0, 0, 9], "two lengths"),
    ] {
        let (read, failure) = inflated(stream, 1, 1);
        assert!(read.is_empty());
        assert!(matches!(&failure, Failure::Malformed(told) if told.contains(why)), "{failure:?}");
    }
    assert!(matches!(inflated(&[0x78], 1, 1).1, Failure::Truncated(_)));
}
