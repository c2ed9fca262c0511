//! The one decision at the start of every request, the same at edge and origin.

use core::iter::repeat;

use crate::client::{self, Client, Fields};
use crate::dialects::Wish;
use crate::key;
use crate::later;
use crate::limits;
use crate::options::Options;
use crate::options::download::Download;
use crate::options::draw::Overlay;
use crate::options::expires::Expires;
use crate::options::format::Format;
use crate::plan::{Output, Plan};
use crate::problem::{Code, Problem};
use crate::request::{Signature, Target};
use crate::rollout;
use crate::rules::Rules;
use crate::source::Source;
use crate::warnings;

/// What a client asks, as its request says it.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The method, in capitals.
    pub method: &'a str,
    /// Path and query as received.
    pub target: &'a str,
    /// Host and port that the client addressed.
    pub authority: &'a str,
    /// The header fields that may have a say.
    pub fields: &'a Fields,
    /// Seconds since 1970, UTC.
    pub now: u64,
}

/// What Selvedge adds to the Via header of everything it sends on.
pub const VIA: &str = "1.1 selvedge";

/// What will be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// In which dialect the request was.
    pub dialect: &'static str,
    /// What is done to the picture.
    pub plan: Plan,
    /// Where the picture comes from.
    pub source: Source,
    /// Where that comes from which is drawn over it, in the plan's order.
    pub overlays: Vec<Source>,
    /// What the client says of itself.
    pub client: Client,
    /// The header fields that had a say.
    pub vary: Vec<&'static str>,
    /// Whether only the headers are wanted.
    pub head: bool,
    /// The cache key: contract epoch, authority, plan and source.
    pub key: String,
    /// What of the answer is for this request alone.
    pub delivery: Delivery,
    /// The short digest of the component that is to make it, where the request names one.
    pub choice: Option<String>,
    /// What is answered until this is made, where nobody is to wait for it.
    pub meanwhile: Option<Box<Self>>,
}

/// What of an answer is for one request alone, while the picture may be for many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// The name under which the picture is saved.
    pub download: Option<Download>,
    /// Seconds until the address ends, or until it is worth asking again.
    pub seconds_left: Option<u64>,
    /// Where a failure is redirected to.
    pub fallback: Option<String>,
    /// What is done in another way than the client may think.
    pub warnings: Vec<String>,
    /// Whether a tester chose the component: such an answer is kept nowhere.
    pub trial: bool,
}

/// Decides what to do, or why nothing is done. Signature first: nothing unsigned is looked into.
///
/// # Errors
/// What [`Code`] says of methods, loops, signatures, paths, options, policy and the allow-list.
pub fn decide(asked: &Asked<'_>, rules: &Rules) -> Result<Decision, Problem> {
    let head = match asked.method {
        "GET" => false,
        "HEAD" => true,
        other => return Err(Problem::new(Code::BadMethod, format!("got {other}"))),
    };
    let via = asked.fields.get("via").unwrap_or_default();
    let passed = via.split(',').filter(|hop| hop.trim() == VIA).count();
    if passed > rules.hops {
        return Err(Problem::new(Code::Loop, "the source is behind this server itself"));
    }
    let target = Target::cut(asked.target, &rules.dialects)?;
    let list = rules.verify(&target)?;
    let Wish { options, source, warnings } = target.read()?;
    list.map_or(Ok(()), |list| list.check(&options, &source))?;
    let seconds_left = options.expires.map(|expires| left(expires, asked.now)).transpose()?;
    check_source(&source, rules)?;
    // What another Selvedge hands over under its signature is checked already, and canonical.
    let handed_over = passed > 0 && matches!(target.signature, Signature::Own(_));
    if handed_over {
        check_contract(asked.fields)?;
    } else {
        rules.policy.check_options(&options)?;
    }
    let choice = asked.fields.get(rollout::CHOOSE);
    let choice = choice.map(|text| rollout::chosen(text, &rules.keys, asked.now)).transpose()?;
    let mut options = rules.presets.expand(options)?;
    let overlays = overlays(&mut options, rules)?;
    let ladder = rules.policy.widths.clone().unwrap_or_default();
    let client = Client::new(asked.fields, &ladder);
    let plan = Plan::new(&options, &client)?;
    if !handed_over {
        rules.policy.check_plan(&plan)?;
    }
    if let Output::Pixels | Output::AvifOrPixels = plan.output {
        let got = plan.output.format(false).map_or("", Format::name);
        return Err(Problem::option("format", "a format for files", got));
    }
    let fallback = fallback(&options, &source, asked.authority);
    let download = options.download.clone();
    let trial = choice.is_some() && !handed_over;
    let mut delivery = Delivery { download, seconds_left, fallback, warnings, trial };
    delivery.warnings.extend(warnings::of(&options, &plan, &client, &delivery));
    let key = key::text(asked.authority, &plan, &source);
    let vary = client::vary(&options);
    let dialect = target.dialect.name;
    let meanwhile = None;
    let mut decision = Decision {
        dialect,
        plan,
        source,
        overlays,
        client,
        vary,
        head,
        key,
        delivery,
        choice,
        meanwhile,
    };
    if rules.avif_later {
        decision.meanwhile = later::meanwhile(&decision, &options, asked)?.map(Box::new);
    }
    Ok(decision)
}

/// Whether what another Selvedge decided means the same here. It must not be decided anew.
fn check_contract(fields: &Fields) -> Result<(), Problem> {
    let ours = key::CONTRACT_EPOCH.to_string();
    match fields.get(client::CONTRACT) {
        Some(theirs) if theirs != ours => {
            let detail = format!("contract epoch: expected {ours}, got {theirs}; update both");
            Err(Problem::new(Code::OtherContract, detail))
        }
        _ => Ok(()),
    }
}

/// Seconds until an address ends; those that clocks may differ by come on top.
fn left(expires: Expires, now: u64) -> Result<u64, Problem> {
    let end = expires.seconds();
    if now > end.saturating_add(limits::CLOCK_SKEW_SECONDS) {
        let detail = format!("it ended at {end}, and now is {now} (seconds since 1970, UTC)");
        return Err(Problem::new(Code::Expired, detail));
    }
    Ok(end.saturating_sub(now))
}

/// The sources of what is drawn, which are under the same rules; in the options too they are now
/// written in their one spelling.
fn overlays(options: &mut Options, rules: &Rules) -> Result<Vec<Source>, Problem> {
    let read = |(number, overlay): (usize, &mut Overlay)| {
        let source = Source::parse(&overlay.source)
            .and_then(|source| check_source(&source, rules).map(|()| source));
        let source = named(number, source)?;
        overlay.source = source.text();
        Ok(source)
    };
    (1..).zip(&mut options.draw).map(read).collect()
}

fn check_source(source: &Source, rules: &Rules) -> Result<(), Problem> {
    match source {
        Source::Url(url) => rules.allow.check(url),
        Source::Path(_) if rules.paths => Ok(()),
        Source::Path(_) => Err(Problem::new(
            Code::SourceNotAllowed,
            "this server has no source for paths: give an absolute address",
        )),
    }
}

/// Where `onerror=redirect` leads: to a source on the same site or below it, and nowhere else, or
/// the server would send people wherever an address says.
fn fallback(options: &Options, source: &Source, authority: &str) -> Option<String> {
    options.onerror?;
    let Source::Url(url) = source else {
        return None;
    };
    let site = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
    let host = url.host_str()?;
    let below = host.strip_suffix(site).is_some_and(|sub| sub.is_empty() || sub.ends_with('.'));
    (below && !site.is_empty()).then(|| url.as_str().to_owned())
}

impl Decision {
    /// The files that it needs, the source first.
    pub fn files(&self) -> impl Iterator<Item = &Source> {
        [&self.source].into_iter().chain(&self.overlays)
    }

    /// The same, each with the most bytes that it may have at the edge.
    pub fn files_at_edge(&self) -> impl Iterator<Item = (&Source, u64)> {
        let limits = [limits::SOURCE_BYTES_EDGE].into_iter().chain(repeat(limits::OVERLAY_BYTES));
        self.files().zip(limits)
    }
}

/// What came of all files, of [`Decision::files`] in their order, or the first problem by its file's name.
///
/// # Errors
/// That.
pub fn all_named<T, All: FromIterator<T>>(files: Vec<Result<T, Problem>>) -> Result<All, Problem> {
    files.into_iter().enumerate().map(|(number, file)| named(number, file)).collect()
}

/// What the file of this number, of [`Decision::files`], is called in problems: the source has no name,
/// what is drawn over it has that of its options.
pub fn named<T>(number: usize, file: Result<T, Problem>) -> Result<T, Problem> {
    match number.checked_sub(1) {
        None => file,
        Some(overlay) => file.map_err(|problem| problem.of(&format!("draw.{overlay}"))),
    }
}
