//! What a build for drills does wrong, as a test writes it into the file of the component. No build that
//! is shipped has this.

use core::hint::black_box;

use crate::exports::selvedge::image::transformer::{Budget, Source};

/// `add OPTIONS` puts these behind all others, `slow N` makes every picture N times, and `trap N` fails
/// with one source of N. Tests look for its beginning; blanks are what is left of it.
static ORDER: [u8; 64] = *b"selvedge-drill:                                                 ";

/// Does what the file says, and gives the options to go on with.
pub fn obey(source: &Source, overlays: &[Vec<u8>], options: String, budget: Budget) -> String {
    // It may be another by the time that it is read, whatever the compiler knows.
    let order = core::str::from_utf8(black_box(&ORDER)).unwrap_or_default();
    let (_, order) = order.split_once(':').unwrap_or_default();
    let (what, how) = order.trim_end().split_once(' ').unwrap_or_default();
    let number = how.parse::<u32>().unwrap_or(1).max(1);
    match what {
        "add" if options.is_empty() => return how.to_owned(),
        "add" => return format!("{options},{how}"),
        "slow" => {
            for _ in 1..number {
                let again = crate::once(source.clone(), overlays.to_vec(), &options, budget);
                drop(black_box(again));
            }
        }
        "trap" if hash(source) % number == 0 => core::arch::wasm32::unreachable(),
        _ => {}
    }
    options
}

/// FNV-1a of a file.
fn hash(source: &Source) -> u32 {
    let step = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    match source {
        Source::Encoded(file) => file.iter().fold(0x811c_9dc5, step),
        Source::Pixels(_) | Source::Planes(_) => 1,
    }
}
