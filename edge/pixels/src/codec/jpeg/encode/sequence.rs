//! Coding the blocks of a sequential scan (ITU-T T.81 §F.1.2).

use super::fdct::Block;
use super::symbols::Symbols;

/// Codes one block, after one whose DC value was `before`.
#[inline(always)]
pub fn put_block<S: Symbols>(
    out: &mut S,
    dc: &S::Table,
    ac: &S::Table,
    block: &Block,
    before: i32,
) {
    let (size, bits) = magnitude(block.dc() - before);
    out.symbol(dc, size, bits, size);

    let mut order = block.mask & !1;
    let mut last = 0;
    while order != 0 {
        let k = order.trailing_zeros();
        order &= order - 1;
        let mut run = k - last - 1;
        last = k;
        while run > 15 {
            out.symbol(ac, 0xf0, 0, 0);
            run -= 16;
        }
        let (size, bits) = magnitude(block.ac(k));
        out.symbol(ac, run << 4 | size, bits, size);
    }
    if last != 63 {
        out.symbol(ac, 0, 0, 0);
    }
}

/// The size category of a value and its additional bits (T.81 §F.1.2.1).
#[inline(always)]
pub fn magnitude(value: i32) -> (u32, u32) {
    let size = 32 - value.unsigned_abs().leading_zeros();
    let bits = (value + (value >> 31)) as u32 & ((1 << size) - 1);
    (size, bits)
}
