//! The written requests, and a few random ones, in this build.

use std::collections::BTreeSet;

use selvedge_decisions::random::Random;
use selvedge_decisions::{told, vectors};
use selvedge_plan::options::fit::Fit;
use selvedge_plan::{Client, Code, Options, Plan};

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

#[test]
fn random_requests_are_of_every_kind() {
    let told: Vec<String> = told(2, COUNT).collect();
    let seen = |part: &str| told.iter().any(|told| told.contains(part));
    for dialect in selvedge_plan::dialects::TABLE {
        let name = dialect.name;
        assert!(seen(&format!("Ok(Decision {{ dialect: \"{name}\"")), "nothing served of {name}");
    }
    for fit in Fit::ALL {
        assert!(seen(&format!("fit: {fit:?}, ")), "no plan with {fit:?}");
    }
    for code in Code::ALL.iter().filter(|code| is_of_decisions(**code)) {
        assert!(seen(&format!("Problem {{ code: {code:?}, ")), "nothing refused as {code:?}");
    }
}

/// Whether a decision can end so, for a GET of a usual length. The others come of sources and servers.
fn is_of_decisions(code: Code) -> bool {
    let status = matches!(code.status(), 400 | 403 | 410 | 508);
    status || code == Code::NoSuchPath
}

#[test]
fn the_ratio_is_multiplied_in_once() {
    let mut random = Random::new(3);
    for _ in 0..10_000 {
        let (side, dpr) = (1 + random.below(5_000), 100 + random.below(201));
        let ratio = format!("{}.{:02}", dpr / 100, dpr % 100);
        let text = format!("width={side},height={side},trim.left={side},dpr={ratio}");
        let plan = Options::parse(&text).and_then(|it| Plan::new(&it, &Client::default()));
        let pixels = (side * dpr + 50) / 100;
        let expected = format!("trim=0;0;0;{pixels},width={pixels},height={pixels}");
        assert_eq!(plan.map(|plan| plan.text()), Ok(expected), "{text}");
    }
}
