//! A place among the transforms of this isolate.

use std::cell::RefCell;
use std::time::Duration;

use selvedge_plan::admission::{Needs, Room, Waiting};
use worker::{Date, Delay};

use crate::Result;

/// How often a request that waits looks whether there is room. Being called by the request that leaves would
/// be one request's work on behalf of another, which the platform forbids.
const LOOK: Duration = Duration::from_millis(5);

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

/// A place, until it is dropped.
pub struct Place(u64);

impl Place {
    /// Waits for one, but not longer than is decided for a request with or without an origin behind it.
    pub async fn find(needs: Needs, is_backed: bool) -> Result<Self> {
        let waiting = Waiting::new(needs, is_backed, Date::now().as_millis());
        loop {
            let now = Date::now().as_millis();
            if let Some(ticket) = ROOM.with_borrow_mut(|room| room.enter(&waiting, now))? {
                return Ok(Self(ticket));
            }
            Delay::from(LOOK).await;
        }
    }

    /// The place of the one picture that is made while nobody waits for it, if it is free.
    pub fn find_later() -> Option<Self> {
        ROOM.with_borrow_mut(|room| room.enter_later(Date::now().as_millis())).map(Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        ROOM.with_borrow_mut(|room| room.leave(self.0));
    }
}
