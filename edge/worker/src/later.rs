//! AVIF for the next request: this one is answered with what can be had at once.

use std::rc::Rc;
use std::time::Duration;

use selvedge_plan::reply::Conditions;
use selvedge_plan::signature::Keys;
use worker::Delay;

use crate::component::Stopwatch;
use crate::log::Told;
use crate::room::SparePlace;
use crate::{Visit, cache, produce, respond};

/// How long the thread is left to the answer that goes out before.
const PAUSE: Duration = Duration::from_millis(50);

/// Turns a visit to what is answered meanwhile, if its decision has that; what it was for is made when the
/// answer has gone out, unless something else is being made so.
pub fn begin(visit: &mut Visit) -> bool {
    let Some(meanwhile) = visit.decision.meanwhile.take() else { return false };
    let mut later = visit.clone();
    visit.decision = *meanwhile;
    let Some(place) = SparePlace::find().filter(|_| !later.decision.head) else { return true };
    later.is_for_later = true;
    (later.conditions, later.watch) = (Conditions::default(), Stopwatch::new());
    let context = Rc::clone(&later.context);
    context.wait_until(async move {
        let _place = place;
        Delay::from(PAUSE).await;
        let mut told = Told::default();
        let answer = produce(&later, None, &mut told).await.unwrap_or_else(|problem| {
            let answer = respond::problem(&problem, true);
            told.problem = Some(problem);
            answer
        });
        cache::store(&later, &answer);
        told.write("GET", &later.decision.target(&Keys::default()), &answer, &later.watch);
    });
    true
}
