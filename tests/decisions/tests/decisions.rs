//! The written requests, and a few random ones, in this build.

use std::collections::BTreeSet;

use selvedge_decisions::{told, vectors};
use selvedge_plan::options::fit::Fit;

/// How many random requests.
const COUNT: u32 = 50_000;

#[test]
fn written_requests_are_decided_as_they_say() {
    let failures = vectors::failures();
    assert!(failures.is_empty(), "{} wrong:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_row_of_cloudflares_documentation_has_a_vector() {
    let vectors = vectors::all().unwrap_or_else(|why| panic!("{why}"));
    let rows: BTreeSet<&str> = vectors.iter().map(|vector| vector.row.as_str()).collect();
    // The table of options there, row by row.
    for option in [
        "width",
        "height",
        "fit",
        "gravity",
        "zoom",
        "trim",
        "trim=border",
        "background",
        "border",
        "rotate",
        "flip",
        "blur",
        "sharpen",
        "brightness",
        "contrast",
        "gamma",
        "saturation",
        "quality",
        "slow-connection-quality",
        "format",
        "compression",
        "dpr",
        "anim",
        "metadata",
        "onerror",
        "segment",
        "upscale",
        "origin-auth",
        "draw",
    ] {
        assert!(rows.contains(option), "no vector for the option {option}");
    }
    for fit in Fit::ALL {
        assert!(rows.contains(fit.name()), "no vector for the mode {}", fit.name());
    }
}

#[test]
fn what_must_hold_of_every_decision_holds() {
    let (mut decided, mut refused) = (0, 0);
    for told in told(1, COUNT) {
        assert!(!told.contains("BROKEN"), "{told}");
        if told.contains("\nOk(") {
            decided += 1;
        } else {
            refused += 1;
        }
    }
    // Neither kind may vanish, or nothing is tested.
    assert!(decided > COUNT / 20 && refused > COUNT / 20, "{decided} decided, {refused} refused");
}
