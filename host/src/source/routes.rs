//! Which source a path leads to: that of the longest prefix.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use selvedge_plan::source::{self, SourcePath};
use selvedge_plan::{Code, Problem, Source};

use super::bucket::{Bucket, Kind};
use super::config::{Credentials, Place};
use super::folder::Folder;
use super::origin::Origin;
use super::surroundings::Surroundings;
use super::website::Website;

/// Every source of paths, the longest prefix first.
#[derive(Debug)]
pub struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    prefix: Vec<String>,
    origin: Arc<dyn Origin>,
}

impl Routes {
    /// Sets up all places.
    ///
    /// # Errors
    /// All that is wrong with them.
    pub fn new(places: &[Place], surroundings: &Surroundings) -> Result<Self, Vec<String>> {
        let mut wrong = Vec::new();
        let mut routes: Vec<Route> = Vec::new();
        for place in places {
            match Route::new(place, surroundings) {
                Ok(route) if routes.iter().any(|other| other.prefix == route.prefix) => {
                    wrong.push(format!("two sources have the prefix `{}`", place.prefix));
                }
                Ok(route) => routes.push(route),
                Err(errors) => wrong.extend(errors),
            }
        }
        routes.sort_by_key(|route| std::cmp::Reverse(route.prefix.len()));
        if wrong.is_empty() { Ok(Self(routes)) } else { Err(wrong) }
    }

    /// Whether no path leads anywhere.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The source for a path, and what the path is there.
    ///
    /// # Errors
    /// That there is no source.
    pub fn find(&self, path: &SourcePath) -> Result<(&dyn Origin, SourcePath), Problem> {
        let fit = |route: &'_ Route| path.below_prefix(&route.prefix);
        let found = self.0.iter().find_map(|route| Some((route.origin.as_ref(), fit(route)?)));
        found.ok_or_else(|| {
            Problem::new(Code::SourceNotAllowed, "this server has no source for this path")
        })
    }
}

impl Route {
    fn new(place: &Place, surroundings: &Surroundings) -> Result<Self, Vec<String>> {
        let prefix = prefix(&place.prefix).map_err(|error| vec![error]);
        let origin = origin(place, surroundings);
        match (prefix, origin) {
            (Ok(prefix), Ok(origin)) => Ok(Self { prefix, origin }),
            (prefix, origin) => {
                let mut wrong = prefix.err().unwrap_or_default();
                wrong.extend(origin.err().unwrap_or_default());
                Err(wrong)
            }
        }
    }
}

/// The segments of a prefix.
fn prefix(text: &str) -> Result<Vec<String>, String> {
    let trimmed = text.trim_matches('/');
    if trimmed.is_empty() {
        return Ok(Vec::new());
    }
    match Source::parse(trimmed) {
        Ok(Source::Path(path)) if !Source::Path(path.clone()).has_query() => {
            Ok(path.segments().to_vec())
        }
        _ => Err(format!("prefix: expected folders such as photos/2024, got `{text}`")),
    }
}

/// What `place` leads to.
fn origin(place: &Place, surroundings: &Surroundings) -> Result<Arc<dyn Origin>, Vec<String>> {
    let scheme = place.from.split_once("://").map(|(scheme, _)| scheme);
    if let Some(kind) = scheme.and_then(Kind::of_scheme) {
        return Ok(Arc::new(Bucket::new(kind, place, surroundings)?));
    }
    let mut wrong = Vec::new();
    if place.credentials != Credentials::Given || !place.options.is_empty() {
        wrong.push(format!("`{}`: only buckets have credentials and options", place.from));
    }
    let origin: Result<Arc<dyn Origin>, String> = match scheme {
        None => Folder::new(Path::new(&place.from)).map(|folder| Arc::new(folder) as _),
        Some(_) => website(place, surroundings).map(|website| Arc::new(website) as _),
    };
    match origin {
        Ok(origin) if wrong.is_empty() => Ok(origin),
        origin => {
            wrong.extend(origin.err());
            Err(wrong)
        }
    }
}

/// A server of the operator's own, which may have any address.
fn website(place: &Place, surroundings: &Surroundings) -> Result<Website, String> {
    let home = source::base(&place.from)
        .map_err(|error| format!("{error}; or a folder, or s3://, gs:// or az:// and a bucket"))?;
    let hosts: BTreeSet<String> = home.host_str().map(str::to_owned).into_iter().collect();
    let client = Arc::new(surroundings.client(hosts, &[])?);
    Ok(Website { client, allow: surroundings.allow.clone(), home: Some(home) })
}
