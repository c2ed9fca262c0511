//! `selvedge bench`: load as clients make it, and what it does to them.

mod compare;
mod cost;
mod course;
mod pace;
mod plot;
mod popularity;
mod report;
mod target;
mod watched;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use reqwest::Client;
use reqwest::header::HeaderMap;
use tokio::runtime;
use tokio::sync::{mpsc, watch};
use tokio::time;

use super::{Failure, Shared, files};
use cost::Cost;
use report::{Outcome, Report};
use target::Target;
use watched::{Sample, Watched};

/// How long an answer may take. What takes longer is counted as lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// Send requests to a server at a fixed rate, and tell how long the answers took
///
/// Requests are sent when their time has come, whether or not earlier ones are answered, and each
/// counts from that time: a server that stalls is seen as its clients see it. In URL, {400-800} stands
/// for a random number in that range, so that few requests are alike, and {popular:1-12573} for one of
/// which the lower ones come more often, as the pictures of a video service do on a day.
///
/// With --compare nothing is sent: two components make the same pictures here, in turns, and a table in
/// Markdown tells how these compare and what both took.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// What is asked for, such as http://127.0.0.1:8080/image/width={400-800}/photo.jpg; one is
    /// chosen at random for each request; with --compare, pictures and folders of them
    #[arg(value_name = "URL", required = true)]
    urls: Vec<String>,
    /// Requests a second
    #[arg(long, value_name = "N", default_value_t = 50.0)]
    rate: f64,
    /// Seconds
    #[arg(long, value_name = "S", default_value_t = 10)]
    seconds: u64,
    /// The seconds stand for a day, from midnight: the rate is its mean, the evening has three times as
    /// much, and the night next to nothing
    #[arg(long)]
    day: bool,
    /// Send each request when the one before it is answered, at most as many a second as the rate; with
    /// --watch, tell the processor time of each
    #[arg(long, conflicts_with = "day")]
    one_by_one: bool,
    /// Tell the memory of the process of this number, and of its control group
    #[arg(long, value_name = "PID")]
    watch: Option<u32>,
    /// What random numbers begin with: the same seed asks for the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Write the latencies by percentile as a picture; with --compare, all that both took
    #[arg(long, value_name = "SVG")]
    plot: Option<PathBuf>,
    /// Write requests, latencies and memory over the time as a picture
    #[arg(long, value_name = "SVG")]
    course: Option<PathBuf>,
    /// Print one object of JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    compare: compare::Args,
}

pub fn run(shared: &Shared, args: &Args) -> Result<(), Failure> {
    if let Some(done) = compare::run(shared, &args.compare, &args.urls, args.plot.as_deref()) {
        return done;
    }
    let targets: Vec<Target> =
        args.urls.iter().map(|url| Target::parse(url)).collect::<Result<_, _>>()?;
    if !(args.rate > 0.0 && args.rate <= 100_000.0) || args.seconds == 0 {
        return Err(Failure::Usage(
            "expected a rate above 0 and up to 100000, and at least one second".to_owned(),
        ));
    }
    let runtime = runtime::Builder::new_multi_thread().enable_all().build()?;
    let watched = args.watch.map(Watched::new).transpose()?;
    let (outcomes, samples, took) = runtime.block_on(load(args, &targets, watched))?;
    let report = Report::new(&outcomes, &samples, args.rate, took);
    let write = |path: &Path, text: String| {
        fs::write(path, text).map_err(|error| format!("{}: {error}", path.display()))
    };
    if let Some(path) = &args.plot {
        write(path, plot::svg(&report))?;
    }
    if let Some(path) = &args.course {
        let length = Duration::from_secs(args.seconds);
        write(path, course::svg(&outcomes, &samples, length, args.day))?;
    }
    let text = if args.json { report.json()? } else { report.text() };
    files::write(Path::new("-"), text.as_bytes())
}

/// Sends all requests and waits for their answers.
async fn load(
    args: &Args,
    targets: &[Target],
    watched: Option<Watched>,
) -> Result<(Vec<Outcome>, Vec<Sample>, Duration), Failure> {
    let client = Client::builder().no_proxy().timeout(PATIENCE).build()?;
    let mut random = fastrand::Rng::with_seed(args.seed);
    let (done, mut outcomes) = mpsc::unbounded_channel();
    let done = Arc::new(done);
    let began = Instant::now();
    let (end, ended) = watch::channel(());
    let samples = tokio::spawn(samples(watched.clone(), began, ended));
    for after in pace::times(args.rate, args.seconds as f64, args.day) {
        let due = began + after;
        time::sleep_until(due.into()).await;
        let Some(target) = random.choice(targets) else { break };
        let (client, url, done) = (client.clone(), target.url(&mut random), Arc::clone(&done));
        if args.one_by_one {
            if began.elapsed() > Duration::from_secs(args.seconds) {
                break;
            }
            let _ = done.send(alone(&client, &url, began, watched.as_ref()).await);
            continue;
        }
        tokio::spawn(async move {
            let Answer { status, again, .. } = ask(&client, &url).await;
            let took = due.elapsed();
            // Nobody waits for it if the program ends.
            let _ = done.send(Outcome { status, again, due: after, took, cost: None });
        });
    }
    drop(done);
    let mut all = Vec::new();
    while let Some(outcome) = outcomes.recv().await {
        all.push(outcome);
    }
    let took = began.elapsed();
    drop(end);
    Ok((all, samples.await?, took))
}

/// Looks at a process once a second, until the load has ended.
async fn samples(
    watched: Option<Watched>,
    began: Instant,
    mut ended: watch::Receiver<()>,
) -> Vec<Sample> {
    let Some(watched) = watched else { return Vec::new() };
    let mut all = Vec::new();
    let mut ticks = time::interval(Duration::from_secs(1));
    loop {
        all.extend(watched.sample(began.elapsed()));
        tokio::select! {
            _ = ticks.tick() => {}
            _ = ended.changed() => return all,
        }
    }
}

/// Asks while nobody else does, so that what the server does meanwhile is for this answer.
async fn alone(client: &Client, url: &str, began: Instant, watched: Option<&Watched>) -> Outcome {
    let due = began.elapsed();
    let before = watched.and_then(Watched::processor);
    let Answer { status, again, headers } = ask(client, url).await;
    let took = began.elapsed() - due;
    let spent = watched.and_then(Watched::processor).zip(before);
    let cost = spent.map(|(after, before)| Cost::new(after.saturating_sub(before), &headers));
    Outcome { status, again, due, took, cost }
}

/// What came back.
#[derive(Debug, Default)]
struct Answer {
    /// Of a whole answer.
    status: Option<u16>,
    /// Whether it was asked for again.
    again: bool,
    headers: HeaderMap,
}

/// Asks for an address. A server may end a connection that it had left open just when a request is on its
/// way: all browsers and proxies send that request once more on another one (RFC 9112 §9.3.1).
async fn ask(client: &Client, url: &str) -> Answer {
    let first = client.get(url).send().await;
    let ended =
        |error: &reqwest::Error| error.is_request() && !error.is_connect() && !error.is_timeout();
    let again = first.as_ref().is_err_and(ended);
    let answer = if again { client.get(url).send().await } else { first };
    let Ok(mut answer) = answer else { return Answer { again, ..Answer::default() } };
    let status = answer.status().as_u16();
    let headers = std::mem::take(answer.headers_mut());
    let status = answer.bytes().await.ok().map(|_| status);
    Answer { status, again, headers }
}
