//! The files of a picture: looked at first, and read if that is not enough.

use std::time::{Duration, Instant, SystemTime};

use selvedge_plan::decide::Decision;
use selvedge_plan::{Code, Problem, freshness};
use tokio::sync::OwnedSemaphorePermit;
use tokio::task;

use super::making::{Making, bytes};
use super::purse::Part;
use crate::source::{Files, Gathered, digest_validator};

/// Sources that are there, before their bytes are read.
pub struct Look {
    gathered: Gathered,
    _leave: OwnedSemaphorePermit,
    /// When it began.
    pub began: Instant,
    /// The same as a time of day.
    pub at: SystemTime,
    told: Vec<Option<String>>,
    /// Where they lie.
    pub locations: Vec<String>,
    /// What the answer says of caching.
    pub cache_control: String,
}

/// Sources with their bytes.
pub struct Whole {
    /// What they are.
    pub files: Files,
    /// The memory that they take.
    pub part: Part,
    /// Where they lie.
    pub locations: Vec<String>,
    /// What tells the version of each.
    pub validators: Vec<String>,
    /// What the answer says of caching.
    pub cache_control: String,
    /// When the look at them began.
    pub at: SystemTime,
    /// How long it took to have them.
    pub took: Duration,
}

/// How far a request has come before it joins others.
pub enum Begun {
    /// Not at all.
    Nothing,
    /// Its sources are there.
    Looked(Box<Look>),
    /// It has their bytes.
    Read(Whole),
}

impl Look {
    /// What tells the version of each source, if that is known of all.
    pub fn validators(&self) -> Option<Vec<String>> {
        self.told.iter().cloned().collect()
    }
}

impl Making {
    /// Finds the sources.
    ///
    /// # Errors
    /// [`Code::Busy`], and what is the matter with a source.
    pub async fn look(&self, decision: &Decision, via: &str) -> Result<Look, Problem> {
        let leave = self.admission.fetch()?;
        let (began, at) = (Instant::now(), SystemTime::now());
        let gathered = Gathered::open(&self.sources, decision, via).await?;
        let told = gathered.cache_controls();
        let cache_control = freshness::cache_control(told.iter().map(Option::as_deref));
        let told = gathered.validators();
        let locations = gathered.locations().to_vec();
        Ok(Look { gathered, _leave: leave, began, at, told, locations, cache_control })
    }

    /// Reads their bytes, when there is memory for them.
    ///
    /// # Errors
    /// The same.
    pub async fn read(&self, look: Look) -> Result<Whole, Problem> {
        let most = look.gathered.most_bytes();
        let mut part = self.admission.files.take(most, self.admission.patience()).await?;
        let files = look.gathered.read().await?;
        part.shrink_to(bytes(files.size()));
        let (files, validators) = validated(files, look.told).await?;
        let (cache_control, at, took) = (look.cache_control, look.at, look.began.elapsed());
        let locations = look.locations;
        Ok(Whole { files, part, locations, validators, cache_control, at, took })
    }
}

/// What tells the versions of files: what was told, else their bytes. Fifty megabytes take a tenth of a
/// second to hash: too long for a thread that serves others.
async fn validated(
    files: Files,
    told: Vec<Option<String>>,
) -> Result<(Files, Vec<String>), Problem> {
    if let Some(validators) = told.iter().cloned().collect() {
        return Ok((files, validators));
    }
    let hash = move || {
        let known = told.into_iter().zip(files.each());
        let validators =
            known.map(|(told, bytes)| told.unwrap_or_else(|| digest_validator(bytes))).collect();
        (files, validators)
    };
    let lost = |_| Problem::new(Code::Internal, "hashing was aborted");
    task::spawn_blocking(hash).await.map_err(lost)
}
