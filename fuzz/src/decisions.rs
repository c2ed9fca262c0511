//! What holds of decisions, whatever the request.

use selvedge_decisions::random::Random;
use selvedge_decisions::requests::NOW;
use selvedge_decisions::{properties, rules};
use selvedge_plan::{Asked, Client, Fields, Options, Plan, decide};

/// Property: no request makes the decision panic, and of every request that is served the properties
/// hold: the canonical text is the plan, a source's text is the source, a hand-over is decided alike.
/// Input: header fields one a line, and the target on the last line.
///
/// # Panics
/// If one of these does not hold.
pub fn requests(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let (head, target) = text.rsplit_once('\n').unwrap_or(("", text));
    let fields = Fields::collect(|name| {
        let mut lines = head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    });
    for rules in rules::all() {
        let authority = "example.com";
        let asked = Asked { method: "GET", target, authority, fields: &fields, now: NOW };
        if let Ok(decision) = decide(&asked, &rules) {
            let broken = properties::broken(&decision, &mut Random::new(7));
            assert!(!broken.iter().any(|told| told.contains("BROKEN")), "{target}: {broken:?}");
        }
    }
}

/// Property: whatever the options and the source, nothing panics, the region lies inside of the source
/// and the picture on its canvas, and nothing is empty. Input: a seed of four bytes, then options.
///
/// # Panics
/// If one of these does not hold.
pub fn geometry(input: &[u8]) {
    let Some((seed, options)) = input.split_first_chunk::<4>() else { return };
    let Ok(options) = core::str::from_utf8(options) else { return };
    let Ok(options) = Options::parse(options) else { return };
    let Ok(plan) = Plan::new(&options, &Client::default()) else { return };
    let mut random = Random::new(u32::from_le_bytes(*seed));
    for _ in 0..8 {
        let told = properties::laid_out(&plan, &mut random);
        assert!(!told.contains("BROKEN"), "{options:?}: {told}");
    }
}
