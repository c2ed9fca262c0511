//! What a server allows: everything that a configuration says about addresses.

use crate::allow::AllowList;
use crate::dialects::Dialects;
use crate::foreign::{ImgproxyKeys, ThumborKeys};
use crate::policy::Policy;
use crate::presets::Presets;
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};
use crate::signature::Keys;
use crate::unsigned::{List, Unsigned};

/// What a server allows. The default allows nothing.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// The keys that sign addresses.
    pub keys: Keys,
    /// The keys that sign addresses in imgproxy's dialect.
    pub imgproxy: ImgproxyKeys,
    /// The keys that sign addresses in thumbor's dialect.
    pub thumbor: ThumborKeys,
    /// What unsigned addresses may ask for.
    pub unsigned: Unsigned,
    /// Whether paths lead somewhere: a folder, a bucket, or one origin.
    pub paths: bool,
    /// Which absolute addresses may be fetched.
    pub allow: AllowList,
    /// In which dialects addresses are understood.
    pub dialects: Dialects,
    /// Options that have a name.
    pub presets: Presets,
    /// What addresses may ask for.
    pub policy: Policy,
    /// Whether AVIF that takes its time may come later, and something else until then.
    pub avif_later: bool,
    /// How many Selvedges a request may have passed: none at the edge, one at the origin.
    pub hops: usize,
}

impl Rules {
    /// Whether any address can be served: there is a key to verify it with, or it needs none.
    pub fn serve_any(&self) -> bool {
        let no_keys = self.keys.is_empty() && self.imgproxy.is_empty() && self.thumbor.is_empty();
        !no_keys || self.unsigned != Unsigned::No
    }

    /// Verifies what signs a target, and gives the list that it is bound by if it has no signature. One
    /// that is there has to be right, even where none is needed; one of another server counts where its
    /// keys are known.
    ///
    /// # Errors
    /// [`Code::NotSigned`].
    pub fn verify(&self, target: &Target<'_>) -> Result<Option<&List>, Problem> {
        let right = match target.signature {
            Signature::Own(segment) => {
                return self.keys.verify(segment, target.signed).map(|()| None);
            }
            Signature::Imgproxy(tag) if !self.imgproxy.is_empty() => {
                self.imgproxy.verify(tag, target.signed)
            }
            Signature::Thumbor(tag) if !self.thumbor.is_empty() => {
                self.thumbor.verify(tag, target.signed)
            }
            Signature::Imgproxy(_) | Signature::None | Signature::Thumbor(_) => {
                return match &self.unsigned {
                    Unsigned::All => Ok(None),
                    Unsigned::Listed(list) if target.signature == Signature::None => Ok(Some(list)),
                    Unsigned::Listed(_) => {
                        let detail = "this server has no key for a signature of this kind";
                        Err(Problem::new(Code::NotSigned, detail))
                    }
                    Unsigned::No => {
                        let detail = "this server serves signed addresses only";
                        Err(Problem::new(Code::NotSigned, detail))
                    }
                };
            }
        };
        if right {
            return Ok(None);
        }
        Err(Problem::new(Code::NotSigned, "the signature does not fit the address"))
    }
}
