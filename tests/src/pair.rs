//! Edge and origin over the same source.

use std::path::Path;

use anyhow::Result;

use crate::process::Server;
use crate::upstream::Upstream;
use crate::{edge, origin};

/// Both servers. The edge has nobody to hand over to.
#[derive(Debug)]
pub struct Pair {
    /// The Worker, which fetches from an [`Upstream`].
    pub edge: Server,
    /// The host, which reads the folder.
    pub origin: Server,
    _upstream: Upstream,
}

impl Pair {
    /// Starts both over the files below `folder`.
    ///
    /// # Errors
    /// If one does not start.
    pub fn serving(folder: &Path) -> Result<Self> {
        let upstream = Upstream::folder(folder.to_owned())?;
        Ok(Self {
            edge: edge::start(&[&format!("SOURCE={}/", upstream.url())], None)?,
            origin: origin::start(&folder.to_string_lossy(), &[])?,
            _upstream: upstream,
        })
    }

    /// Both with their names.
    pub fn sides(&self) -> [(&'static str, &Server); 2] {
        [("edge", &self.edge), ("origin", &self.origin)]
    }
}
