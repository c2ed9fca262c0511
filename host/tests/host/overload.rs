//! More requests than cores, clients that leave, origins that do not answer, and many that want the
//! same.

use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use selvedge::config::Config;
use selvedge::config::units::{Size, Time};
use selvedge::transform::Transformer;

use crate::client::{Reply, connect, get, reply};
use crate::origin::Origin;
use crate::picture::png;
use crate::server::{Running, config};
use crate::setup::{self, Folder};

/// Many seconds of work: a size that no quality gives, so that all are tried.
const LONG: &str = "width=6000,height=6000,fit=squeeze,format=webp,max-bytes=100";

/// A door that origins wait at.
#[derive(Default)]
struct Door {
    open: Mutex<bool>,
    changed: Condvar,
}

impl Door {
    fn wait(&self) {
        drop(self.changed.wait_while(self.open.lock().unwrap(), |open| !*open).unwrap());
    }

    fn open(&self) {
        *self.open.lock().unwrap() = true;
        self.changed.notify_all();
    }
}

/// An origin with one picture. Requests with such a head wait at the door for it.
fn waits_at(door: &Arc<Door>, who: impl Fn(&str) -> bool + Send + Sync + 'static) -> Origin {
    let (shut, picture) = (Arc::clone(door), png(16, 16));
    Origin::new(move |head, stream| {
        if who(head) {
            shut.wait();
        }
        let lines = format!("connection: close\r\ncontent-length: {}", picture.len());
        let _ = write!(stream, "HTTP/1.1 200 OK\r\n{lines}\r\n\r\n");
        let _ = stream.write_all(&picture);
    })
}

/// One core, time for everything, and little patience for queues.
fn one_core(folder: &Folder) -> Config {
    folder.write("a.png", png(100, 100));
    let mut config = config(folder.path().to_str(), &[]);
    config.admission.cores = 1;
    config.transform.work = u64::MAX;
    config.transform.deadline = Time::seconds(600);
    config
}

fn request(target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n")
}

fn gets(server: &Running, count: usize, target: &str) -> Vec<JoinHandle<Reply>> {
    let (address, target) = (server.address, target.to_owned());
    let one = || {
        let target = target.clone();
        thread::spawn(move || get(address, &target))
    };
    (0..count).map(|_| one()).collect()
}

#[test]
fn work_ends_when_its_client_leaves() {
    let folder = Folder::new();
    frees_its_core(&folder, &format!("/image/{LONG}/a.png"), setup::transformer());
}

#[test]
fn so_does_that_of_libheif() {
    let folder = Folder::new();
    // The component beside the image component reads no 4:4:4.
    folder.write("a.heic", include_bytes!("../../../tests/golden/heic/full-chroma.heic"));
    // In its place stands what reads nothing, answers nothing, and does not end in years.
    let sleeping = setup::transformer_with(4, Some(Path::new("/bin/sleep")));
    frees_its_core(&folder, "/image/width=8/a.heic", sleeping);
}

/// The work at `target` takes the only core, for longer than any test, until its client leaves.
fn frees_its_core(folder: &Folder, target: &str, transformer: Arc<Transformer>) {
    let mut config = one_core(folder);
    config.admission.queue_timeout = Time::millis(500);
    let server = Running::with(&config, transformer);
    let mut client = connect(server.address);
    client.write_all(request(target).as_bytes()).unwrap();
    // First it has the only core for longer than others wait.
    let small = "/image/width=8,format=png/a.png";
    let mut busy = get(server.address, small);
    while busy.status == 200 {
        busy = get(server.address, small);
    }
    assert_eq!((busy.status, busy.code().as_str()), (503, "busy"));
    drop(client);
    assert_eq!(get(server.address, small).status, 200);
}

#[test]
fn who_finds_no_place_is_sent_away_with_a_time_to_come_back() {
    let folder = Folder::new();
    let mut config = one_core(&folder);
    config.admission.queue = 0;
    let server = Running::start(&config);
    let mut clients = Vec::new();
    let mut seconds = Vec::new();
    while seconds.len() < 50 {
        let reply = get(server.address, "/image/width=8,format=png/a.png");
        if reply.status == 503 {
            assert_eq!(reply.code(), "busy");
            seconds.push(reply.header("retry-after").unwrap().parse::<u32>().unwrap());
        } else {
            // The core is free: not taken yet, or even long work has ended on a slow machine.
            let mut client = connect(server.address);
            client.write_all(request(&format!("/image/{LONG}/a.png")).as_bytes()).unwrap();
            clients.push(client);
        }
    }
    assert!(seconds.iter().all(|seconds| (1..=4).contains(seconds)), "{seconds:?}");
    seconds.sort_unstable();
    seconds.dedup();
    assert!(seconds.len() > 1, "not all at the same time");
    assert_eq!(get(server.address, "/healthz").status, 200);
}

#[test]
fn one_client_keeps_nobody_else_out() {
    let door = Arc::new(Door::default());
    let origin = waits_at(&door, |head| head.contains("slow"));
    let mut config = config(Some(&origin.url()), &[]);
    config.admission.per_client = 3;
    config.admission.client_header = "X-Forwarded-For".to_owned();
    config.fetch.first_byte_timeout = Time::seconds(60);
    config.fetch.total_timeout = Time::seconds(60);
    let server = Running::start(&config);
    let ask = |client: &str, target: &str| {
        let mut stream = connect(server.address);
        let head = format!("x-forwarded-for: 192.0.2.9, {client}\r\nconnection: close");
        write!(stream, "GET {target} HTTP/1.1\r\nhost: test\r\n{head}\r\n\r\n").unwrap();
        stream
    };
    let slow = (1..=3)
        .map(|width| ask("198.51.100.1", &format!("/image/width={width},format=png/slow.png")));
    let slow: Vec<_> = slow.collect();
    while origin.requests().len() < 3 {
        thread::sleep(Duration::from_millis(1));
    }
    let fast = "/image/width=8,format=png/fast.png";
    let more = reply(ask("198.51.100.1", fast));
    assert_eq!((more.status, more.code().as_str()), (503, "busy"), "{}", more.detail());
    assert!(more.header("retry-after").is_some());
    assert_eq!(reply(ask("198.51.100.2", fast)).status, 200);
    door.open();
    assert!(slow.into_iter().all(|slow| reply(slow).status == 200));
    assert_eq!(reply(ask("198.51.100.1", fast)).status, 200, "its turns are over");
}

#[test]
fn origins_that_do_not_answer_take_no_core() {
    let door = Arc::new(Door::default());
    let origin = waits_at(&door, |head| head.contains("slow"));
    let mut config = config(Some(&origin.url()), &[]);
    config.admission.cores = 1;
    config.fetch.first_byte_timeout = Time::seconds(60);
    config.fetch.total_timeout = Time::seconds(60);
    let server = Running::start(&config);
    let slow: Vec<_> = (1..=100)
        .flat_map(|width| gets(&server, 1, &format!("/image/width={width},format=png/slow.png")))
        .collect();
    while origin.requests().len() < 100 {
        thread::sleep(Duration::from_millis(1));
    }
    for _ in 0..20 {
        assert_eq!(get(server.address, "/image/width=8,format=png/fast.png").status, 200);
    }
    door.open();
    let answers = slow.into_iter().map(|slow| slow.join().unwrap().status);
    // All come back at once, and there is one core.
    assert!(answers.into_iter().all(|status| [200, 503].contains(&status)));
}

#[test]
fn a_stampede_is_one_fetch_and_its_leader_may_leave() {
    let door = Arc::new(Door::default());
    let origin = waits_at(&door, |_| true);
    let server = Running::start(&config(Some(&origin.url()), &[]));
    let target = "/image/width=8,format=png/a.png";
    let mut leader = connect(server.address);
    leader.write_all(request(target).as_bytes()).unwrap();
    while origin.requests().is_empty() {
        thread::sleep(Duration::from_millis(1));
    }
    let mut followers: Vec<_> = (0..200).map(|_| connect(server.address)).collect();
    for follower in &mut followers {
        follower.write_all(request(target).as_bytes()).unwrap();
    }
    drop(leader);
    // A request on a later connection is answered when all before it were taken in.
    assert_eq!(get(server.address, "/healthz").status, 200);
    door.open();
    let answers: Vec<Reply> = followers.into_iter().map(reply).collect();
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body));
    assert!(origin.requests().len() <= 2, "{}", origin.requests().len());
}

#[test]
fn what_needs_all_memory_waits_for_its_turn() {
    let folder = Folder::new();
    let mut config = one_core(&folder);
    config.admission.cores = 4;
    config.admission.queue_timeout = Time::seconds(60);
    config.transform.memory = Size::mebibytes(64);
    config.admission.transform_memory = Size::mebibytes(64);
    config.fetch.bytes = Size::mebibytes(1);
    config.admission.file_memory = Size::mebibytes(1);
    let server = Running::start(&config);
    folder.write("logo.png", png(8, 8));
    // What is drawn over a picture is not forecast: each of these may need all there is.
    let targets = (1..=16).map(|width| format!("/image/width={width},draw.0.url=logo.png/a.png"));
    let all: Vec<_> = targets.flat_map(|target| gets(&server, 1, &target)).collect();
    for reply in all {
        let reply = reply.join().unwrap();
        assert_eq!(reply.status, 200, "{}", reply.detail());
    }
}
