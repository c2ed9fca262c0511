//! Shadow runs: what the other component makes of the same, after the answer, and how that is told.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use selvedge::component::{ComponentFile, STILLS_NAME};
use selvedge::components::{self, Components};
use selvedge::config::units::Size;
use selvedge::shadow::{Arm, Cases, Config, Ledger, Outcome, Tally};

use crate::cli::{refuses, selvedge, text};
use crate::client::get;
use crate::picture::png_of;
use crate::server::{Running, config};
use crate::setup::{self, Folder, another_component, drill};

/// A server with two components, of which the candidate is this one.
pub struct Trial {
    pictures: Option<Folder>,
    folder: Folder,
    pub server: Running,
    candidate: ComponentFile,
}

/// What all trials here have: each picture again, and as fast as it goes.
pub fn all() -> Config {
    Config { sample: 1.0, cpu: 1.0, ..Config::default() }
}

impl Trial {
    fn start(candidate: Vec<u8>, share: &str, shadow: Config) -> Self {
        let pictures = Folder::new();
        for number in 0..PICTURES {
            let stripes =
                move |x, y| [x * 9, y * 7, (x / 5 + y / 3 + number) * 31].map(|v| v as u8);
            pictures.write(&format!("{number}.png"), png_of(64, 48, stripes));
        }
        let config = config(pictures.path().to_str(), &[]);
        Self { pictures: Some(pictures), ..Self::start_with(config, candidate, share, shadow) }
    }

    /// The same with a configuration, which says where pictures come from.
    pub fn start_with(
        mut config: selvedge::config::Config,
        candidate: Vec<u8>,
        share: &str,
        shadow: Config,
    ) -> Self {
        let folder = Folder::new();
        let path = folder.write("candidate.wasm", candidate);
        // What it decodes stills with lies beside it, or each command warns.
        let stills = setup::component_path().with_file_name(STILLS_NAME);
        folder.write(STILLS_NAME, fs::read(stills).unwrap());
        let candidate = ComponentFile::open(Some(&path)).unwrap();
        let components = components::Config {
            stable: Some(setup::component_path()),
            candidate: Some(path),
            share: share.to_owned(),
            folder: None,
        };
        let read = move || Ok(components.clone());
        let components = Components::open(Box::new(read), setup::transformer().machine()).unwrap();
        config.shadow = Config { folder: Some(folder.path().join("shadow")), ..shadow };
        let server = Running::start_with(&config, components);
        Self { pictures: None, folder, server, candidate }
    }

    /// Asks for all pictures, which all are there.
    fn ask(&self) {
        for number in 0..PICTURES {
            let reply =
                get(self.server.address, &format!("/image/width=32,format=png/{number}.png"));
            assert_eq!(reply.status, 200);
        }
    }

    /// What came of shadow runs, when there are as many as pictures.
    fn tally(&self) -> Tally {
        self.wait_for(PICTURES)
    }

    /// The same when there are so many.
    pub fn wait_for(&self, runs: u32) -> Tally {
        let began = Instant::now();
        loop {
            let tally = self.server.handler.shadow().unwrap();
            if tally.runs() + tally.dropped >= u64::from(runs) {
                return tally;
            }
            assert!(began.elapsed() < Duration::from_secs(120), "{tally}");
            thread::sleep(Duration::from_millis(5));
        }
    }

    fn shadow(&self) -> PathBuf {
        self.folder.path().join("shadow")
    }

    fn numbers(&self) -> String {
        String::from_utf8(get(self.server.admin(), "/metrics").body).unwrap()
    }

    fn counts(&self, metric: &str, labels: &str, count: u32) {
        let component = &self.candidate.digest()[..16];
        let labels = labels.replace('@', component);
        let (numbers, line) =
            (self.numbers(), format!("selvedge_shadow_{metric}{{{labels}}} {count}"));
        assert!(numbers.lines().any(|had| had == line), "{line} in\n{numbers}");
    }
}

const PICTURES: u32 = 6;

#[test]
fn the_same_pictures_are_equal_and_nothing_is_kept() {
    let trial = Trial::start(another_component(9), "0", all());
    trial.ask();
    let tally = trial.tally();
    assert_eq!((tally.equal, tally.worst), (u64::from(PICTURES), Some(100.0)), "{tally}");
    trial.counts("runs_total", "component=\"@\",format=\"png\",result=\"equal\"", PICTURES);
    assert!(Cases::read(&trial.shadow()).unwrap().is_empty());
    let page = String::from_utf8(get(trial.server.admin(), "/status").body).unwrap();
    assert!(page.contains("Shadow: 6 runs: 6 equal"), "{page}");
    // What walks a rollout asks here.
    let evidence = get(trial.server.admin(), "/rollout/evidence").body;
    let evidence: serde_json::Value = serde_json::from_slice(&evidence).unwrap();
    let pairs = serde_json::json!({ "compared": PICTURES, "bad": 0 });
    assert_eq!(evidence["pairs"], pairs);
}

#[test]
fn another_filter_is_scored_kept_and_shown() {
    let shadow = Config { keep: 2, ..all() };
    let trial = Trial::start(drill("add sharpen=3"), "0", shadow);
    trial.ask();
    let tally = trial.tally();
    assert_eq!(tally.differ, u64::from(PICTURES), "{tally}");
    let worst = tally.worst.unwrap();
    assert!(worst < 95.0, "{tally}");
    trial.counts("runs_total", "component=\"@\",format=\"png\",result=\"differs\"", PICTURES);
    trial.counts("score_count", "component=\"@\",format=\"png\"", PICTURES);
    let cases = Cases::read(&trial.shadow()).unwrap();
    assert_eq!((cases.len(), cases[0].0.outcome.score()), (2, Some(worst)));
    // The ticket shows what the page tells, from nothing but the folder.
    let (ticket, source) = (cases[0].1.ticket.to_string(), trial.folder.path().join("source.png"));
    fs::write(&source, &cases[0].1.files[0]).unwrap();
    let candidate = trial.folder.path().join("candidate.wasm");
    let verify = ["--component", text(&candidate), "verify", &ticket, "--source", text(&source)];
    refuses(&verify, 1, "another picture");
    let page = trial.folder.path().join("page.html");
    let runs = trial.shadow();
    let report = ["shadow", "report", "--folder", text(&runs), "--output", text(&page)];
    let output = selvedge(&report).output().unwrap();
    let table = String::from_utf8(output.stdout).unwrap();
    let row = format!(
        "| {} | png | 6 | 0 | 0 | 6 | 0 | 0 | {worst:.1} |",
        &trial.candidate.digest()[..16]
    );
    assert!(table.contains(&row), "{row} in {table}");
    let page = fs::read_to_string(page).unwrap();
    assert_eq!(page.matches("<img alt=\"\" src=\"data:image/png;base64,iVBORw0KGgo").count(), 6);
    assert!(page.contains(&ticket) && page.contains(&format!("SSIMULACRA2 {worst:.1}")));
    assert!(!page.contains("http"), "it needs nothing from elsewhere");
}

#[test]
fn a_candidate_that_fails_hurts_no_answer_and_is_told() {
    let trial = Trial::start(drill("trap 1"), "0", all());
    trial.ask();
    let tally = trial.tally();
    assert_eq!((tally.failed, tally.cpu_ratio()), (u64::from(PICTURES), None), "{tally}");
    trial.counts("runs_total", "component=\"@\",format=\"png\",result=\"trap\"", PICTURES);
    let cases = Cases::read(&trial.shadow()).unwrap();
    let (run, case) = &cases[0];
    assert!(matches!(&run.outcome, Outcome::Failed { why, .. } if why == "trap"), "{run:?}");
    let source = trial.folder.write("source.png", &case.files[0]);
    let candidate = trial.folder.path().join("candidate.wasm");
    let ticket = case.ticket.to_string();
    let verify = ["--component", text(&candidate), "verify", &ticket, "--source", text(&source)];
    refuses(&verify, 1, "the component failed");
}

#[test]
fn a_slow_candidate_takes_time_of_a_core_and_gives_the_same() {
    let trial = Trial::start(drill("slow 8"), "0", all());
    trial.ask();
    let tally = trial.tally();
    assert_eq!(tally.equal, u64::from(PICTURES), "{tally}");
    // Seven times as much that is not counted, beside one that is.
    assert!(tally.cpu_ratio().unwrap() > 2.0, "{tally}");
}

#[test]
fn who_answers_changes_nothing_of_who_is_who() {
    let trial = Trial::start(drill("add sharpen=3"), "1", all());
    trial.ask();
    trial.tally();
    let runs = Ledger::read(&trial.shadow()).unwrap();
    let stable = setup::transformer();
    for run in &runs {
        assert_eq!((run.answered, run.in_shadow()), (Arm::Candidate, Arm::Stable));
        assert_eq!(
            (run.stable.as_str(), run.candidate.as_str()),
            (stable.digest(), trial.candidate.digest())
        );
        let (stable, candidate) = run.efforts().unwrap();
        assert!(candidate.work > stable.work, "sharpening is work: {run:?}");
    }
    assert_eq!(runs.len(), PICTURES as usize);
}

#[test]
fn what_does_not_fit_in_is_let_go_and_answered_all_the_same() {
    let queue = Config { queue: 0, ..all() };
    let memory = Config { memory: Size(1), ..all() };
    for (shadow, reason) in [(queue, "queue"), (memory, "memory")] {
        let trial = Trial::start(another_component(9), "0", shadow);
        trial.ask();
        let tally = trial.tally();
        assert_eq!((tally.runs(), tally.dropped), (0, u64::from(PICTURES)));
        trial.counts("dropped_total", &format!("reason=\"{reason}\""), PICTURES);
    }
}

#[test]
fn a_server_that_stops_does_nothing_in_the_shadow() {
    let trial = Trial::start(drill("slow 1000000"), "0", all());
    trial.ask();
    trial.server.handler.retire();
    trial.ask();
    let Trial { server, folder, pictures: _pictures, .. } = trial;
    let tally = server.handler.shadow().unwrap();
    assert_eq!((tally.runs(), tally.waiting), (0, 0), "what runs is ended, what waits is let go");
    // Nor does it hold up the end.
    server.wait();
    assert!(Ledger::read(&folder.path().join("shadow")).unwrap().is_empty());
}
