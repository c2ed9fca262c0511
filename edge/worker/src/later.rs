//! AVIF for the next request: this one is answered with what can be had at once.

use std::time::Duration;

use worker::Delay;

use crate::log::Told;
use crate::room::Place;
use crate::{Visit, cache, produce};

/// How long the thread is left to the answer that goes out before.
const PAUSE: Duration = Duration::from_millis(50);

/// Turns a visit to what is answered meanwhile, if its decision has that; what it was for is made when the
/// answer has gone out, unless something else is being made so.
pub fn begin(visit: &mut Visit, told: &Told) -> bool {
    let Some(meanwhile) = visit.decision.meanwhile.take() else { return false };
    let decision = std::mem::replace(&mut visit.decision, *meanwhile);
    let Some(place) = Place::find_later().filter(|_| !decision.head) else { return true };
    let line = told.line.behind(&decision);
    let later = Visit { decision, arrival: visit.arrival.later(), ..visit.clone() };
    visit.context.wait_until(async move {
        let _place = place;
        Delay::from(PAUSE).await;
        let mut told = Told::begun(line);
        let made = produce(&later, &mut told).await;
        made.iter().for_each(|picture| cache::store(&later, picture));
        told.end(made).await;
    });
    true
}
