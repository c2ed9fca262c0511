//! Whether a transform is done at the edge, by what it will need and by what is under way there.
//!
//! An isolate has one thread and 128 MB for all requests that it serves at once. So what one transform
//! needs is told before it begins, and what the files of all of them hold is bounded.

use crate::brands::Heif;
use crate::facts::Facts;
use crate::limits;
use crate::plan::{Output, Plan};
use crate::problem::{Code, Problem};
use crate::said::Said;

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
    /// Those of files, before a transform is forecast.
    pub fn of<'a>(files: impl Iterator<Item = &'a Facts>) -> Self {
        files.fold(Self::default(), |needs, facts| Self {
            told: needs.told.saturating_add(facts.length.unwrap_or_default()),
            files: needs.files.saturating_add(facts.most_bytes()),
            ..needs
        })
    }

    /// The same with what the component says, as [`Said::read`] reads it, of the beginning of a source, where it is to be worked on here. A
    /// beginning that is too short to tell is no obstacle: the whole file will.
    ///
    /// # Errors
    /// [`Code::OverBudget`], and what the component says else.
    pub fn forecast(self, forecast: &str, plan: &Plan, is_backed: bool) -> Result<Self, Problem> {
        let needs = match Said::read(forecast) {
            Ok(Said { memory, stills, work, pixels, .. }) => {
                check_file(plan, pixels, is_backed)?;
                Self { memory, stills, work, ..self }
            }
            Err(problem) if problem.code == Code::Truncated => self,
            Err(problem) => return Err(problem),
        };
        needs.check().map(|()| needs)
    }

    /// Whether an isolate has so much for one transform.
    ///
    /// # Errors
    /// [`Code::OverBudget`].
    fn check(&self) -> Result<(), Problem> {
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

/// What the transform of a file with this beginning may have at the edge: memory and work, and of a still also the
/// memory of what decodes it.
pub fn budget(head: &[u8]) -> Vec<u64> {
    let is_still = Heif::of(head) == Some(Heif::Hevc);
    let stills = is_still.then_some(limits::of_stills(limits::MEMORY_EDGE));
    [limits::MEMORY_EDGE, limits::WORK_EDGE].into_iter().chain(stills).collect()
}

/// A request that waits for its turn.
#[derive(Clone, Copy, Debug)]
pub struct Waiting {
    needs: Needs,
    gives_up_ms: u64,
}

impl Waiting {
    /// One that came now. With an origin behind it, others can do the work; without one, waiting is all there is.
    pub fn new(needs: Needs, is_backed: bool, now_ms: u64) -> Self {
        let patience = if is_backed { limits::TURN_MS_BACKED } else { limits::TURN_MS_ALONE };
        Self { needs, gives_up_ms: now_ms.saturating_add(patience) }
    }
}

/// The transforms that are under way in an isolate. Times are milliseconds of any one clock.
#[derive(Debug, Default)]
pub struct Room {
    guests: Vec<Guest>,
    /// The one picture that is made while nobody waits for it, beside those.
    later: Option<Guest>,
    last: u64,
}

#[derive(Clone, Copy, Debug)]
struct Guest {
    ticket: u64,
    needs: Needs,
    /// A request whose client went away may end without a word.
    forgotten_ms: u64,
}

impl Room {
    /// A ticket for a transform, if there is room for it: its files beside those of the others, and its
    /// turn soon enough after theirs. An empty room takes anything.
    ///
    /// # Errors
    /// [`Code::Busy`] if it has waited long enough.
    pub fn enter(&mut self, waiting: &Waiting, now_ms: u64) -> Result<Option<u64>, Problem> {
        let Waiting { needs, gives_up_ms } = *waiting;
        self.guests.retain(|guest| guest.forgotten_ms > now_ms);
        let sum = |of: fn(&Needs) -> u64| {
            self.guests.iter().map(|guest| of(&guest.needs)).fold(0, u64::saturating_add)
        };
        let files = sum(|needs| needs.files).saturating_add(needs.files);
        let is_full = files > limits::FILES_EDGE || sum(|needs| needs.work) > limits::AHEAD_EDGE;
        if is_full && !self.guests.is_empty() {
            let detail = "this isolate has as many transforms waiting as it may";
            let waits = now_ms < gives_up_ms;
            return if waits { Ok(None) } else { Err(Problem::new(Code::Busy, detail)) };
        }
        let guest = self.guest(needs, now_ms);
        self.guests.push(guest);
        Ok(Some(guest.ticket))
    }

    /// A ticket for a picture that nobody waits for, if no other is being made so.
    pub fn enter_later(&mut self, now_ms: u64) -> Option<u64> {
        if self.later.is_some_and(|guest| guest.forgotten_ms > now_ms) {
            return None;
        }
        self.later = Some(self.guest(Needs::default(), now_ms));
        self.later.map(|guest| guest.ticket)
    }

    /// Gives the ticket back.
    pub fn leave(&mut self, ticket: u64) {
        self.guests.retain(|guest| guest.ticket != ticket);
        self.later = self.later.filter(|guest| guest.ticket != ticket);
    }

    fn guest(&mut self, needs: Needs, now_ms: u64) -> Guest {
        self.last = self.last.wrapping_add(1);
        let forgotten_ms = now_ms.saturating_add(limits::STAY_MS);
        Guest { ticket: self.last, needs, forgotten_ms }
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
        let file = |length, limit| Facts { length, limit, ..Facts::default() };
        let needs = Needs::of([file(Some(5), 20), file(None, 30)].iter());
        assert_eq!((needs.told, needs.files), (5, 35));
    }

    #[test]
    fn a_forecast_says_what_is_needed_unless_the_beginning_is_too_short() {
        let plan = Plan::new(&Options::default(), &Client::default()).unwrap();
        let forecast = |said: &str| SMALL.forecast(said, &plan, true);
        let said = r#"{"mediaType":"image/png","memory":7,"work":8,"pixels":9}"#;
        assert_eq!(forecast(said), Ok(Needs { memory: 7, work: 8, ..SMALL }));
        let over = said.replace(":7,", ":99000000,");
        assert_eq!(forecast(&over).map_err(|problem| problem.code), Err(Code::OverBudget));
        assert_eq!(forecast(r#"{"failure":"truncated","facts":[]}"#), Ok(SMALL));
        let still = said.replace('}', ",\"stills\":6}");
        assert_eq!(forecast(&still).map(|needs| needs.stills), Ok(Some(6)));
        let unread = forecast(r#"{"failure":"unsupported","facts":[]}"#);
        assert_eq!(unread.map_err(|problem| problem.code), Err(Code::Unsupported));
    }

    #[test]
    fn stills_have_a_memory_of_their_own() {
        let plain = [limits::MEMORY_EDGE, limits::WORK_EDGE];
        assert_eq!(budget(b"\xff\xd8\xff"), plain);
        assert_eq!(budget(b"\0\0\0\x18ftypavif\0\0\0\0mif1"), plain);
        let still = budget(b"\0\0\0\x18ftypheic\0\0\0\0mif1");
        assert_eq!(still, [plain[0], plain[1], limits::of_stills(limits::MEMORY_EDGE)]);
    }

    /// A ticket for one that would wait.
    fn ticket(room: &mut Room, needs: Needs, now_ms: u64) -> Option<u64> {
        room.enter(&Waiting::new(needs, true, now_ms), now_ms).unwrap()
    }

    #[test]
    fn files_of_all_are_bounded() {
        let mut room = Room::default();
        let half = Needs { files: limits::FILES_EDGE / 2, ..SMALL };
        let (first, second) = (ticket(&mut room, half, 0), ticket(&mut room, half, 0));
        assert!(first.is_some() && second.is_some() && first != second);
        assert_eq!(ticket(&mut room, SMALL, 0), None);
        room.leave(first.unwrap());
        assert!(ticket(&mut room, SMALL, 0).is_some());
    }

    #[test]
    fn turns_are_not_far_away() {
        let mut room = Room::default();
        let taken = (0..1_000).take_while(|_| ticket(&mut room, SMALL, 0).is_some()).count();
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
    fn who_waits_gives_up_sooner_where_others_can_do_the_work() {
        let mut room = Room::default();
        let all = Needs { files: limits::FILES_EDGE, ..SMALL };
        assert!(ticket(&mut room, all, 0).is_some());
        for (is_backed, patience) in
            [(true, limits::TURN_MS_BACKED), (false, limits::TURN_MS_ALONE)]
        {
            let waiting = Waiting::new(SMALL, is_backed, 0);
            assert_eq!(room.enter(&waiting, patience - 1), Ok(None));
            let problem = room.enter(&waiting, patience).unwrap_err();
            assert_eq!(problem.code, Code::Busy);
        }
    }

    #[test]
    fn one_picture_at_a_time_is_made_for_later() {
        let mut room = Room::default();
        let first = room.enter_later(5).unwrap();
        assert_eq!(room.enter_later(6), None);
        // Its own transform comes in like any other.
        let all = Needs { files: u64::MAX, ..SMALL };
        assert!(ticket(&mut room, all, 6).is_some_and(|ticket| ticket != first));
        room.leave(first);
        assert!(room.enter_later(7).is_some());
        assert!(room.enter_later(7 + limits::STAY_MS).is_some());
    }

    #[test]
    fn an_empty_room_takes_anything_and_forgets_who_is_gone() {
        let mut room = Room::default();
        let all = Needs { files: u64::MAX, work: u64::MAX, ..SMALL };
        assert!(ticket(&mut room, all, 5).is_some());
        assert_eq!(ticket(&mut room, SMALL, 5), None);
        assert!(ticket(&mut room, SMALL, 5 + limits::STAY_MS).is_some());
    }
}
