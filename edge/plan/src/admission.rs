//! Whether a transform is done at the edge, by what it will need and by what is under way there.
//!
//! An isolate has one thread and 128 MB for all requests that it serves at once. So what one transform
//! needs is told before it begins, and what the files of all of them hold is bounded.

use crate::facts::Facts;
use crate::limits;
use crate::plan::{Output, Plan};
use crate::problem::{Code, Problem};

/// What a transform needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Bytes of linear memory, without those of the files.
    pub memory: u64,
    /// The same of what decodes stills, where the source is one: it takes the file, and planes go on.
    pub stills: Option<u64>,
    /// Work units, about a nanosecond each.
    pub work: u64,
    /// Bytes of the files whose servers tell.
    pub told: u64,
    /// Bytes of all files, at most.
    pub files: u64,
}

impl Needs {
    /// Those of files, each with the most bytes that may come, before a transform is forecast.
    pub fn of<'a>(files: impl Iterator<Item = (&'a Facts, u64)>) -> Self {
        files.fold(Self::default(), |needs, (facts, limit)| Self {
            told: needs.told.saturating_add(facts.length.unwrap_or_default()),
            files: needs.files.saturating_add(facts.most_bytes(limit)),
            ..needs
        })
    }

    /// Whether an isolate has so much for one transform.
    ///
    /// # Errors
    /// [`Code::OverBudget`].
    pub fn check(&self) -> Result<(), Problem> {
        let files = |memory: u64| memory.saturating_add(self.told);
        let (memory, stills) = match self.stills {
            Some(stills) => (self.memory, files(stills)),
            None => (files(self.memory), 0),
        };
        for (what, limit, actual) in [
            ("memory", limits::MEMORY_EDGE, memory),
            ("memory of the still", limits::of_stills(limits::MEMORY_EDGE), stills),
            ("work", limits::WORK_EDGE, self.work),
        ] {
            if actual > limit {
                return Err(Problem::excess(Code::OverBudget, what, limit, actual));
            }
        }
        Ok(())
    }
}

/// Whether the edge writes the file that the origin would, where one stands behind it. AVIF of so many
/// `pixels` the component does not write, and AVIF below a number of bytes libheif writes faster; without
/// an origin, the edge has WebP for the one, and takes its time for the other.
///
/// # Errors
/// [`Code::OverBudget`].
pub fn check_file(plan: &Plan, pixels: u64, is_backed: bool) -> Result<(), Problem> {
    if !is_backed || plan.output != Output::Avif {
        return Ok(());
    }
    if plan.max_bytes.is_some() {
        return Err(Problem::new(Code::OverBudget, "AVIF with max-bytes is written by the origin"));
    }
    if pixels > limits::AVIF_PIXELS {
        return Err(Problem::excess(Code::OverBudget, "AVIF pixels", limits::AVIF_PIXELS, pixels));
    }
    Ok(())
}

/// What a failure to tell the needs from the beginning of a file means.
///
/// # Errors
/// The problem itself, unless the beginning is too short to tell: then the whole file will.
pub fn untold(problem: Problem) -> Result<(), Problem> {
    match problem.code {
        Code::Truncated => Ok(()),
        _ => Err(problem),
    }
}

/// How long a request waits for its turn, in milliseconds. With an origin behind it, others can do the
/// work; without one, waiting is all there is.
pub fn patience_ms(has_origin: bool) -> u64 {
    if has_origin { limits::TURN_MS_BACKED } else { limits::TURN_MS_ALONE }
}

/// That no turn came.
pub fn busy() -> Problem {
    Problem::new(Code::Busy, "this isolate has as many transforms waiting as it may")
}

/// The transforms that are under way in an isolate. Times are milliseconds of any one clock.
#[derive(Debug, Default)]
pub struct Room {
    guests: Vec<Guest>,
    last: u64,
}

#[derive(Debug)]
struct Guest {
    ticket: u64,
    needs: Needs,
    /// A request whose client went away may end without a word.
    forgotten_ms: u64,
}

impl Room {
    /// A ticket for a transform, if there is room for it: its files beside those of the others, and its
    /// turn soon enough after theirs. An empty room takes anything.
    pub fn enter(&mut self, needs: Needs, now_ms: u64) -> Option<u64> {
        self.guests.retain(|guest| guest.forgotten_ms > now_ms);
        let sum = |of: fn(&Needs) -> u64| {
            self.guests.iter().map(|guest| of(&guest.needs)).fold(0, u64::saturating_add)
        };
        let files = sum(|needs| needs.files).saturating_add(needs.files);
        let is_full = files > limits::FILES_EDGE || sum(|needs| needs.work) > limits::AHEAD_EDGE;
        if is_full && !self.guests.is_empty() {
            return None;
        }
        self.last = self.last.wrapping_add(1);
        let forgotten_ms = now_ms.saturating_add(limits::STAY_MS);
        self.guests.push(Guest { ticket: self.last, needs, forgotten_ms });
        Some(self.last)
    }

    /// Gives the ticket back.
    pub fn leave(&mut self, ticket: u64) {
        self.guests.retain(|guest| guest.ticket != ticket);
    }
}

/// The place of the one picture that an isolate makes while nobody waits for it.
#[derive(Debug, Default)]
pub struct Spare {
    forgotten_ms: u64,
}

impl Spare {
    /// Whether it was free, and is taken now.
    pub fn take(&mut self, now_ms: u64) -> bool {
        let is_free = now_ms >= self.forgotten_ms;
        if is_free {
            self.forgotten_ms = now_ms.saturating_add(limits::STAY_MS);
        }
        is_free
    }

    /// Frees it.
    pub fn give_back(&mut self) {
        self.forgotten_ms = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;
    use crate::options::Options;

    const SMALL: Needs =
        Needs { memory: 5 << 20, work: 50_000_000, told: 1 << 20, files: 1 << 20, stills: None };

    #[test]
    fn what_is_too_much_is_named() {
        assert_eq!(SMALL.check(), Ok(()));
        for (needs, what) in [
            (Needs { memory: limits::MEMORY_EDGE, ..SMALL }, "memory"),
            (Needs { work: limits::WORK_EDGE + 1, ..SMALL }, "work"),
            (Needs { memory: u64::MAX, ..SMALL }, "memory"),
        ] {
            let problem = needs.check().unwrap_err();
            assert_eq!(problem.code, Code::OverBudget);
            assert!(problem.detail.starts_with(what), "{problem}");
        }
        // The file of a still is in the memory of its decoder, and not in the other.
        let still = Needs { memory: limits::MEMORY_EDGE, stills: Some(23 << 20), ..SMALL };
        assert_eq!(still.check(), Ok(()));
        let problem = Needs { stills: Some((23 << 20) + 1), ..SMALL }.check().unwrap_err();
        assert!(problem.detail.starts_with("memory of the still"), "{problem}");
        // Files whose length nobody tells are counted when they are there.
        assert_eq!(Needs { files: u64::MAX, ..SMALL }.check(), Ok(()));
    }

    #[test]
    fn files_of_unknown_length_may_have_all_that_is_allowed() {
        let [told, untold] = [Some(5), None].map(|length| Facts { length, ..Facts::default() });
        let needs = Needs::of([(&told, 20), (&untold, 30)].into_iter());
        assert_eq!((needs.told, needs.files), (5, 35));
    }

    #[test]
    fn only_a_short_beginning_tells_nothing() {
        assert_eq!(untold(Problem::new(Code::Truncated, "")), Ok(()));
        assert!(untold(Problem::new(Code::Unsupported, "")).is_err());
    }

    #[test]
    fn files_of_all_are_bounded() {
        let mut room = Room::default();
        let half = Needs { files: limits::FILES_EDGE / 2, ..SMALL };
        let (first, second) = (room.enter(half, 0), room.enter(half, 0));
        assert!(first.is_some() && second.is_some() && first != second);
        assert_eq!(room.enter(SMALL, 0), None);
        room.leave(first.unwrap());
        assert!(room.enter(SMALL, 0).is_some());
    }

    #[test]
    fn turns_are_not_far_away() {
        let mut room = Room::default();
        let taken = (0..1_000).take_while(|_| room.enter(SMALL, 0).is_some()).count();
        let ahead = limits::AHEAD_EDGE / SMALL.work;
        assert!((ahead as usize..=ahead as usize + 1).contains(&taken), "{taken}");
    }

    #[test]
    fn what_the_origin_writes_better_is_handed_over() {
        let plan = |options: &str| {
            Plan::new(&Options::parse(options).unwrap(), &Client::default()).unwrap()
        };
        let most = limits::AVIF_PIXELS;
        for (options, pixels, is_backed, fine) in [
            ("format=avif", most, true, true),
            ("format=avif", most + 1, true, false),
            ("format=avif", most + 1, false, true),
            ("format=avif,max-bytes=5", 1, true, false),
            ("format=avif,max-bytes=5", 1, false, true),
            ("format=webp,max-bytes=5", most + 1, true, true),
        ] {
            let told = check_file(&plan(options), pixels, is_backed);
            assert_eq!(told.is_ok(), fine, "{options} {pixels} {is_backed}");
            assert!(told.err().is_none_or(|problem| problem.code.is_for_origin()));
        }
    }

    #[test]
    fn one_picture_at_a_time_is_made_for_later() {
        let mut spare = Spare::default();
        assert!(spare.take(5) && !spare.take(6));
        spare.give_back();
        assert!(spare.take(7) && spare.take(7 + limits::STAY_MS));
    }

    #[test]
    fn an_empty_room_takes_anything_and_forgets_who_is_gone() {
        let mut room = Room::default();
        let all = Needs { files: u64::MAX, work: u64::MAX, ..SMALL };
        assert!(room.enter(all, 5).is_some());
        assert_eq!(room.enter(SMALL, 5), None);
        assert!(room.enter(SMALL, 5 + limits::STAY_MS).is_some());
    }
}
