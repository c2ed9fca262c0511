//! Many requests at once: every answer is the right one, and what is too much is said or handed over.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anyhow::{Context, Result, ensure};
use selvedge_tests::samples::{self, Canvas, Jpeg, interlaced_png, landscape};
use selvedge_tests::stage::{is_picture, is_problem};
use selvedge_tests::upstream::Upstream;
use selvedge_tests::{edge, origin, workspace};

const CLIENTS: usize = 50;
const REQUESTS: usize = 400;
const WIDTHS: [u32; 5] = [31, 64, 97, 120, 200];
const FORMATS: [&str; 3] = ["jpeg", "png", "webp"];

#[test]
fn fifty_at_once_get_what_each_of_them_asked_for() -> Result<()> {
    let folder = workspace::scratch("crowd")?;
    for (number, size) in [(400, 300), (301, 457), (640, 480)].into_iter().enumerate() {
        let photo = Jpeg { progressive: number == 1, ..Jpeg::default() };
        let file = photo.encode(&landscape(size.0, size.1))?;
        samples::put(&folder.join(format!("{number}.jpg")), &file)?;
    }
    // Nothing is kept, so that every request is a transform.
    let upstream = Upstream::folder(folder.clone())?;
    let edge = edge::start(&[&format!("SOURCE={}/", upstream.url())], None)?;
    let origin = origin::start(&format!("{}/", upstream.url()), &[])?;
    let mut expected = BTreeMap::new();
    for width in WIDTHS {
        for format in FORMATS {
            for file in 0..3 {
                let target = format!("/image/width={width},format={format}/{file}.jpg");
                let answer = origin.get(&target)?;
                is_picture(&answer, "origin")?;
                expected.insert(target, answer.body);
            }
        }
    }
    let targets: Vec<&String> = expected.keys().collect();
    let (next, wrong) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    thread::scope(|scope| {
        for _ in 0..CLIENTS {
            scope.spawn(|| {
                let mut client = edge.client();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= REQUESTS {
                        return;
                    }
                    let target = targets[number * 7 % targets.len()];
                    let is_right = match client.get(target) {
                        Ok(answer) if answer.body == expected[target] => continue,
                        other => format!("{target}: {other:?}"),
                    };
                    wrong.lock().map(|mut wrong| wrong.push(is_right)).ok();
                }
            });
        }
    });
    let wrong = wrong.into_inner().context("a client failed")?;
    ensure!(wrong.is_empty(), "{} wrong, such as {}", wrong.len(), wrong[0]);
    Ok(())
}

#[test]
fn what_is_over_the_budget_leaves_the_others_alone() -> Result<()> {
    let folder = workspace::scratch("crowd-budget")?;
    let photo = Jpeg::default().encode(&landscape(180, 120))?;
    samples::put(&folder.join("small.jpg"), &photo)?;
    let large = interlaced_png(&Canvas::plain(4_500, 4_200, [120, 90, 60]))?;
    samples::put(&folder.join("large.png"), &large)?;
    let damaged = photo.get(..photo.len() / 2).unwrap_or_default();
    samples::put(&folder.join("cut.jpg"), damaged)?;
    let edge = edge::start(&[], Some(&folder))?;
    let small = edge.get("/image/width=60/small.jpg")?;
    is_picture(&small, "edge")?;
    for number in 0..5 {
        // Other plans, so that no cache answers.
        let width = 61 + number;
        is_problem(&edge.get(&format!("/image/width={width}/large.png"))?, 413, "over-budget")?;
        is_problem(&edge.get(&format!("/image/width={width}/cut.jpg"))?, 422, "truncated")?;
        is_picture(&edge.get(&format!("/image/width={width}/small.jpg"))?, "edge")?;
    }
    ensure!(edge.get("/image/width=60/small.jpg")?.body == small.body, "other bytes");
    Ok(())
}
