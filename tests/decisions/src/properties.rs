//! What holds of every decision, whatever the request.

use selvedge_plan::geometry::{Misfit, Region, Size, layout};
use selvedge_plan::orientation::Turn;
use selvedge_plan::signature::Keys;
use selvedge_plan::{Asked, Client, Decision, Fields, Options, Plan, Source, decide, limits};

use crate::random::Random;
use crate::requests::NOW;
use crate::rules::{KEY, open};

/// What does not hold; nothing, if all is well. Of the geometry, some random sources are tried, and
/// what comes out is told too, so that it can be compared.
pub fn broken(decision: &Decision, random: &mut Random) -> Vec<String> {
    let mut told = Vec::new();
    let mut holds = |what: &str, is: bool| {
        if !is {
            told.push(format!("BROKEN: {what}"));
        }
    };
    let text = decision.plan.text();
    let read = Options::parse(&text).and_then(|options| {
        holds("options print as they were read", options.print() == text);
        Plan::new(&options, &Client::default())
    });
    holds("the canonical text is the plan", read.as_ref() == Ok(&decision.plan));
    holds(
        "a source's text is the source",
        Source::parse(&decision.source.text()).as_ref() == Ok(&decision.source),
    );
    holds("a plan is decided alike when it is handed over", handed_over(decision));
    told.extend((0..3).map(|_| laid_out(&decision.plan, random)));
    told
}

fn handed_over(decision: &Decision) -> bool {
    let keys = Keys::parse(KEY).unwrap_or_default();
    let target = decision.target(&keys);
    if target.len() > limits::TARGET_BYTES {
        return true;
    }
    let asked = Asked {
        method: "GET",
        target: &target,
        authority: "example.com",
        fields: &Fields::default(),
        now: NOW,
    };
    decide(&asked, &open()).is_ok_and(|again| {
        again.plan == decision.plan && again.key == decision.key && again.vary.is_empty()
    })
}

/// Lays the plan out on a random source, and checks that everything lies inside of everything.
pub fn laid_out(plan: &Plan, random: &mut Random) -> String {
    let sides = [1, 2, 3, 7, 100, 612, 1_919, 4_000, 16_383, 65_535];
    let mut side = || match random.below(3) {
        0 => random.below(limits::SOURCE_SIDE).max(1),
        _ => *random.one_of(&sides),
    };
    let stored = Size { width: side(), height: side() };
    let exif = u16::try_from(random.below(9)).unwrap_or(0);
    let turn = Turn::from_exif(exif).then(plan.turn());
    let source = turn.size(stored);
    // Orientations 5 to 8 lie on their side (Exif 2.32 §4.6.4), whatever a turn makes of them.
    let lying = Size { width: stored.height, height: stored.width };
    let upright = if (5..=8).contains(&exif) { lying } else { stored };
    let axes = plan.turn() != Turn::NONE || source == upright;
    let told = match layout(source, plan) {
        Err(Misfit::TooLarge { .. } | Misfit::Empty { .. }) => None,
        Ok(layout) => {
            let region = turn.source_region(layout.region, stored);
            let inside = |region: Region, size: Size| {
                let whole = Region::whole(size);
                region.width > 0
                    && region.height > 0
                    && region.x + region.width <= whole.width
                    && region.y + region.height <= whole.height
            };
            let (scaled, canvas) = (layout.scaled, layout.canvas);
            let fits = inside(layout.region, source)
                && inside(region, stored)
                && scaled.width > 0
                && scaled.height > 0
                && layout.left + scaled.width <= canvas.width
                && layout.top + scaled.height <= canvas.height
                && canvas.width.max(canvas.height) <= limits::OUTPUT_SIDE
                && canvas.pixels() <= limits::OUTPUT_PIXELS;
            let boxed = [(plan.width, canvas.width), (plan.height, canvas.height)];
            let exact = plan.fit.enlarges()
                || boxed.iter().all(|(asked, got)| asked.is_none_or(|asked| *got <= asked));
            Some(format!(
                "{layout:?} {}",
                if fits && exact && axes { "" } else { "BROKEN: layout" }
            ))
        }
    };
    format!("{stored:?} {exif} {told:?}")
}
