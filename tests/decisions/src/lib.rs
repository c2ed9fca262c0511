//! Requests, written and random, and what is decided of them. Built natively and as WebAssembly, so
//! that the two can be compared: they must agree to the letter.

pub mod properties;
pub mod random;
pub mod requests;
pub mod rules;
pub mod vectors;

use selvedge_plan::{Asked, decide, key};

/// The beginning of the SHA-256 of what is decided of `count` random requests of `seed`. A property
/// that does not hold is part of it, and so shows as well.
#[cfg_attr(
    target_arch = "wasm32",
    unsafe(no_mangle),
    expect(unsafe_code, reason = "a name that JavaScript can call; no other function has it")
)]
pub extern "C" fn digest(seed: u32, count: u32) -> u64 {
    let told: String = told(seed, count).collect();
    let digest = key::digest(&told);
    digest.get(..16).and_then(|digits| u64::from_str_radix(digits, 16).ok()).unwrap_or(0)
}

/// How many of the written requests are decided in another way than they say.
#[cfg_attr(
    target_arch = "wasm32",
    unsafe(no_mangle),
    expect(unsafe_code, reason = "a name that JavaScript can call; no other function has it")
)]
pub extern "C" fn failures() -> u32 {
    u32::try_from(vectors::failures().len()).unwrap_or(u32::MAX)
}

/// What is decided of random requests, one after the other.
pub fn told(seed: u32, count: u32) -> impl Iterator<Item = String> {
    let mut random = random::Random::new(seed);
    let rules = rules::all();
    (0..count).map(move |_| {
        let request = requests::draw(&mut random);
        let rules = random.one_of(&rules);
        let asked = Asked {
            method: "GET",
            target: &request.target,
            authority: "example.com",
            fields: &request.fields,
            now: requests::NOW,
        };
        let decided = decide(&asked, rules);
        let broken = decided.as_ref().map(|it| properties::broken(it, &mut random));
        format!("{}\n{decided:?}\n{broken:?}\n", request.target)
    })
}
