//! What holds for any input whatever. A fuzzer looks for inputs for which it does not; the tests run
//! some thousand damaged files through it (`tests/tests/fuzz.rs`), `cargo xtask fuzz --seconds N` as many
//! as there is time for, chosen by what they reach in the code.

mod allocator;
pub mod avif;
pub mod decisions;
pub mod heic;
pub mod png;
pub mod webp;

use std::mem::discriminant;

use allocator::peak_of;
use selvedge_pixels::{Budget, Failure, Job, Picture, Source, estimate, transform};
use selvedge_plan::{Client, Options, Plan};

#[global_allocator]
static ALLOCATOR: allocator::Counting = allocator::Counting;

/// Each way of scaling and of writing, strict and lenient. The last byte of an input chooses one:
/// behind the end of a picture it means nothing.
pub const PLANS: [&str; 14] = [
    "format=jpeg",
    "width=60,format=jpeg,quality=95",
    "width=9,height=7,fit=cover,rotate=90,format=png",
    "width=300,height=200,fit=pad,format=webp,metadata=keep",
    "format=pixels,damaged=keep",
    "width=60,format=jpeg,damaged=keep",
    "width=25,format=png,damaged=keep",
    "width=12,height=90,fit=squeeze,linear=true,flip=h,damaged=keep",
    "page=1,width=25,format=webp",
    "page=2,format=pixels,damaged=keep",
    "width=25",
    "format=gif,damaged=keep",
    "width=60,format=jpeg,max-bytes=600",
    "width=300,format=webp,quality=100",
];

/// What a transform may use: a larger input is refused, which costs no time.
const BUDGET: Budget = Budget { memory: 64 << 20, work: 300_000_000 };

/// What is allocated to find out that nothing will be done.
const REFUSAL: u64 = 1 << 20;

/// Property: whatever the bytes, a transform ends with a picture or a typed failure; it never takes
/// more memory than was forecast from the header; the picture is as large as forecast; and what the
/// strict decoder takes, the lenient one takes in the same way, without a warning.
///
/// Oracle: panics and aborts, the counting allocator, the forecast, and the strict decoder.
///
/// # Panics
/// If one of these does not hold.
pub fn decode(input: &[u8]) {
    let options = PLANS[usize::from(input.last().copied().unwrap_or(0)) % PLANS.len()];
    let strict = options.trim_end_matches(",damaged=keep");
    let made = holds(input, options);
    if strict != options
        && let Ok(Ok(expected)) = holds(input, strict)
    {
        assert!(made == Ok(Ok(expected)), "{options}: another picture than the strict one");
    }
}

/// A picture's bytes and warnings, the failure of the transform, or that of the forecast.
type Outcome = Result<Result<(Vec<u8>, Vec<String>), Failure>, Failure>;

fn holds(input: &[u8], options: &str) -> Outcome {
    let plan = Options::parse(options).and_then(|options| Plan::new(&options, &Client::default()));
    let plan = plan.unwrap_or_else(|problem| unreachable!("{options}: {problem}"));
    let forecast = estimate(input, &plan);
    let source = Source::Encoded(input.to_vec());
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(BUDGET, 0, &mut trace);
    let (made, peak) = peak_of(|| transform(source, Vec::new(), &plan, &mut job));
    let forecast = match forecast {
        Ok(forecast) => forecast,
        Err(failure) => {
            let other = made.err().map(|failure| discriminant(&failure));
            assert!(other == Some(discriminant(&failure)), "forecast as {failure:?}");
            assert!(peak <= REFUSAL, "{peak} bytes to be refused as {failure:?}");
            return Err(failure);
        }
    };
    let most = forecast.memory.max(REFUSAL);
    assert!(peak <= most, "{options}: {peak} bytes, {} were forecast", forecast.memory);
    Ok(made.map(|rendition| {
        assert!(rendition.size == forecast.size, "{options}: {:?}", rendition.size);
        assert!(rendition.media_type == forecast.media_type, "{options}");
        let bytes = match rendition.picture {
            Picture::Encoded(bytes) => bytes,
            Picture::Pixels(raster) => raster.samples,
        };
        (bytes, job.warnings())
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn allocations_are_counted() {
        let (kept, peak) = peak_of(|| {
            drop(vec![1_u8; 1_000]);
            vec![1_u8; 200]
        });
        assert_eq!(peak, 1_016);
        assert_eq!(kept.len(), 200);
    }

    #[test]
    fn groups_that_no_tile_uses_take_no_memory() {
        // A lossless WebP whose one tile uses a group of a very high number.
        let stream = [
            0x2f, 0x00, 0x40, 0x00, 0x00, 0x94, 0xcb, 0x5b, 0xb7, 0x6f, 0x1f, 0xb6, 0xb1, 0x19,
            0x5f, 0xb9, 0xf2, 0x57, 0x5b,
        ];
        decode(&[b"RIFF\x1e\0\0\0WEBPVP8L\x11\0\0\0".as_slice(), &stream].concat());
    }
}
