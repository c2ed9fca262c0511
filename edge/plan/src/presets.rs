//! Options that a server has under a name.

use crate::options::Options;
use crate::options::preset::{Preset, is_name};
use crate::problem::Problem;

/// Options by name.
#[derive(Clone, Debug, Default)]
pub struct Presets(Vec<(String, Options)>);

impl Presets {
    /// Reads `name:options` with blanks between them, such as `thumb:width=200,fit=cover`.
    ///
    /// # Errors
    /// What is wrong with the first one that is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let read = |preset: &str| {
            let (name, options) = preset
                .split_once(':')
                .filter(|(name, _)| is_name(name))
                .ok_or_else(|| format!("expected name:options, got `{preset}`"))?;
            let options = Options::parse(options).map_err(|problem| problem.detail)?;
            match options.preset {
                Some(_) => Err(format!("preset `{name}`: a preset cannot name another one")),
                None => Ok((name.to_owned(), options)),
            }
        };
        text.split_ascii_whitespace().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// `options` over what the presets that they name say.
    ///
    /// # Errors
    /// [`Code::BadOption`](crate::Code::BadOption) for a name that is not known.
    pub fn expand(&self, options: Options) -> Result<Options, Problem> {
        let Some(preset) = &options.preset else {
            return Ok(options);
        };
        let mut base = Options::default();
        for options in self.named(preset)? {
            base = base.over(&options.print())?;
        }
        let own = Options { preset: None, ..options };
        base.over(&own.print())
    }

    fn named(&self, preset: &Preset) -> Result<Vec<&Options>, Problem> {
        let find = |name: &String| {
            let known = self.0.iter().find(|(known, _)| known == name);
            known.map(|(_, options)| options).ok_or_else(|| {
                let known: Vec<&str> = self.0.iter().map(|(known, _)| known.as_str()).collect();
                let known = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
                Problem::option("preset", &format!("one that the server knows ({known})"), name)
            })
        };
        preset.names().iter().map(find).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_goes_before_its_presets() {
        let presets =
            Presets::parse("a:width=200,fit=cover,trim.left=5 \n b:width=300,quality=50").unwrap();
        for (options, expanded) in [
            ("preset=a", "trim=0;0;0;5,width=200,fit=cover"),
            ("preset=a;b", "trim=0;0;0;5,width=300,fit=cover,quality=50"),
            ("preset=b;a,q=9", "trim=0;0;0;5,width=200,fit=cover,quality=9"),
            ("width=7", "width=7"),
        ] {
            let options = Options::parse(options).unwrap();
            assert_eq!(presets.expand(options).unwrap().print(), expanded);
        }
        let unknown = Options::parse("preset=c").unwrap();
        assert!(presets.expand(unknown).unwrap_err().detail.contains("(a, b)"));
    }

    #[test]
    fn presets_are_checked_when_they_are_read() {
        for bad in ["a", "a:", ":width=1", "a:widht=1", "a:preset=b", "ä:width=1"] {
            let read = Presets::parse(bad);
            assert_eq!(read.is_err(), bad != "a:", "{bad}: {read:?}");
        }
    }
}
