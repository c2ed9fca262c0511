//! `selvedge explain`: what a server would do with an address, without doing it.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::ArgAction;
use selvedge_plan::allow::AllowList;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::request::Target;
use selvedge_plan::unsigned::Unsigned;
use selvedge_plan::{Asked, Decision, Fields, Problem, Rules, Source, decide, outcome};
use serde_json::{Value, json};

use super::{Failure, files, rules};

/// Say what a server would do with an address, or why it would refuse it
///
/// Without --dialects all dialects are understood, without --allow every source is allowed, and
/// addresses need no signature; one that is there is checked, and so is what --unsigned lists.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The address, or its path and query
    #[arg(value_name = "URL")]
    url: String,
    /// A header field of the request, such as \"accept: image/webp\"; may be repeated
    #[arg(long, short = 'H', value_name = "NAME: VALUE", action = ArgAction::Append)]
    header: Vec<String>,
    /// An origin whose pictures may be fetched; may be repeated
    #[arg(long, value_name = "ORIGIN", action = ArgAction::Append, value_delimiter = ',')]
    allow: Vec<String>,
    #[command(flatten)]
    rules: rules::Args,
}

pub fn run(args: &Args) -> Result<(), Failure> {
    let (authority, target) = cut(&args.url);
    let rules = rules(args, target)?;
    let fields = fields(&args.header)?;
    let asked = Asked {
        method: "GET",
        target,
        authority,
        fields: &fields,
        now: SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
    };
    match decide(&asked, &rules) {
        Ok(decision) => print(&explained(&decision)),
        Err(problem) => {
            print(&outcome::problem_body(&problem))?;
            Err(problem.into())
        }
    }
}

/// Host and port, and path and query.
fn cut(url: &str) -> (&str, &str) {
    let Some((_, rest)) = url.split_once("://").filter(|_| !url.starts_with('/')) else {
        return ("localhost", url);
    };
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

fn rules(args: &Args, target: &str) -> Result<Rules, Failure> {
    let mut rules = Rules { paths: true, ..args.rules.read()? };
    if rules.unsigned == Unsigned::No {
        rules.unsigned = Unsigned::All;
    }
    if !args.rules.chooses_dialects() {
        rules.dialects = Dialects::all();
    }
    rules.allow = if args.allow.is_empty() {
        let source = Target::cut(target, &rules.dialects).and_then(|target| target.read());
        match source.map(|wish| wish.source) {
            Ok(Source::Url(url)) => {
                AllowList::parse([url.origin().ascii_serialization().as_str()])?
            }
            Ok(Source::Path(_)) | Err(Problem { .. }) => AllowList::default(),
        }
    } else {
        AllowList::parse(args.allow.iter().map(String::as_str))?
    };
    Ok(rules)
}

fn fields(given: &[String]) -> Result<Fields, Failure> {
    let cut = |field: &String| {
        let (name, value) = field.split_once(':')?;
        Some((name.trim().to_ascii_lowercase(), value.trim().to_owned()))
    };
    let given: Option<Vec<(String, String)>> = given.iter().map(cut).collect();
    let given = given.ok_or_else(|| Failure::Usage("expected --header NAME:VALUE".to_owned()))?;
    let find = |name: &str| given.iter().find(|(known, _)| known == name);
    Ok(Fields::collect(|name| find(name).map(|(_, value)| value.clone())))
}

fn explained(decision: &Decision) -> Value {
    let client = &decision.client;
    json!({
        "dialect": decision.dialect,
        "plan": decision.plan.text(),
        "key": decision.key,
        "source": decision.source.text(),
        "negotiated": {
            "class": client.class.name(),
            "slow": client.slow,
            "vary": decision.vary,
        },
        "warnings": decision.delivery.warnings,
    })
}

fn print(value: &Value) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(value)?;
    files::write(Path::new("-"), format!("{text}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn addresses_are_cut_before_their_path() {
        assert_eq!(
            cut("https://a.test:1/image/w=1/https://b/c"),
            ("a.test:1", "/image/w=1/https://b/c")
        );
        assert_eq!(cut("/image/w=1/https://b/c"), ("localhost", "/image/w=1/https://b/c"));
        assert_eq!(cut("https://a.test"), ("a.test", ""));
    }
}
