//! A file as an address (RFC 2397).

use base64ct::{Base64, Encoding};

use crate::budget::zeros;
use crate::failure::Failure;

/// `data:`, the media type, and the file in base64.
///
/// # Errors
/// [`Failure::OverBudget`].
pub fn data_url(media_type: &str, file: &[u8]) -> Result<Vec<u8>, Failure> {
    let head = format!("data:{media_type};base64,");
    let mut url: Vec<u8> = zeros(head.len() + Base64::encoded_len(file))?;
    let (start, rest) = url.split_at_mut(head.len());
    start.copy_from_slice(head.as_bytes());
    Base64::encode(file, rest).map_err(Failure::malformed)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_by_hand() {
        assert_eq!(data_url("image/webp", b"Man!").unwrap(), b"data:image/webp;base64,TWFuIQ==");
    }
}
