//! Two components in one server: which makes what, what tells them apart, and how they change places.

use std::fs;
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use selvedge::component::ComponentFile;
use selvedge::components::{Change, Components, Config};
use selvedge_plan::key;
use selvedge_plan::rollout::{self, Share};
use selvedge_plan::signature::Keys;
use selvedge_plan::source::Source;

use crate::cli::{refuses, selvedge, text};
use crate::client::{Reply, get, send};
use crate::picture::png;
use crate::server::{Running, config};
use crate::setup::{self, Folder, another_component};

const KEYS: &str = "k1:000102030405060708090a0b0c0d0e0f";

/// A folder of pictures, and of the two components, the second one named as the candidate.
pub struct Pair {
    pub folder: Folder,
    pub config: Arc<Mutex<Config>>,
    pub stable: String,
    pub candidate: String,
}

impl Pair {
    pub fn new(share: &str) -> Self {
        Self::with(share, another_component(1))
    }

    /// With a candidate of these bytes. No two of its 64 pictures are of one size.
    pub fn with(share: &str, candidate: Vec<u8>) -> Self {
        let folder = Folder::new();
        for number in 0..64 {
            folder.write(&format!("{number}.png"), png(16 + number % 8, 12 + number / 8));
        }
        let candidate = folder.write("candidate.wasm", candidate);
        let config = Config {
            stable: Some(setup::component_path()),
            candidate: Some(candidate.clone()),
            share: share.to_owned(),
            folder: Some(folder.path().join("components")),
        };
        let digest = |path| ComponentFile::open(Some(path)).unwrap().digest().to_owned();
        let (stable, candidate) = (digest(&setup::component_path()), digest(&candidate));
        Self { folder, config: Arc::new(Mutex::new(config)), stable, candidate }
    }

    pub fn components(&self) -> Components {
        let config = Arc::clone(&self.config);
        let read = move || Ok(config.lock().unwrap().clone());
        Components::open(Box::new(read), setup::transformer().machine()).unwrap()
    }

    pub fn start(&self, keys: &str) -> Running {
        let mut config = self.settings();
        config.addresses.keys = keys.into();
        Running::start_with(&config, self.components())
    }

    /// Settings of a server of the pictures.
    pub fn settings(&self) -> selvedge::config::Config {
        config(self.folder.path().to_str(), &[])
    }
}

fn component(reply: &Reply) -> &str {
    assert_eq!(reply.status, 200);
    reply.header("selvedge-component").unwrap()
}

fn picture(number: u32) -> String {
    format!("/image/width=8,format=png/{number}.png")
}

#[test]
fn a_source_belongs_to_one_component_and_a_growing_share_only_adds() {
    let pair = Pair::new("1/4");
    let server = pair.start("");
    let mut had = Vec::new();
    for share in ["1/4", "1/2", "1", "0"] {
        let share: Share = share.parse().unwrap();
        server.handler.components().change(Change::Share(share)).unwrap();
        let mut has = Vec::new();
        for number in 0..32 {
            let source = Source::parse(&format!("{number}.png")).unwrap();
            let expected = if share.has(&source) { &pair.candidate } else { &pair.stable };
            for options in ["width=8,format=png", "width=4,format=webp"] {
                let reply = get(server.address, &format!("/image/{options}/{number}.png"));
                assert_eq!(component(&reply), &expected[..16], "{share} {number}");
                let tags = reply.header("cache-tag").unwrap();
                let source = &key::digest(&source.text())[..16];
                assert_eq!(tags, format!("c-{},s-{source}", &expected[..16]));
            }
            if share.has(&source) {
                has.push(number);
            }
        }
        assert!(share == Share::NONE || had.iter().all(|number| has.contains(number)));
        had = has;
    }
}

#[test]
fn all_that_is_told_is_told_of_the_component() {
    let pair = Pair::new("1");
    let server = pair.start("");
    let (stable, candidate) = (&pair.stable[..16], &pair.candidate[..16]);
    let new = get(server.address, &picture(1));
    server.handler.components().change(Change::Rollback).unwrap();
    let old = get(server.address, &picture(1));
    assert_eq!((component(&new), component(&old)), (candidate, stable));
    assert_eq!(new.body, old.body, "the same pixels");
    assert_ne!(new.header("etag"), old.header("etag"), "and yet another version");
    // A client with a withdrawn picture gets another one, and no 304.
    let etag = format!("if-none-match: {}\r\n", new.header("etag").unwrap());
    assert_eq!(component(&send(server.address, "GET", &picture(1), &etag)), stable);
    // A problem too is of somebody.
    let problem = get(server.address, "/image/width=8/none.png");
    assert_eq!(problem.header("selvedge-component"), Some(stable));
    let numbers = String::from_utf8(get(server.admin(), "/metrics").body).unwrap();
    for line in [
        format!(
            "selvedge_requests_total{{code=\"ok\",status=\"200\",component=\"{candidate}\"}} 1"
        ),
        format!("selvedge_requests_total{{code=\"ok\",status=\"200\",component=\"{stable}\"}} 2"),
        format!("selvedge_transforms_total{{result=\"done\",component=\"{candidate}\"}} 1"),
    ] {
        assert!(numbers.lines().any(|had| had == line), "{line} in\n{numbers}");
    }
    let page = String::from_utf8(get(server.admin(), "/status").body).unwrap();
    for part in [
        format!("<td>{stable}<td>stable<td>3<td>0<td>2"),
        format!("<td>{candidate}<td>candidate<td>1<td>0<td>1"),
    ] {
        assert!(page.contains(&part), "{part} in {page}");
    }
}

#[test]
fn a_tester_chooses_under_a_signature_and_is_kept_from_caches() {
    let pair = Pair::new("0");
    let server = pair.start(KEYS);
    let keys = Keys::parse(KEYS).unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let (stable, candidate) = (&pair.stable[..16], &pair.candidate[..16]);
    let ask = |lines: &str| send(server.address, "GET", &picture(3), lines);
    let header = |value: &str| format!("{}: {value}\r\n", rollout::CHOOSE);
    let value = rollout::choose(candidate, now + 60, &keys).unwrap();
    let chosen = ask(&header(&value));
    assert_eq!(component(&chosen), candidate);
    assert_eq!(chosen.header("cache-control"), Some("no-store"));
    let plain = ask("");
    assert_eq!(component(&plain), stable);
    assert_ne!(plain.header("cache-control"), Some("no-store"));
    let old = rollout::choose(candidate, now - 600, &keys).unwrap();
    assert_eq!(ask(&header(&old)).code(), "expired");
    let forged = value.replace(candidate, stable);
    assert_eq!(ask(&header(&forged)).code(), "not-signed");
    // What the command prints is just such a header.
    let output =
        selvedge(&["rollout", "choose", &pair.candidate, "--keys", KEYS]).output().unwrap();
    let line = String::from_utf8(output.stdout).unwrap();
    assert_eq!(component(&ask(&format!("{}\r\n", line.trim_end()))), candidate);
}

#[test]
fn the_way_forth_and_back_survives_a_restart_but_not_a_new_configuration() {
    let pair = Pair::new("1/16");
    let components = pair.components();
    components.change(Change::Share("1/2".parse().unwrap())).unwrap();
    assert_eq!(pair.components().state().share, "1/2");
    let promoted = pair.components().change(Change::Promote).unwrap();
    assert_eq!(
        (&promoted.stable, &promoted.previous),
        (&pair.candidate, &Some(pair.stable.clone()))
    );
    assert_eq!(pair.components().state(), promoted);
    assert!(pair.components().change(Change::Promote).is_err(), "there is no candidate any more");
    let back = pair.components().change(Change::Rollback).unwrap();
    assert_eq!((back.stable.as_str(), back.share.as_str()), (pair.stable.as_str(), "0"));
    assert_eq!(pair.components().state(), back);
    // An operator who writes another share means it.
    pair.config.lock().unwrap().share = "1/8".to_owned();
    assert_eq!(pair.components().state().share, "1/8");
}

#[test]
fn the_operator_asks_at_his_door() {
    let pair = Pair::new("1/16");
    let server = pair.start("");
    let admin = server.admin().to_string();
    let ask = |args: &[&str]| {
        let output = selvedge(&[&["rollout", "--admin", &admin], args].concat()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap()
    };
    assert_eq!(ask(&["status"])["share"], "1/16");
    assert_eq!(ask(&["set", "1/2"])["share"], "1/2");
    assert_eq!(ask(&["promote"])["stable"], pair.candidate.as_str());
    assert_eq!(ask(&["rollback"])["stable"], pair.stable.as_str());
    refuses(&["rollout", "--admin", &admin, "set", "7"], 2, "expected a share");
    pair.config.lock().unwrap().candidate = None;
    assert_eq!(ask(&["reload"])["previous"], pair.candidate.as_str());
    refuses(&["rollout", "--admin", &admin, "promote"], 1, "there is no candidate");
    // What a page in a browser can send changes nothing.
    let reply = send(server.admin(), "POST", "/rollout/rollback", "content-length: 0\r\n");
    assert_eq!(reply.status, 405);
    assert_eq!(get(server.admin(), "/rollout/rollback").status, 405);
    assert_eq!(get(server.address, "/rollout").status, 404, "nothing of it is for clients");
}

#[test]
fn what_speaks_another_contract_is_refused_and_nothing_changes() {
    let pair = Pair::new("1/16");
    let components = pair.components();
    let before = components.state();
    let epoch = key::CONTRACT_EPOCH.to_string();
    let mut other = fs::read(setup::component_path()).unwrap();
    let section = [key::CONTRACT_SECTION.as_bytes(), epoch.as_bytes()].concat();
    let at = other.windows(section.len()).rposition(|part| part == section).unwrap();
    other[at + section.len() - 1] = b'9';
    let none = b"\0asm\x0d\0\x01\0".to_vec();
    for (name, bytes, part) in
        [("other", other, "of contract epoch 9"), ("none", none, "does not say")]
    {
        let path = pair.folder.write(name, bytes);
        pair.config.lock().unwrap().candidate = Some(path.clone());
        let why = components.reload().unwrap_err();
        assert!(why.contains(part), "{why}");
        assert_eq!(components.state(), before);
        let archive = pair.folder.path().join("archive");
        refuses(&["components", "--folder", text(&archive), "add", text(&path)], 1, part);
    }
}

#[test]
fn components_are_kept_by_their_digests() {
    let pair = Pair::new("1/16");
    let folder = pair.folder.path().join("components");
    let run = |args: &[&str]| {
        let args = [&["components", "--folder", text(&folder)], args].concat();
        let output = selvedge(&args).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let stable = setup::component_path();
    let other = "0".repeat(64);
    let add = ["components", "--folder", text(&folder), "add", text(&stable), "--sha256", &other];
    refuses(&add, 1, &format!("expected {other}"));
    assert_eq!(run(&["add", text(&stable), "--sha256", &pair.stable]).trim(), pair.stable);
    let mut all = vec![pair.stable.clone()];
    for number in 1..=3 {
        let path = pair.folder.write("x.wasm", another_component(number));
        all.push(run(&["add", text(&path)]).trim().to_owned());
    }
    // A digest, or its beginning, names one of them; and what a server uses is not removed.
    *pair.config.lock().unwrap() = Config {
        stable: Some(pair.stable.clone().into()),
        candidate: Some(pair.candidate[..12].into()),
        share: "1/2".to_owned(),
        folder: Some(folder.clone()),
    };
    let components = pair.components();
    assert_eq!(components.state().candidate.as_ref(), Some(&pair.candidate));
    components.change(Change::Promote).unwrap();
    let listed = run(&["list"]);
    assert!(all.iter().all(|digest| listed.contains(digest.as_str())), "{listed}");
    assert_eq!(listed.matches("in use").count(), 2, "{listed}");
    // When each was added: RFC 3339, in UTC and by the second.
    let is_time = |word: &str| word.len() == 20 && word.starts_with("20") && word.ends_with('Z');
    assert!(
        listed.lines().all(|line| line.split_whitespace().nth(2).is_some_and(is_time)),
        "{listed}"
    );
    assert!(run(&["gc", "--keep", "0", "--dry-run"]).lines().count() == 2);
    assert!(run(&["gc", "--keep", "0"]).lines().count() == 2);
    assert_eq!(run(&["list"]).lines().count(), 2);
    // What is not what its name says is not run.
    fs::write(folder.join(format!("{}.wasm", pair.stable)), another_component(9)).unwrap();
    let why = Components::open(
        Box::new({
            let config = pair.config.lock().unwrap().clone();
            move || Ok(config.clone())
        }),
        setup::transformer().machine(),
    );
    assert!(why.err().unwrap().contains("is damaged"));
}
