//! A place among the transforms of this isolate.

use std::cell::RefCell;
use std::time::Duration;

use js_sys::Date;
use selvedge_plan::Problem;
use selvedge_plan::admission::{self, Needs, Room, Spare};
use worker::Delay;

/// How often a request that waits looks whether there is room. Being called by the request that leaves would
/// be one request's work on behalf of another, which the platform forbids.
const LOOK: Duration = Duration::from_millis(5);

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
    static SPARE: RefCell<Spare> = RefCell::default();
}

/// A place, until it is dropped.
pub struct Place(u64);

impl Place {
    /// Waits for one, but not longer than is decided for a request with or without an origin behind it.
    pub async fn find(needs: Needs, has_origin: bool) -> Result<Self, Problem> {
        let gives_up = now().saturating_add(admission::patience_ms(has_origin));
        loop {
            let ticket = ROOM.with_borrow_mut(|room| room.enter(needs, now()));
            if let Some(ticket) = ticket {
                return Ok(Self(ticket));
            }
            if now() >= gives_up {
                return Err(admission::busy());
            }
            Delay::from(LOOK).await;
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        ROOM.with_borrow_mut(|room| room.leave(self.0));
    }
}

/// The place of the one picture that is made while nobody waits for it, until this is dropped.
pub struct SparePlace;

impl SparePlace {
    /// The place, if it is free.
    pub fn find() -> Option<Self> {
        SPARE.with_borrow_mut(|spare| spare.take(now())).then_some(Self)
    }
}

impl Drop for SparePlace {
    fn drop(&mut self) {
        SPARE.with_borrow_mut(Spare::give_back);
    }
}

/// Milliseconds since 1970.
fn now() -> u64 {
    Date::now() as u64
}
