//! A rollout that walks by itself: on with a good candidate, and back with a bad one.

use std::process::Output;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use selvedge_plan::rollout::Share;
use selvedge_plan::source::Source;

use crate::cli::selvedge;
use crate::client::get;
use crate::components::Pair;
use crate::drill::{Cdn, is_of};
use crate::picture::png;
use crate::server::Running;
use crate::setup::drill;

/// Whether the source of a number is within a share.
fn within(share: &str, number: u32) -> bool {
    share.parse::<Share>().unwrap().has(&Source::parse(&format!("{number}.png")).unwrap())
}

/// What clients ask for in turn: a source that is the candidate's from the first step on, and one that is the
/// stable component's up to the last.
fn turns() -> Vec<u32> {
    let first = (0..64).filter(|number| within("1/16", *number)).cycle();
    let last = (0..64).filter(|number| !within("1/2", *number));
    first.zip(last).flat_map(|(first, last)| [first, last]).collect()
}

/// Walks while two clients ask.
fn walk(server: &Running, cdn: &Cdn, args: &[&str]) -> Output {
    walk_with(server, cdn, args, &turns())
}

/// The same with clients that ask for these sources in turn.
fn walk_with(server: &Running, cdn: &Cdn, args: &[&str], turns: &[u32]) -> Output {
    let stop = AtomicBool::new(false);
    assert!(!turns.is_empty());
    let client = |options: &str| {
        for number in turns.iter().cycle() {
            if stop.load(Ordering::Relaxed) {
                return;
            }
            get(server.address, &format!("/image/{options}/{number}.png"));
        }
    };
    thread::scope(|scope| {
        for options in ["width=11,format=png", "width=12,format=webp"] {
            scope.spawn(move || client(options));
        }
        let admin = server.admin().to_string();
        let walk = ["rollout", "--admin", &admin, "walk", "--every", "50ms", "--failures", "0.1"];
        let mut command = selvedge(&[&walk, args].concat());
        let output = command.env("SELVEDGE_PURGE_WEBHOOK", cdn.url()).output();
        stop.store(true, Ordering::Relaxed);
        output.unwrap()
    })
}

fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!("{}{}", text(&output.stdout), text(&output.stderr))
}

#[test]
fn a_good_candidate_walks_all_the_way() {
    let pair = Pair::with("0", drill(""));
    let server = pair.start("");
    let cdn = Cdn::before(server.address);
    let output = walk(&server, &cdn, &["--hold", "0s", "--slower", "4", "--unseen"]);
    assert!(output.status.success(), "{}", said(&output));
    let said = said(&output);
    let steps: Vec<&str> = said.lines().filter(|line| line.contains("of the sources")).collect();
    let step = |share| format!("{share} of the sources: {}", &pair.candidate[..16]);
    assert_eq!(steps, ["1/16", "1/2", "1"].map(step), "{said}");
    assert_eq!(server.handler.components().state().stable, pair.candidate);
    assert!(cdn.purged().is_empty());
}

#[test]
fn a_bad_candidate_goes_back_at_once_with_all_that_it_made() {
    for (order, part) in [("trap 3", "failed"), ("slow 3", "median of CPU time")] {
        let pair = Pair::with("0", drill(order));
        // Large enough for a picture to take more than the call.
        for number in 0..64 {
            pair.folder.write(&format!("{number}.png"), png(320 + number, 240));
        }
        let server = pair.start("");
        let cdn = Cdn::before(server.address);
        // It would stay at each step for a day.
        let output = walk(&server, &cdn, &["--slower", "1.5", "--unseen"]);
        let said = said(&output);
        assert_eq!(output.status.code(), Some(1), "{said}");
        let back = said.lines().find(|line| line.starts_with("rolled back: ")).unwrap();
        assert!(back.contains(part), "{order}: {said}");
        assert!(!said.contains("1/2 of the sources"), "{said}");
        assert_eq!(cdn.purged(), [format!("c-{}", &pair.candidate[..16])]);
        assert_eq!(server.handler.components().state().share, "0");
        for number in 0..64 {
            let reply = get(server.address, &format!("/image/width=11,format=png/{number}.png"));
            assert!(is_of(&reply, &pair.stable) && reply.status == 200, "{number}: {reply:?}");
        }
    }
}

#[test]
fn one_that_traps_on_one_source_of_a_hundred_goes_back() {
    let pair = Pair::with("0", drill("trap 100"));
    let [its, others] = [true, false].map(|is_its| {
        (0..).filter(|number| within("1/2", *number) == is_its).take(100).collect::<Vec<u32>>()
    });
    for (turn, number) in its.iter().enumerate() {
        let file = (0..=u16::MAX).map(|more| [png(16, 12), more.to_be_bytes().into()].concat());
        // What stands behind the end of a picture changes its hash alone.
        let mut file = file.filter(|file| fnv_1a(file).is_multiple_of(100) == (turn == 50));
        pair.folder.write(&format!("{number}.png"), file.next().unwrap());
    }
    for number in &others {
        pair.folder.write(&format!("{number}.png"), png(16, 12));
    }
    let server = pair.start("");
    let cdn = Cdn::before(server.address);
    let turns: Vec<u32> = its.iter().zip(&others).flat_map(|(one, other)| [*one, *other]).collect();
    let args = ["--steps", "1/2", "--slower", "9", "--unseen"];
    let output = walk_with(&server, &cdn, &args, &turns);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let back = said.lines().find(|line| line.starts_with("rolled back: failed ")).unwrap();
    assert!(back.contains("stable 0 of "), "{said}");
    assert_eq!(cdn.purged(), [format!("c-{}", &pair.candidate[..16])]);
    for number in its {
        let reply = get(server.address, &format!("/image/width=11,format=png/{number}.png"));
        assert!(is_of(&reply, &pair.stable) && reply.status == 200, "{number}: {reply:?}");
    }
}

/// The hash by which the component for drills chooses sources (edge/component/src/drill.rs).
fn fnv_1a(file: &[u8]) -> u32 {
    file.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

#[test]
fn one_that_flips_colours_is_seen_in_the_shadow() {
    let pair = Pair::with("0", drill("add filter=invert"));
    let mut config = pair.settings();
    (config.shadow.sample, config.shadow.cpu) = (1.0, 1.0);
    config.shadow.folder = Some(pair.folder.path().join("shadow"));
    let server = Running::start_with(&config, pair.components());
    let cdn = Cdn::before(server.address);
    let output = walk(&server, &cdn, &["--slower", "9"]);
    let said = said(&output);
    assert_eq!(output.status.code(), Some(1), "{said}");
    let back = said.lines().find(|line| line.starts_with("rolled back: compared ")).unwrap();
    assert!(back.contains("bad"), "{said}");
    assert!(!said.contains("1/2 of the sources"), "{said}");
    assert_eq!(cdn.purged(), [format!("c-{}", &pair.candidate[..16])]);
}

#[test]
fn nobody_walks_blind_or_against_somebody_else() {
    let pair = Pair::with("1/16", drill(""));
    let server = pair.start("");
    let cdn = Cdn::before(server.address);
    let output = walk(&server, &cdn, &[]);
    assert!(said(&output).contains("no pictures are compared"), "{}", said(&output));
    // Somebody else takes the candidate back as soon as the walk has begun.
    thread::scope(|scope| {
        scope.spawn(|| {
            let components = server.handler.components();
            while components.state().share != "1/2" {
                thread::yield_now();
            }
            components.change(selvedge::components::Change::Rollback).unwrap();
        });
        let output = walk(&server, &cdn, &["--steps", "1/2", "--unseen"]);
        assert!(said(&output).contains("somebody else"), "{}", said(&output));
    });
    assert_eq!(server.handler.components().state().share, "0");
}
