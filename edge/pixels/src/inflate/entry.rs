//! What codes stand for: literals, one or two a look-up, and lengths and distances, all of them.

/// What bits stand for, in 32 bits: 0 to 5 are how many there are, those behind a symbol included, 6 and 7
/// how many literals they are, which follow from 8 on. If there are none, one of the bits 27 to 29 says what
/// it is.
#[derive(Clone, Copy, Default)]
pub struct Entry(u32);

/// A length or distance: bits 8 to 22 are the least it may be, 23 to 26 the bits of its symbol.
const PLAIN: u32 = 1 << 29;
/// The code is longer: from 8 on stands where its entries are.
const LINK: u32 = 1 << 27;
const STOP: u32 = 1 << 28;

impl Entry {
    #[inline(always)]
    pub fn bits(self) -> u32 {
        self.0 & 63
    }
    /// `ahead` without them.
    #[inline(always)]
    pub fn behind(self, ahead: u64) -> u64 {
        // A shift takes the lowest six bits of its count, which is all of it that counts here.
        ahead.wrapping_shr(self.0)
    }
    /// How many literals there are, up to two.
    #[inline(always)]
    pub fn literals(self) -> usize {
        (self.0 >> 6 & 3) as usize
    }
    /// The literals; of one alone the second means nothing.
    #[inline(always)]
    pub fn pair(self) -> [u8; 2] {
        ((self.0 >> 8) as u16).to_le_bytes()
    }
    /// Whether it is a length or a distance.
    #[inline(always)]
    pub fn is_plain(self) -> bool {
        self.0 & PLAIN != 0
    }
    /// Whether the code is longer than the look-up.
    #[inline(always)]
    pub fn is_link(self) -> bool {
        self.0 & LINK != 0
    }
    /// Whether the block ends.
    pub fn is_end(self) -> bool {
        self.0 & STOP != 0
    }
    /// The length or distance, which `ahead` begins with.
    #[inline(always)]
    pub fn value(self, ahead: u64) -> usize {
        let extra = (ahead & ((1 << self.bits()) - 1)) >> (self.0 >> 23 & 15);
        (self.0 >> 8 & 0x7fff) as usize + extra as usize
    }

    /// Where the entries of a longer code are.
    pub fn link(self) -> usize {
        (self.0 >> 8 & 0xffff) as usize
    }
    /// The symbol of the code that lengths of codes have.
    pub fn length(self) -> u32 {
        self.0 >> 8
    }

    /// Says where the entries of a longer code are.
    pub fn to(place: usize) -> Self {
        Self(LINK | (place as u32) << 8)
    }

    /// Two literals, if both are one, and take no more than `most` bits together; else the first.
    pub fn and(self, other: Self, most: u32) -> Self {
        let (Self(first), Self(second)) = (self, other);
        let bits = self.bits() + other.bits();
        let pair = first & 0xff00 | (second & 0xff00) << 8 | 2 << 6 | bits;
        // Both are computed: what there is to choose cannot be foreseen.
        let is_pair = (first & second & 1 << 6 != 0) & (bits <= most);
        Self(if is_pair { pair } else { first })
    }

    /// Of a symbol whose code has `length` bits.
    pub fn of(Base(base): Base, length: u32) -> Self {
        // Where there are bits behind the symbol, its own are told apart from all of them.
        Self(base + length * (1 | (base & PLAIN) >> 6))
    }
}

/// An [`Entry`] but for the bits of the symbol.
#[derive(Clone, Copy)]
pub struct Base(u32);

/// Of the symbols for literals and lengths (§3.2.5). The last two mean nothing.
pub const LITERALS: [Base; 288] = {
    let mut bases = [Base(0); 288];
    let mut symbol = 0;
    while symbol < bases.len() {
        bases[symbol] = Base(match symbol as u32 {
            literal @ 0..256 => literal << 8 | 1 << 6,
            256 => STOP,
            short @ 257..265 => PLAIN | (short - 254) << 8,
            long @ 265..285 => {
                let (extra, place) = ((long - 261) / 4, (long - 261) % 4);
                PLAIN | (((4 + place) << extra) + 3) << 8 | extra
            }
            285 => PLAIN | 258 << 8,
            _ => 0,
        });
        symbol += 1;
    }
    bases
};

/// Of the symbols for distances. The last two mean nothing.
pub const DISTANCES: [Base; 32] = {
    let mut bases = [Base(0); 32];
    let mut symbol = 0;
    while symbol < bases.len() {
        bases[symbol] = Base(match symbol as u32 {
            near @ 0..4 => PLAIN | (near + 1) << 8,
            far @ 4..30 => {
                let extra = far / 2 - 1;
                PLAIN | (((2 + far % 2) << extra) + 1) << 8 | extra
            }
            _ => 0,
        });
        symbol += 1;
    }
    bases
};

/// Of the symbols for lengths of codes.
pub const LENGTHS: [Base; 19] = {
    let mut bases = [Base(0); 19];
    let mut symbol = 0;
    while symbol < bases.len() {
        bases[symbol] = Base((symbol as u32) << 8);
        symbol += 1;
    }
    bases
};
