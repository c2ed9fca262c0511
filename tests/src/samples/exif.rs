//! The smallest EXIF data that says an orientation (CIPA DC-008 §4.5, TIFF 6.0 §2).

/// The payload of an APP1 segment: one big-endian directory with one entry.
pub fn orientation(value: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0*".to_vec();
    exif.extend(8_u32.to_be_bytes()); // where the directory begins
    exif.extend(1_u16.to_be_bytes()); // its entries
    exif.extend(0x0112_u16.to_be_bytes()); // Orientation
    exif.extend(3_u16.to_be_bytes()); // a SHORT
    exif.extend(1_u32.to_be_bytes()); // one of them
    exif.extend(u16::from(value).to_be_bytes());
    exif.extend(0_u16.to_be_bytes()); // the rest of the value's four bytes
    exif.extend(0_u32.to_be_bytes()); // no further directory
    exif
}
