//! What a server lets its addresses ask for: limits on options, each for its reason. A request that
//! passes one is told which; none is bent to fit.

use crate::ladder::Ladder;
use crate::options::{Options, find};
use crate::plan::Plan;
use crate::problem::{Code, Problem};

/// Limits on options. The default limits nothing that the fixed limits do not.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// Widths that may be asked for, and from which `width=auto` chooses. Whoever can ask for any
    /// width can fill a cache, and a bill, with thousands of pictures of one source.
    pub widths: Option<Ladder>,
    /// The same for heights.
    pub heights: Option<Ladder>,
    /// Largest side that may be asked for. Work and memory grow with the output.
    pub max_side: Option<u32>,
    /// Names of the options that may be used. An option that no page uses only helps an attacker.
    pub options: Option<Vec<&'static str>>,
    /// Whether options come from presets alone, so that their number is the number of pictures.
    pub presets_only: bool,
    /// Whether modes that enlarge are refused. Enlarging makes many bytes of few.
    pub no_enlarging: bool,
}

/// Options that change the answer and not the picture; they are never limited.
const HARMLESS: &[&str] = &["preset", "expires", "download", "onerror"];

impl Policy {
    /// Reads clauses with blanks between them: `widths=320,640`, `heights=…`, `max-side=2048`,
    /// `options=width,format`, `presets-only`, `no-enlarging`.
    ///
    /// # Errors
    /// The first clause that is none.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut policy = Self::default();
        for clause in text.split_ascii_whitespace() {
            let (name, value) = clause.split_once('=').unwrap_or((clause, ""));
            let wrong = |why: String| format!("{name}: {why}");
            match (name, value) {
                ("widths", _) => policy.widths = Some(Ladder::parse(value).map_err(wrong)?),
                ("heights", _) => policy.heights = Some(Ladder::parse(value).map_err(wrong)?),
                ("max-side", _) => {
                    let side = value.parse().map_err(|_| format!("max-side: got `{value}`"))?;
                    policy.max_side = Some(side);
                }
                ("options", _) => {
                    let name = |name: &str| find(name).map(|(setting, _)| setting.name());
                    let names: Result<_, Problem> = value.split(',').map(name).collect();
                    policy.options = Some(names.map_err(|problem| problem.detail)?);
                }
                ("presets-only", "") => policy.presets_only = true,
                ("no-enlarging", "") => policy.no_enlarging = true,
                _ => {
                    return Err(format!(
                        "expected widths=…, heights=…, max-side=…, options=…, presets-only or \
                         no-enlarging, got `{clause}`"
                    ));
                }
            }
        }
        Ok(policy)
    }

    /// Whether an address may ask for `options`, before presets are expanded.
    ///
    /// # Errors
    /// [`Code::NotAllowed`].
    pub fn check_options(&self, options: &Options) -> Result<(), Problem> {
        for (name, _) in options.pairs() {
            let name = name.split('.').next().unwrap_or_default();
            if HARMLESS.contains(&name) {
                continue;
            }
            if self.presets_only {
                return Err(refuse(format!("option `{name}`: this server takes presets only")));
            }
            if let Some(known) = &self.options
                && !known.contains(&name)
            {
                let known = known.join(", ");
                return Err(refuse(format!("option `{name}`: this server takes only {known}")));
            }
        }
        Ok(())
    }

    /// Whether `plan` is within the limits.
    ///
    /// # Errors
    /// [`Code::NotAllowed`].
    pub fn check_plan(&self, plan: &Plan) -> Result<(), Problem> {
        let sides = [("width", plan.width, &self.widths), ("height", plan.height, &self.heights)];
        for (name, side, ladder) in sides {
            let Some(side) = side else { continue };
            if let Some(ladder) = ladder.as_ref().filter(|ladder| !ladder.has(side)) {
                let steps = ladder.text();
                return Err(refuse(format!(
                    "{name} times dpr: expected one of {steps}, got {side}"
                )));
            }
            if let Some(most) = self.max_side.filter(|most| side > *most) {
                let what = format!("{name} times dpr: expected at most {most}, got {side}");
                return Err(refuse(what));
            }
        }
        if self.no_enlarging && plan.fit.enlarges() {
            let fit = plan.fit.name();
            return Err(refuse(format!(
                "`fit={fit}` may enlarge: this server takes only scale-down, crop and aspect-crop"
            )));
        }
        Ok(())
    }
}

fn refuse(why: String) -> Problem {
    Problem::new(Code::NotAllowed, why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    fn verdict(policy: &str, options: &str) -> String {
        let policy = Policy::parse(policy).unwrap();
        let options = Options::parse(options).unwrap();
        let plan = Plan::new(&Options { preset: None, ..options.clone() }, &Client::default());
        let checked = policy.check_options(&options).and_then(|()| policy.check_plan(&plan?));
        checked.map_or_else(|problem| problem.detail, |()| String::new())
    }

    #[test]
    fn each_limit_is_named() {
        for (policy, options, part) in [
            ("", "width=16383,fit=cover", ""),
            ("widths=320,640", "width=640", ""),
            ("widths=320,640", "width=320,dpr=2", ""),
            ("widths=320,640", "height=5", ""),
            ("widths=320,640", "width=641", "width times dpr: expected one of 320, 640, got 641"),
            ("heights=100", "height=99", "height times dpr"),
            ("max-side=100", "height=101", "at most 100, got 101"),
            ("max-side=100", "w=100,h=100", ""),
            ("options=width,f", "width=5,format=png", ""),
            ("options=width,f", "w=5,q=5", "`quality`: this server takes only width, format"),
            ("options=trim", "trim.left=5", ""),
            ("presets-only", "preset=a,expires=5,download=x", ""),
            ("presets-only", "preset=a,w=5", "`width`: this server takes presets only"),
            ("no-enlarging", "w=5,fit=cover", "`fit=cover` may enlarge"),
            ("no-enlarging", "w=5,fit=crop", ""),
        ] {
            let said = verdict(policy, options);
            assert!(said.contains(part) && said.is_empty() == part.is_empty(), "{options}: {said}");
        }
        for bad in ["width=5", "widths=", "max-side=x", "options=widht", "presets-only=yes"] {
            assert!(Policy::parse(bad).is_err(), "{bad}");
        }
    }
}
