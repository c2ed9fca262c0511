//! `selvedge bench` against a server that is there.

use std::fs;

use selvedge::component::STILLS_NAME;
use serde_json::Value;

use crate::cli::{refuses, selvedge, text};
use crate::picture::png;
use crate::server::{Running, config};
use crate::serving::folder;
use crate::setup::{self, drill};

#[test]
fn a_load_is_sent_and_told() {
    let folder = folder();
    let server = Running::start(&config(folder.path().to_str(), &[]));
    let plot = folder.path().join("plot.svg");
    let url = |source: &str| {
        format!("http://{}/image/width={{8-40}},format=png/{source}", server.address)
    };
    let (good, missing) = (url("a.png"), url("none.png"));
    let args = ["bench", &good, &missing, "--rate", "40", "--seconds", "1", "--json", "--plot"];
    let output = selvedge(&[&args, [text(&plot)].as_slice()].concat()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let (good, other) = (told["good"]["count"].as_u64(), told["other"].as_u64());
    // Half are answered and half not found, by the numbers of the first seed; none is lost.
    assert_eq!(good.zip(other).map(|(good, other)| good + other), Some(40), "{told}");
    assert!(good > Some(5) && other > Some(5), "{told}");
    assert_eq!(told["lost"], 0, "{told}");
    let plot = fs::read_to_string(plot).unwrap();
    assert!(plot.starts_with("<svg") && plot.contains("answered ("), "{plot}");
}

#[test]
fn a_day_is_sent_and_its_memory_told() {
    let folder = folder();
    let server = Running::start(&config(folder.path().to_str(), &[]));
    let plot = folder.path().join("day.svg");
    let url = format!("http://{}/image/width={{popular:8-40}},format=png/a.png", server.address);
    let own = std::process::id().to_string();
    let args =
        ["bench", &url, "--day", "--rate", "20", "--seconds", "2", "--watch", &own, "--json"];
    let output =
        selvedge(&[&args, ["--course", text(&plot)].as_slice()].concat()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let count = told["good"]["count"].as_u64().unwrap();
    assert!((30..50).contains(&count), "{told}");
    assert!(told["memory"]["resident_most"].as_u64().unwrap() > 1 << 20, "{told}");
    let plot = fs::read_to_string(plot).unwrap();
    assert!(plot.contains("24 h") && plot.contains("MiB"), "{plot}");
}

#[test]
fn the_processor_time_of_single_answers_is_told() {
    let folder = folder();
    let server = Running::start(&config(folder.path().to_str(), &[]));
    let url = format!("http://{}/image/width={{8-40}},format=png/a.png", server.address);
    let own = std::process::id().to_string();
    let pace = ["--one-by-one", "--rate", "20", "--seconds", "1"];
    let args = [&["bench", &url, "--watch", &own, "--json"], pace.as_slice()].concat();
    let output = selvedge(&args).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let p50 = |name: &str| told[name]["p50"].as_f64().unwrap();
    assert!(p50("outside") > 0.0 && p50("outside") < p50("processor"), "{told}");
    assert_eq!(told["processor"]["count"], told["good"]["count"], "{told}");
}

#[test]
fn two_components_are_compared_over_a_folder() {
    let folder = folder();
    folder.write("more/b.png", png(48, 40));
    let candidate = folder.write("candidate.wasm", drill("add sharpen=3"));
    let stills = setup::component_path().with_file_name(STILLS_NAME);
    folder.write(STILLS_NAME, fs::read(stills).unwrap());
    let (stable, page) = (setup::component_path(), folder.path().join("page.html"));
    let compare =
        ["bench", "--compare", text(&stable), text(&candidate), "--plan", "width=24,format=png"];
    let plot = folder.path().join("plot.svg");
    let rest = [
        "--plan",
        "width=16,format=png",
        "--turns",
        "2",
        "--page",
        text(&page),
        "--plot",
        text(&plot),
    ];
    let rest = [[text(folder.path())].as_slice(), &rest].concat();
    let output = selvedge(&[compare.as_slice(), &rest].concat()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let table = String::from_utf8(output.stdout).unwrap();
    // Two pictures by two plans.
    assert!(table.contains(" | png | 4 | 0 | 0 | 4 | 0 | 0 | "), "{table}");
    for what in ["latency, ms", "CPU time, ms", "bytes", "peak of memory, KiB"] {
        for component in ["stable", "candidate"] {
            let row = format!("| `width=16,format=png` | {what} | {component} | ");
            assert!(table.contains(&row), "{row} in\n{table}");
        }
    }
    // Three pictures for each of four.
    assert_eq!(fs::read_to_string(page).unwrap().matches("<img").count(), 12);
    // Two turns for each of them.
    assert!(fs::read_to_string(plot).unwrap().contains("candidate (8)"));
}

#[test]
fn a_load_that_makes_no_sense_is_refused() {
    refuses(&["bench", "http://127.0.0.1:1/{9-1}"], 1, "{9-1}");
    refuses(&["bench", "http://127.0.0.1:1/", "--rate", "0"], 2, "rate");
    refuses(&["bench", "http://127.0.0.1:1/", "--watch", "999999999"], 1, "--watch");
}
