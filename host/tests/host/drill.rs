//! The drill: a component with other pixels takes over within three days, and is taken back.

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use selvedge::components::Change;
use selvedge::config::units::Size;
use selvedge_plan::rollout::Share;
use selvedge_plan::source::Source;

use crate::cli::selvedge;
use crate::client::{Reply, get, send};
use crate::components::Pair;
use crate::origin::Origin;
use crate::server::Running;
use crate::setup::drill;

/// A cache in front of a server: it keeps each answer under its tags, and forgets those of a tag when it is
/// told to.
pub struct Cdn {
    front: Origin,
    kept: Arc<Mutex<BTreeMap<String, Reply>>>,
    purged: Arc<Mutex<Vec<String>>>,
}

impl Cdn {
    pub fn before(server: SocketAddr) -> Self {
        let (kept, purged) =
            (Arc::new(Mutex::new(BTreeMap::<String, Reply>::new())), Arc::default());
        let (objects, tags) = (Arc::clone(&kept), Arc::<Mutex<Vec<String>>>::clone(&purged));
        let front = Origin::new(move |head, stream| {
            let mut objects = objects.lock().unwrap();
            let mut words = head.split(' ');
            let (method, target) = (words.next().unwrap(), words.next().unwrap());
            let mut answer = |status: &str, head: &str, body: &[u8]| {
                let length = body.len();
                let _ =
                    write!(stream, "HTTP/1.1 {status}\r\n{head}content-length: {length}\r\n\r\n");
                let _ = stream.write_all(body);
            };
            if method == "GET" {
                let reply = objects.entry(target.to_owned()).or_insert_with(|| get(server, target));
                let component = reply.header("selvedge-component").unwrap();
                answer("200 OK", &format!("selvedge-component: {component}\r\n"), &reply.body);
                return;
            }
            let lower = head.to_ascii_lowercase();
            let header = |name: &str| {
                let line = lower.lines().find_map(|line| line.strip_prefix(name));
                line.unwrap().trim().to_owned()
            };
            let tag = header("surrogate-key:");
            let has = |reply: &Reply| {
                reply.header("cache-tag").unwrap().split(',').any(|known| known == tag)
            };
            objects.retain(|_, reply| !has(reply));
            let mut body = vec![0; header("content-length:").parse().unwrap()];
            stream.read_exact(&mut body).unwrap();
            tags.lock().unwrap().push(tag);
            let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
        });
        Self { front, kept, purged }
    }

    pub fn url(&self) -> String {
        self.front.url()
    }

    pub fn get(&self, target: &str) -> Reply {
        let url = self.front.url();
        get(url.strip_prefix("http://").unwrap().parse().unwrap(), target)
    }

    /// The tags that it was told to forget.
    pub fn purged(&self) -> Vec<String> {
        self.purged.lock().unwrap().clone()
    }

    /// How many of its answers are a component's.
    pub fn count(&self, component: &str) -> usize {
        let kept = self.kept.lock().unwrap();
        kept.values().filter(|reply| is_of(reply, component)).count()
    }
}

pub fn is_of(reply: &Reply, component: &str) -> bool {
    reply.header("selvedge-component") == Some(&component[..16])
}

fn rollout(server: &Running, cdn: &Cdn, args: &[&str]) {
    let admin = server.admin().to_string();
    let mut command = selvedge(&[&["rollout", "--admin", &admin], args].concat());
    let done = command.env("SELVEDGE_PURGE_WEBHOOK", cdn.url()).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

/// The address of a picture on one day: each day others are asked for.
fn picture(day: usize, number: usize) -> String {
    format!("/image/width={},format=png/{number}.png", 6 + day)
}

/// Every picture of every day by what makes them at this share.
fn all(server: &Running, share: Share) -> Vec<Vec<Vec<u8>>> {
    server.handler.components().change(Change::Share(share)).unwrap();
    let one = |day, number| get(server.address, &picture(day, number)).body;
    (0..3).map(|day| (0..64).map(|number| one(day, number)).collect()).collect()
}

#[test]
fn another_engine_comes_in_three_days_and_goes_at_once() {
    let pair = Pair::with("0", drill("add brightness=1.5"));
    let mut config = pair.settings();
    let kept = pair.folder.path().join("kept");
    (config.cache.folder, config.cache.results) = (Some(kept.clone()), Size::mebibytes(16));
    let server = Running::start_with(&config, pair.components());
    let (old, new) = (all(&server, Share::NONE), all(&server, Share::ALL));
    let same = old.iter().flatten().zip(new.iter().flatten()).filter(|(old, new)| old == new);
    assert_eq!(same.count(), 0, "two really different components");
    let cdn = Cdn::before(server.address);
    for (day, share) in ["1/16", "1/2", "1"].into_iter().enumerate() {
        rollout(&server, &cdn, &["set", share]);
        let share: Share = share.parse().unwrap();
        let mut changed = 0;
        for number in 0..64 {
            let reply = cdn.get(&picture(day, number));
            let is_new = share.has(&Source::parse(&format!("{number}.png")).unwrap());
            let (component, pictures) =
                if is_new { (&pair.candidate, &new) } else { (&pair.stable, &old) };
            assert!(is_of(&reply, component), "{share} {number}: {reply:?}");
            assert_eq!(reply.body, pictures[day][number], "{share} {number}");
            changed += usize::from(is_new);
        }
        assert!(changed > 0, "{share}");
    }
    let etag = get(server.address, &picture(2, 0)).header("etag").unwrap().to_owned();
    assert!(cdn.count(&pair.candidate) > 64 && cdn.count(&pair.stable) > 64);
    rollout(&server, &cdn, &["promote"]);

    // It is bad after all.
    let before = files(&kept);
    rollout(&server, &cdn, &["rollback", "--purge"]);
    assert_eq!(cdn.purged(), [format!("c-{}", &pair.candidate[..16])]);
    assert_eq!(cdn.count(&pair.candidate), 0, "the cache has nothing left of it");
    assert!(cdn.count(&pair.stable) > 64, "and all of the other");
    for (day, pictures) in old.iter().enumerate() {
        for (number, expected) in pictures.iter().enumerate() {
            let target = picture(day, number);
            for reply in [cdn.get(&target), get(server.address, &target)] {
                assert!(is_of(&reply, &pair.stable), "{target}");
                assert_eq!(reply.body, *expected, "{target}");
            }
        }
    }
    // Its pictures are still on the server's disk, under keys that nobody asks for any more; and who has one
    // is not told that it is still good.
    assert_eq!(files(&kept), before);
    let known = format!("if-none-match: {etag}\r\n");
    assert_eq!(send(server.address, "GET", &picture(2, 0), &known).status, 200);
}

/// How many files are below a folder.
fn files(folder: &std::path::Path) -> usize {
    let count = |entry: fs::DirEntry| match entry.file_type().unwrap().is_dir() {
        true => files(&entry.path()),
        false => 1,
    };
    fs::read_dir(folder).unwrap().map(|entry| count(entry.unwrap())).sum()
}
