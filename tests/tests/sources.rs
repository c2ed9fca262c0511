//! Where pictures come from, and what can go wrong there, at both sides.

use std::thread;

use anyhow::{Result, anyhow, ensure};
use selvedge_tests::samples::{self, Jpeg, landscape};
use selvedge_tests::stage::{is_picture, is_problem, stage};
use selvedge_tests::{edge, picture, workspace};

#[test]
fn a_source_may_fail_in_many_ways() -> Result<()> {
    let stage = stage()?;
    for server in [&stage.edge, &stage.origin] {
        for (file, status, code) in [
            ("broken.jpg", 502, "source-failed"),
            ("forbidden.jpg", 502, "source-failed"),
            ("gone.jpg", 404, "source-not-found"),
            ("cut.jpg", 502, "source-failed"),
            ("round.jpg", 502, "source-failed"),
            ("stranger.jpg", 403, "source-not-allowed"),
            ("huge.jpg", 413, "source-too-large"),
        ] {
            let answer = server.get(&format!("/image/width=49/{file}"))?;
            is_problem(&answer, status, code)
                .map_err(|error| error.context(format!("{file}\n{}", server.tail())))?;
        }
        let friend = stage.friend.url();
        for target in [
            "/image/width=49/hop.jpg".to_owned(),
            "/image/width=49/friend.jpg".to_owned(),
            format!("/image/width=49/{friend}/photo.jpg"),
        ] {
            let answer = server.get(&target)?;
            ensure!(answer.status == 200, "{target}: {answer:?}");
        }
        let stranger = stage.stranger.url();
        let answer = server.get(&format!("/image/width=49/{stranger}/photo.jpg"))?;
        is_problem(&answer, 403, "source-not-allowed")?;
    }
    ensure!(stage.stranger.requests("/photo.jpg").is_empty(), "it was asked");
    Ok(())
}

#[test]
fn a_source_that_is_slow_is_given_up() -> Result<()> {
    let stage = stage()?;
    // All wait for some seconds, at the same time.
    thread::scope(|scope| {
        let mut waiting = Vec::new();
        for server in [&stage.edge, &stage.origin] {
            for file in ["hang.jpg", "stall.jpg", "late.jpg"] {
                let ask = move || server.get(&format!("/image/width=50/{file}"));
                waiting.push((file, server, scope.spawn(ask)));
            }
        }
        for (file, server, answer) in waiting {
            let answer = answer.join().map_err(|_| anyhow!("the thread broke"))??;
            is_problem(&answer, 504, "source-timeout")
                .map_err(|error| error.context(format!("{file}\n{}", server.tail())))?;
        }
        Ok(())
    })
}

#[test]
fn sources_get_nothing_of_the_clients() -> Result<()> {
    let stage = stage()?;
    let headers = [("cookie", "a=b"), ("authorization", "Bearer x"), ("referer", "http://r/")];
    for server in [&stage.edge, &stage.origin] {
        server.send("GET", "/image/width=51/private.jpg", &headers)?;
    }
    let asked = stage.upstream.requests("/files/private.jpg");
    ensure!(asked.len() == 2, "{asked:?}");
    for asked in asked {
        let names: Vec<&str> = asked.headers.iter().map(|(name, _)| name.as_str()).collect();
        for name in ["cookie", "authorization", "referer"] {
            ensure!(!names.contains(&name), "{asked:?}");
        }
        let via = asked.headers.iter().find(|(name, _)| name == "via");
        ensure!(via.is_some_and(|(_, via)| via.contains("selvedge")), "{asked:?}");
    }
    Ok(())
}

#[test]
fn pictures_come_from_a_bucket() -> Result<()> {
    let folder = workspace::scratch("bucket")?;
    let photo = Jpeg::default().encode(&landscape(120, 80))?;
    samples::put(&folder.join("photo.jpg"), &photo)?;
    samples::put(&folder.join("folder/bär 1.jpg"), &photo)?;
    let edge = edge::start(&[], Some(&folder))?;
    for name in ["photo.jpg", "folder/b%C3%A4r%201.jpg"] {
        let answer = edge.get(&format!("/image/width=60/{name}"))?;
        is_picture(&answer, "edge")?;
        ensure!(picture::size(&answer.body)? == (60, 40), "{answer:?}");
        ensure!(answer.header("etag").is_some(), "{answer:?}");
    }
    is_problem(&edge.get("/image/width=60/other.jpg")?, 404, "source-not-found")
}

#[test]
fn a_bucket_that_is_not_bound_is_named() -> Result<()> {
    // A variable where a binding should be.
    for name in ["SOURCE_BUCKET", "RESULT_BUCKET"] {
        let edge = edge::start(&[&format!("{name}=photos"), "SOURCE=http://127.0.0.1:9/"], None)?;
        let answer = edge.get("/image/width=60/photo.jpg")?;
        is_problem(&answer, 500, "misconfigured")?;
        let told = String::from_utf8_lossy(&answer.body).into_owned();
        ensure!(told.contains(&format!("{name}: expected an R2 bucket")), "{told}");
    }
    // Neither a bucket nor an address: paths lead nowhere, and it is said what would.
    let edge = edge::start(&[], None)?;
    let answer = edge.get("/image/width=60/photo.jpg")?;
    is_problem(&answer, 403, "source-not-allowed")?;
    let told = String::from_utf8_lossy(&answer.body).into_owned();
    ensure!(told.contains("this server has no source for paths"), "{told}");
    Ok(())
}
