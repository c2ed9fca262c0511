//! What one transform may use, and the one place where it is charged.

use selvedge_plan::options::damaged::Damaged;

use crate::damage::Damage;
use crate::failure::{Excess, Failure};

/// Ceilings for one transform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Bytes, the source's included.
    pub memory: u64,
    /// Work units, about a nanosecond each.
    pub work: u64,
}

impl Budget {
    /// No ceilings.
    pub const UNLIMITED: Self = Self { memory: u64::MAX, work: u64::MAX };
}

/// One transform under way: its budget, who is told of its steps, and what was found amiss.
pub struct Job<'a> {
    budget: Budget,
    work: u64,
    /// Bytes in use before the pixels begin: source, stack, tables.
    base: u64,
    trace: &'a mut dyn FnMut(&'static str),
    damage: Damage,
}

impl<'a> Job<'a> {
    /// A job that announces its steps to `trace`, with `base` bytes in use already.
    pub fn new(budget: Budget, base: u64, trace: &'a mut dyn FnMut(&'static str)) -> Self {
        Self { budget, work: 0, base, trace, damage: Damage::default() }
    }

    /// Says what becomes of a damaged source. Until then it is refused.
    pub(crate) fn meet_damage(&mut self, damaged: Damaged) {
        self.damage = Damage::new(damaged);
    }

    /// What becomes of damage, and what was found so far.
    pub(crate) fn damage(&self) -> &Damage {
        &self.damage
    }

    /// What is amiss with the picture though there is one, a sentence each.
    pub fn warnings(&self) -> Vec<String> {
        self.damage.warnings()
    }

    /// Says what is done in another way than the plan may mean.
    pub(crate) fn warn(&self, what: &str) {
        self.damage.note(what.to_owned());
    }

    /// Begins a step that will take about `work` units.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if that is more than is left.
    pub fn step(&mut self, name: &'static str, work: u64) -> Result<(), Failure> {
        (self.trace)(name);
        self.work = self.work.saturating_add(work);
        within("work", self.budget.work, self.work)
    }

    /// Checks that `memory` bytes on top of the base and `work` more units fit the budget. Before anything is allocated,
    /// since not every decoder can refuse to go on.
    ///
    /// # Errors
    /// [`Failure::OverBudget`].
    pub fn admit(&self, memory: u64, work: u64) -> Result<(), Failure> {
        within("memory", self.budget.memory, self.base.saturating_add(memory))?;
        within("work", self.budget.work, self.work.saturating_add(work))
    }

    /// Counts `bytes` as in use from now on.
    pub(crate) fn hold(&mut self, bytes: u64) {
        self.base = self.base.saturating_add(bytes);
    }

    /// Counts `bytes` as in use no longer: what is forecast from now on has them.
    pub(crate) fn release(&mut self, bytes: u64) {
        self.base = self.base.saturating_sub(bytes);
    }

    /// Runs a job of a `part` of the plan that has a source of its own, in what is left of this job
    /// beside `held` bytes. Nobody is told of its steps; what is amiss with it names the part.
    ///
    /// # Errors
    /// What `run` says.
    pub(crate) fn beside<T>(
        &mut self,
        held: u64,
        part: &str,
        run: impl FnOnce(&mut Job<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let mut untold = |_: &'static str| {};
        let mut job = Job::new(self.budget, self.base.saturating_add(held), &mut untold);
        job.work = self.work;
        let done = run(&mut job).map_err(|failure| failure.of(part));
        self.work = job.work;
        for warning in job.warnings() {
            self.damage.note(format!("{part}: {warning}"));
        }
        done
    }

    /// `length` zero bytes.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refuses.
    #[expect(clippy::slow_vector_initialization, reason = "`vec!` cannot refuse, it aborts")]
    pub fn bytes(&self, length: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = Vec::new();
        match bytes.try_reserve_exact(length) {
            Ok(()) => {
                bytes.resize(length, 0);
                Ok(bytes)
            }
            Err(_) => Err(self.out_of_memory(length)),
        }
    }

    /// `length` zero words of 16 bits.
    ///
    /// # Errors
    /// [`Failure::OverBudget`] if the allocator refuses.
    #[expect(clippy::slow_vector_initialization, reason = "`vec!` cannot refuse, it aborts")]
    pub fn words(&self, length: usize) -> Result<Vec<i16>, Failure> {
        let mut words = Vec::new();
        match words.try_reserve_exact(length) {
            Ok(()) => {
                words.resize(length, 0);
                Ok(words)
            }
            Err(_) => Err(self.out_of_memory(length * 2)),
        }
    }

    fn out_of_memory(&self, length: usize) -> Failure {
        let actual = self.base.saturating_add(length as u64);
        Failure::OverBudget(Excess { what: "memory".into(), limit: self.budget.memory, actual })
    }

    /// Work units charged so far.
    pub fn work(&self) -> u64 {
        self.work
    }
}

/// `count` zeros, for those who have no job at hand.
///
/// # Errors
/// [`Failure::OverBudget`] if the allocator refuses.
pub(crate) fn zeros<T: Clone + Default>(count: usize) -> Result<Vec<T>, Failure> {
    let mut values = Vec::new();
    values
        .try_reserve_exact(count)
        .map_err(|_| Failure::out_of_memory(count.saturating_mul(size_of::<T>())))?;
    values.resize(count, T::default());
    Ok(values)
}

fn within(what: &'static str, limit: u64, actual: u64) -> Result<(), Failure> {
    if actual > limit {
        return Err(Failure::OverBudget(Excess { what: what.into(), limit, actual }));
    }
    Ok(())
}
