//! Where a Worker finds the file of a source.

use url::Url;

use crate::edge::Edge;
use crate::problem::Problem;
use crate::source::Source;

/// Where a file lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// Under this key of the bucket.
    Bucket(String),
    /// At this address, below the second one if there is one.
    Web(Url, Option<Url>),
}

impl Edge {
    /// Where the file of a source lies.
    ///
    /// # Errors
    /// [`Code::SourceNotFound`] for a path that no address has.
    pub fn locate(&self, source: &Source) -> Result<Location, Problem> {
        match (source, &self.base) {
            (Source::Url(url), _) => Ok(Location::Web(url.clone(), None)),
            (Source::Path(path), None) => Ok(Location::Bucket(path.joined())),
            (Source::Path(path), Some(base)) => {
                let url = path.below(base).ok_or_else(Problem::no_source)?;
                Ok(Location::Web(url, Some(base.clone())))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_lie_where_the_settings_say() {
        let path = Source::parse("photos/b%20c.jpg").unwrap();
        let bucket = Edge::default();
        assert_eq!(bucket.locate(&path), Ok(Location::Bucket("photos/b c.jpg".to_owned())));
        let base = Url::parse("https://a.test/x/").unwrap();
        let below = Edge { base: Some(base.clone()), ..Edge::default() };
        let url = Url::parse("https://a.test/x/photos/b%20c.jpg").unwrap();
        assert_eq!(below.locate(&path), Ok(Location::Web(url, Some(base))));
        let named = Source::parse("https://c.test/d.jpg").unwrap();
        let url = Url::parse("https://c.test/d.jpg").unwrap();
        for edge in [bucket, below] {
            assert_eq!(edge.locate(&named), Ok(Location::Web(url.clone(), None)));
        }
    }
}
