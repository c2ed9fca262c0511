//! Prefix codes as tables.

use super::bits::Bits;
use super::entry::{Base, DISTANCES, Entry, LENGTHS, LITERALS};
use crate::failure::Failure;

/// Bits of a look-up, of literals and lengths and of distances; longer codes take a second one.
const LITERAL_BITS: u32 = 11;
const DISTANCE_BITS: u32 = 9;

/// Longest code.
const LONGEST: usize = 15;

/// Entries for longer codes. Each symbol of such a code needs 2^(15 − 11) or 2^(15 − 9) at most, and two
/// at least share them.
const LONGER: usize = (288 / 2) << (LONGEST as u32 - LITERAL_BITS);
const LONGER_DISTANCES: usize = (32 / 2) << (LONGEST as u32 - DISTANCE_BITS);

/// In which order the lengths of the lengths' code are stored (RFC 1951 §3.2.7).
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The symbol that ends a block.
const END: usize = 256;

/// The codes of a block.
pub struct Codes {
    literals: [Entry; 1 << LITERAL_BITS],
    longer: [Entry; LONGER],
    distances: [Entry; 1 << DISTANCE_BITS],
    longer_distances: [Entry; LONGER_DISTANCES],
}

impl Codes {
    pub fn new() -> Box<Self> {
        Box::new(Self {
            literals: [Entry::default(); _],
            longer: [Entry::default(); _],
            distances: [Entry::default(); _],
            longer_distances: [Entry::default(); _],
        })
    }

    /// What `ahead` begins with where literals and lengths are.
    #[inline(always)]
    pub fn literal(&self, ahead: u64) -> Entry {
        self.literals[ahead as usize % (1 << LITERAL_BITS)]
    }

    /// The same where [`literal`](Self::literal) says that the code is longer.
    #[inline(always)]
    pub fn longer_literal(&self, link: Entry, ahead: u64) -> Entry {
        let place = ahead >> LITERAL_BITS & ((1 << (LONGEST as u32 - LITERAL_BITS)) - 1);
        self.longer.get(link.link() + place as usize).copied().unwrap_or_default()
    }

    /// The same where a distance is.
    #[inline(always)]
    pub fn distance(&self, ahead: u64) -> Entry {
        let entry = self.distances[ahead as usize % (1 << DISTANCE_BITS)];
        if !entry.is_link() {
            return entry;
        }
        let place = ahead >> DISTANCE_BITS & ((1 << (LONGEST as u32 - DISTANCE_BITS)) - 1);
        self.longer_distances.get(entry.link() + place as usize).copied().unwrap_or_default()
    }

    /// The codes that need not be stored (§3.2.6).
    ///
    /// # Errors
    /// None: the codes are complete.
    pub fn standard(&mut self) -> Result<(), Failure> {
        let literals: [u8; 288] = core::array::from_fn(|symbol| match symbol {
            0..144 | 280.. => 8,
            144..256 => 9,
            _ => 7,
        });
        self.set(&literals, &[5; 32])
    }

    /// Reads the codes of a block (§3.2.7).
    ///
    /// # Errors
    /// [`Failure::Malformed`] or [`Failure::Truncated`].
    pub fn read(&mut self, bits: &mut Bits<'_>) -> Result<(), Failure> {
        let literals = bits.read(5)? as usize + 257;
        let distances = bits.read(5)? as usize + 1;
        let stored = bits.read(4)? as usize + 4;
        if literals > 286 || distances > 30 {
            return Err(bad());
        }
        let mut of_lengths = [0_u8; ORDER.len()];
        for symbol in ORDER.iter().take(stored) {
            of_lengths[*symbol] = bits.read(3)? as u8;
        }
        let mut table = [Entry::default(); 1 << 7];
        fill(&of_lengths, &LENGTHS, 7, &mut table, &mut [])?;
        let mut lengths = [0_u8; 286 + 30];
        let all = literals + distances;
        let mut at = 0;
        while at < all {
            bits.refill();
            let entry = table[bits.place.ahead as usize % table.len()];
            if entry.bits() == 0 {
                return Err(bad());
            }
            bits.place.skip(entry);
            let (length, times) = match entry.length() {
                16 => {
                    let before =
                        at.checked_sub(1).and_then(|at| lengths.get(at)).ok_or_else(bad)?;
                    (*before, 3 + bits.read(2)?)
                }
                17 => (0, 3 + bits.read(3)?),
                18 => (0, 11 + bits.read(7)?),
                length => (length as u8, 1),
            };
            let end = at + times as usize;
            if end > all {
                return Err(bad());
            }
            lengths.get_mut(at..end).ok_or_else(bad)?.fill(length);
            at = end;
        }
        bits.check()?;
        let (literals, rest) = lengths.split_at(literals);
        if literals.get(END).is_none_or(|length| *length == 0) {
            return Err(bad());
        }
        self.set(literals, rest.get(..distances).unwrap_or_default())
    }

    fn set(&mut self, literals: &[u8], distances: &[u8]) -> Result<(), Failure> {
        fill(literals, &LITERALS, LITERAL_BITS, &mut self.literals, &mut self.longer)?;
        let (table, longer) = (&mut self.distances, &mut self.longer_distances);
        fill(distances, &DISTANCES, DISTANCE_BITS, table, longer)?;
        // Backwards: those with lower numbers are of one literal still.
        for index in (0..self.literals.len()).rev() {
            let first = self.literals[index];
            let second = self.literals[index >> first.bits()];
            self.literals[index] = first.and(second, LITERAL_BITS);
        }
        Ok(())
    }
}

/// Fills a table of 2^`width` entries, and that for longer codes, with the canonical code of these
/// lengths (§3.2.2). A code that is not complete is one of a single bit, or none.
fn fill(
    lengths: &[u8],
    bases: &[Base],
    width: u32,
    table: &mut [Entry],
    longer: &mut [Entry],
) -> Result<(), Failure> {
    let mut counts = [0_u32; LONGEST + 1];
    for length in lengths {
        counts[usize::from(*length) & LONGEST] += 1;
    }
    counts[0] = 0;
    let taken = (1..=LONGEST).map(|length| counts[length] << (LONGEST - length)).sum::<u32>();
    let full = 1 << LONGEST;
    let short = taken == counts[1] << (LONGEST - 1);
    if taken > full || taken < full && !short {
        return Err(bad());
    }
    // The symbols by their lengths, and where those of each length begin.
    let mut starts = [0_u32; LONGEST + 1];
    for length in 1..=LONGEST {
        starts[length] = starts[length - 1] + counts[length - 1];
    }
    let mut symbols = [0_u16; LITERALS.len()];
    for (symbol, length) in (0..).zip(lengths).filter(|(_, length)| **length > 0) {
        let start = &mut starts[usize::from(*length) & LONGEST];
        symbols.get_mut(*start as usize).into_iter().for_each(|place| *place = symbol);
        *start += 1;
    }
    let mut symbols = symbols.iter().filter_map(|symbol| bases.get(usize::from(*symbol)));
    let (mut code, mut used) = (0_u32, 0);
    let room = 1 << (LONGEST as u32).saturating_sub(width);
    table.first_mut().into_iter().for_each(|first| *first = Entry::default());
    for (length, count) in (0..).zip(counts).skip(1) {
        code <<= 1;
        if length <= width {
            // What was there is there for both values of the next bit.
            let half = 1 << (length - 1);
            table.copy_within(..half, half);
        }
        for base in symbols.by_ref().take(count as usize) {
            let entry = Entry::of(*base, length);
            let reversed = (code.reverse_bits() >> (u32::BITS - length)) as usize;
            code += 1;
            let Some(place) = table.get_mut(reversed % (1 << width)) else { continue };
            if length <= width {
                *place = entry;
                continue;
            }
            if !place.is_link() {
                *place = Entry::to(used);
                used += room;
            }
            let start = place.link();
            let places = longer.get_mut(start..start + room).ok_or_else(bad)?.iter_mut();
            let places = places.skip(reversed >> width).step_by(1 << (length - width));
            places.for_each(|place| *place = entry);
        }
    }
    Ok(())
}

fn bad() -> Failure {
    Failure::malformed("codes that cannot be")
}
