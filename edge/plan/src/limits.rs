//! Every fixed limit, with its reason. Configuration may lower one; a URL never raises one.

/// Longest request target in bytes. Cloudflare takes 16 KB; four are ample for options and a source
/// address, and both sides must agree or a cached error at one poisons the other.
pub const TARGET_BYTES: usize = 4_096;

/// Largest side that may be asked for, and largest side of an output: what WebP's 14 bits hold
/// (RFC 9649 §2.4).
pub const OUTPUT_SIDE: u32 = 16_383;

/// Largest output area. 50 MP as RGBA are 200 MB: beyond that only an attacker asks.
pub const OUTPUT_PIXELS: u64 = 50_000_000;

/// Largest source side: what JPEG's 16 bits hold (ITU-T T.81 §B.2.2).
pub const SOURCE_SIDE: u32 = 65_535;

/// Largest source area, the same as Cloudflare Images'.
pub const SOURCE_PIXELS: u64 = 100_000_000;

/// Most frames that are taken of a file: as many as the option `page` can tell apart.
pub const FRAMES: u64 = 10_000;

/// Most pixels of all frames together, each the size of the canvas: twice what Cloudflare Images
/// delivers. They are decoded and scaled in about two seconds, before any is written.
pub const FRAMES_PIXELS: u64 = 200_000_000;

/// Largest animation that is written: it lies in memory twice, once while it grows.
pub const FRAMES_BYTES: u64 = 16 << 20;

/// Largest source file at the origin.
pub const SOURCE_BYTES_ORIGIN: u64 = 50 << 20;

/// Largest source file at the edge: it lies in the isolate twice, once on each side of the component.
pub const SOURCE_BYTES_EDGE: u64 = 24 << 20;

/// Linear memory of one transform at the edge. An isolate has 128 MB for all. Files and picture are in linear
/// memory, and outside of it once more: with [`FILES_EDGE`], and a picture of what is left, that is twice
/// this at most, 96 MiB. The rest is for the JavaScript heap and for answers that are still being sent.
pub const MEMORY_EDGE: u64 = 48 << 20;

/// Linear memory of one transform at the origin; the artefact declares 256 MiB as its maximum.
pub const MEMORY_ORIGIN: u64 = 240 << 20;

/// Linear memory of what decodes HEIC beside a transform with so much, which its planes go into. At the edge it is
/// 24 MiB, which the 12 megapixels of a phone fit; planes and file are outside of it once more, so that with
/// [`MEMORY_EDGE`] there are 96 MiB again. The artefact declares 128 MiB as its maximum.
#[must_use]
pub const fn of_stills(memory: u64) -> u64 {
    let (half, most) = (memory / 2, 120 << 20);
    if half < most { half } else { most }
}

/// Work units of one transform (about a nanosecond each): five seconds at the origin.
pub const WORK_ORIGIN: u64 = 5_000_000_000;

/// Work units of one transform at the edge: two seconds.
pub const WORK_EDGE: u64 = 2_000_000_000;

/// Bytes that the files of all transforms under way in one isolate may have: as many as one largest source,
/// so that several small ones are fetched at once and large ones are not.
pub const FILES_EDGE: u64 = SOURCE_BYTES_EDGE;

/// Work of the transforms under way in one isolate after which no more come in: about a second on its one
/// thread.
pub const AHEAD_EDGE: u64 = 1_000_000_000;

/// Milliseconds that a request waits for its turn where an origin can do the work.
pub const TURN_MS_BACKED: u64 = 300;

/// The same where nobody else can: as long as a source may take.
pub const TURN_MS_ALONE: u64 = 10_000;

/// Milliseconds after which a transform that never said that it ended counts as ended. Longer than fetch
/// and transform may take together.
pub const STAY_MS: u64 = 20_000;

/// Bytes of a source that `estimate` is given before the rest is fetched.
pub const HEAD_BYTES: usize = 64 << 10;

/// Redirects followed for one source, each decided anew.
pub const REDIRECTS: u8 = 3;

/// Largest area of an AVIF of the component, 1600 by 1600 pixels: about a second of encoding, of the
/// edge's two. What is larger is written as WebP, or by libheif. Cloudflare Images gives up from 1 600
/// pixels a side on.
pub const AVIF_PIXELS: u64 = 2_560_000;

/// Longest side that an address may ask for so that `format=auto` gives AVIF: encoding takes five
/// times as long as WebP, half a second for 1200 by 1200 pixels.
pub const AVIF_AUTO_SIDE: u32 = 1_200;

/// Longest side of an AVIF that nobody has to wait for long: less than a tenth of a second. Where AVIF may come
/// later, a larger one does.
pub const AVIF_AT_ONCE_SIDE: u32 = 400;

/// Seconds that an answer keeps which is given until the AVIF is there.
pub const MEANWHILE_SECONDS: u64 = 10;

/// Highest device pixel ratio, in hundredths. Cloudflare stops at 2; phones with 3 are common.
pub const DPR_HUNDREDTHS: u32 = 300;

/// Most pictures over a picture: each is one more fetch and one more decoder in memory.
pub const OVERLAYS: usize = 4;

/// Largest file of one of them: logos have kilobytes, and all of them lie in memory beside the source.
pub const OVERLAY_BYTES: u64 = 4 << 20;

/// Seconds by which the clocks of two servers may differ: an address that ends is served so much longer.
pub const CLOCK_SKEW_SECONDS: u64 = 60;

/// Most pictures of one source that unsigned addresses may ask for. Sixteen widths in four formats are
/// ample for a site, and what a stranger can fill of a cache with them is bounded.
pub const UNSIGNED_VARIANTS: usize = 64;
