//! Everything that the Worker may have around it: a source, a friend, a stranger, an origin.

use std::sync::LazyLock;

use crate::http::Answer;
use crate::process::Server;
use crate::samples::{Canvas, Jpeg, interlaced_png, landscape};
use crate::upstream::{Reply, Upstream};
use crate::{edge, origin};
use anyhow::{Result, anyhow, ensure};

/// A signing key, known to everybody.
pub const KEY: &str = "k1:000102030405060708090a0b0c0d0e0f";

/// The servers.
#[derive(Debug)]
pub struct Stage {
    /// Where paths lead, below `/files/`.
    pub upstream: Upstream,
    /// Another source, on the allow-list.
    pub friend: Upstream,
    /// Another one that is on no list.
    pub stranger: Upstream,
    /// The host, over the same sources.
    pub origin: Server,
    /// The Worker, with nobody to hand over to.
    pub edge: Server,
    /// The Worker, with the host as its origin.
    pub backed: Server,
}

static STAGE: LazyLock<Result<Stage>> = LazyLock::new(|| {
    let photo = Jpeg::default().encode(&landscape(180, 120))?;
    let friend = plain(photo.clone())?;
    let stranger = plain(photo.clone())?;
    let upstream = sources(photo, &friend, &stranger)?;
    let base = format!("{}/files/", upstream.url());
    let allow = friend.url();
    let origin = origin::start(&base, &["--allow", &allow])?;
    let vars = [format!("SOURCE={base}"), format!("ALLOW={allow}")];
    let [source, allow] = vars.each_ref().map(String::as_str);
    let behind = format!("ORIGIN={}", origin.url());
    Ok(Stage {
        edge: edge::start(&[source, allow], None)?,
        backed: edge::start(&[source, allow, &behind], None)?,
        origin,
        upstream,
        friend,
        stranger,
    })
});

/// The stage of this test binary.
///
/// # Errors
/// If a server does not start.
pub fn stage() -> Result<&'static Stage> {
    STAGE.as_ref().map_err(|error| anyhow!("{error:#}"))
}

fn plain(photo: Vec<u8>) -> Result<Upstream> {
    let script = move |_: &_| Reply::Full(vec![], photo.clone());
    Ok(Upstream::start(script)?)
}

/// A source with every habit that servers have.
fn sources(photo: Vec<u8>, friend: &Upstream, stranger: &Upstream) -> Result<Upstream> {
    let modified = ("last-modified", "Tue, 01 Sep 2026 10:00:00 GMT".to_owned());
    let (friend, stranger) = (friend.url(), stranger.url());
    // 76 MB as pixels, which an interlaced file must hold at once: too much for the edge.
    let large = interlaced_png(&Canvas::plain(4_500, 4_200, [120, 90, 60]))?;
    Ok(Upstream::start(move |asked| {
        let with = |headers: Vec<(&'static str, String)>| Reply::Full(headers, photo.clone());
        let path = asked.target.split('?').next().unwrap_or_default();
        match path.trim_start_matches("/files/") {
            "strong.jpg" => with(vec![
                ("etag", "\"v1\"".to_owned()),
                ("cache-control", "max-age=600".to_owned()),
            ]),
            "modified.jpg" => with(vec![modified.clone()]),
            "bare.jpg" | "private.jpg" => with(vec![]),
            "chunked.jpg" => Reply::Chunked(photo.clone()),
            "no-store.jpg" => {
                with(vec![("etag", "\"v1\"".to_owned()), ("cache-control", "no-store".to_owned())])
            }
            "large.png" => Reply::Full(vec![], large.clone()),
            "layers.psd" => Reply::Full(vec![], b"8BPS\0\x01".to_vec()),
            "broken.jpg" => Reply::Status(500),
            "forbidden.jpg" => Reply::Status(403),
            "gone.jpg" => Reply::Status(410),
            "cut.jpg" => Reply::CutOff {
                promised: photo.len(),
                body: photo.get(..1_000).unwrap_or_default().to_vec(),
            },
            "huge.jpg" => Reply::CutOff { promised: 1 << 30, body: photo.clone() },
            "hang.jpg" => Reply::Hang,
            // It stops before its header can be read, and long after.
            "stall.jpg" => Reply::Stall {
                promised: photo.len(),
                body: photo.get(..20).unwrap_or_default().to_vec(),
            },
            "late.jpg" => Reply::Stall {
                promised: 1 << 20,
                body: photo.iter().copied().chain([0; 100_000]).collect(),
            },
            "hop.jpg" => Reply::Redirect("/files/strong.jpg".to_owned()),
            "friend.jpg" => Reply::Redirect(format!("{friend}/photo.jpg")),
            "stranger.jpg" => Reply::Redirect(format!("{stranger}/photo.jpg")),
            "round.jpg" => Reply::Redirect("/files/round.jpg".to_owned()),
            _ => Reply::Status(404),
        }
    })?)
}

/// Checks that an answer is a picture, made by this side.
///
/// # Errors
/// If it is not, with all of it.
pub fn is_picture(answer: &Answer, side: &str) -> Result<()> {
    let made_by = answer.header("selvedge-made-by");
    let nosniff = answer.header("x-content-type-options");
    ensure!(answer.status == 200, "{answer:?}");
    ensure!(answer.media_type().starts_with("image/"), "{answer:?}");
    ensure!(made_by == Some(side), "expected {side}: {answer:?}");
    ensure!(nosniff == Some("nosniff"), "{answer:?}");
    Ok(())
}

/// Checks that an answer is this problem.
///
/// # Errors
/// If it is not, with all of it.
pub fn is_problem(answer: &Answer, status: u16, code: &str) -> Result<()> {
    let fits = answer.status == status && answer.code().as_deref() == Some(code);
    ensure!(fits, "expected {status} {code}, got {answer:?}");
    Ok(())
}
