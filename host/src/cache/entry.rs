//! One entry of a store as a file: a mark, a checksum over the rest, the length of the head, head, body.
//! The name is under the checksum too, so that no file passes for another.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

use super::index::Name;

/// What every entry begins with; the last byte rises with the form.
const MARK: [u8; 8] = *b"selvedg\x01";

/// Bytes before the head.
const FRAME: usize = MARK.len() + DIGEST + LENGTH;
const DIGEST: usize = 32;
const LENGTH: usize = 4;

/// What is kept under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What there is to say of the bytes.
    pub head: Vec<u8>,
    /// The bytes.
    pub body: Vec<u8>,
}

impl Entry {
    /// Bytes of its file.
    pub fn size(&self) -> u64 {
        let size = FRAME.saturating_add(self.head.len()).saturating_add(self.body.len());
        u64::try_from(size).unwrap_or(u64::MAX)
    }

    /// The parts of its file. `None` if the head is too long.
    pub fn frame(&self, name: &Name) -> Option<Vec<u8>> {
        let length = u32::try_from(self.head.len()).ok()?.to_le_bytes();
        let mut frame = MARK.to_vec();
        frame.extend(checksum(name, &length, &self.head, &self.body));
        frame.extend(length);
        Some(frame)
    }

    /// Reads a file of `size` bytes. `None` if it is not what was written under this name.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(mut file: impl Read, size: u64, name: &Name) -> io::Result<Option<Self>> {
        let mut mark = [0; MARK.len()];
        let mut digest = [0; DIGEST];
        let mut length = [0; LENGTH];
        file.read_exact(&mut mark)?;
        file.read_exact(&mut digest)?;
        file.read_exact(&mut length)?;
        let rest = size.checked_sub(u64::try_from(FRAME).unwrap_or(u64::MAX));
        let head = u64::from(u32::from_le_bytes(length));
        let body = rest.and_then(|rest| rest.checked_sub(head));
        let (Some(body), true) = (body, mark == MARK) else {
            return Ok(None);
        };
        let (head, body) = (exactly(&mut file, head)?, exactly(&mut file, body)?);
        let sound = digest == checksum(name, &length, &head, &body);
        Ok(sound.then_some(Self { head, body }))
    }
}

fn checksum(name: &Name, length: &[u8], head: &[u8], body: &[u8]) -> [u8; DIGEST] {
    let mut hasher = Sha256::new();
    for part in [name.as_slice(), length, head, body] {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// The next `count` bytes, which a file of that size has.
fn exactly(file: &mut impl Read, count: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let room = usize::try_from(count).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(room).map_err(|_| io::Error::from(io::ErrorKind::OutOfMemory))?;
    file.take(count).read_to_end(&mut bytes)?;
    if bytes.len() == room { Ok(bytes) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_is_read() {
        let entry = Entry { head: b"head".to_vec(), body: b"body of it".to_vec() };
        let name = [7; 32];
        let file = [entry.frame(&name).unwrap(), entry.head.clone(), entry.body.clone()].concat();
        let read = |bytes: &[u8], name| {
            let size = u64::try_from(bytes.len()).unwrap();
            Entry::read(bytes, size, name).ok().flatten()
        };
        assert_eq!(u64::try_from(file.len()).unwrap(), entry.size());
        assert_eq!(read(&file, &name), Some(entry));
        assert_eq!(read(&file, &[8; 32]), None, "another's name");
        for cut in 0..file.len() {
            assert_eq!(read(&file[..cut], &name), None, "cut at {cut}");
        }
        for at in 0..file.len() {
            let mut bad = file.clone();
            bad[at] ^= 1;
            assert_eq!(read(&bad, &name), None, "flipped at {at}");
        }
        assert_eq!(read(&[file.as_slice(), b"x"].concat(), &name), None, "longer");
    }
}
