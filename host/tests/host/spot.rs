//! Spot checks: what an edge says that it made, and what is made here.

use selvedge::transform::Limits;
use selvedge_plan::signature::Keys;
use selvedge_plan::ticket::Ticket;
use selvedge_plan::unsigned::Unsigned;
use selvedge_plan::{Asked, Fields, Rules, decide, spot};
use sha2::{Digest, Sha256};

use crate::client::{Reply, get, send};
use crate::picture::png;
use crate::server::{Running, config};
use crate::setup::{self, Folder};

const KEYS: &str = "k1:000102030405060708090a0b0c0d0e0f";
const TARGET: &str = "/image/width=40,format=webp/a.png";

/// What an edge tells of its picture of `source`: the component is the same there as here.
fn told(source: Vec<u8>, change: impl FnOnce(&mut Ticket)) -> String {
    let keys = Keys::parse(KEYS).unwrap();
    let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
    let fields = &Fields::default();
    let asked = Asked { method: "GET", target: TARGET, authority: "edge.test", fields, now: 0 };
    let decision = decide(&asked, &rules).unwrap();
    let (edge, plan) = (setup::transformer(), decision.plan.text());
    let digest = |bytes: &[u8]| -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let files = vec![digest(&source)];
    let made = edge.transform(source, &[], &plan, &Limits::default()).unwrap();
    let (component, picture) = (edge.digest().to_owned(), digest(&made.bytes));
    let mut ticket = Ticket { component, files, picture, plan };
    change(&mut ticket);
    spot::told(&decision, &ticket, &keys).unwrap()
}

fn check(server: &Running, value: &str) -> Reply {
    send(
        server.address,
        "GET",
        TARGET,
        &format!("via: 1.1 selvedge\r\n{}: {value}\r\n", spot::HEADER),
    )
}

#[test]
fn any_difference_is_seen_counted_and_told() {
    let folder = Folder::new();
    folder.write("a.png", png(64, 48));
    let mut config = config(folder.path().to_str(), &[]);
    config.addresses.keys = KEYS.into();
    let server = Running::start(&config);
    let other = "f".repeat(64);
    for (value, finding) in [
        (told(png(64, 48), |_| ()), "same"),
        (told(png(64, 48), |ticket| ticket.picture.clone_from(&other)), "other"),
        (told(png(64, 47), |_| ()), "other-source"),
        (told(png(64, 48), |ticket| ticket.component.clone_from(&other)), "other-component"),
    ] {
        let reply = check(&server, &value);
        assert_eq!((reply.status, reply.header(spot::HEADER)), (204, Some(finding)), "{reply:?}");
        assert_eq!((reply.body.len(), reply.header("cache-control")), (0, Some("no-store")));
        let numbers = String::from_utf8(get(server.admin(), "/metrics").body).unwrap();
        let line = format!("selvedge_spot_checks_total{{result=\"{finding}\"}} 1");
        assert!(numbers.lines().any(|had| had == line), "{line} in\n{numbers}");
    }
    // Who has no key cannot raise an alarm.
    let forged = told(png(64, 48), |_| ()).replace("sig=k1.", "sig=k1.A");
    assert_eq!(check(&server, &forged).code(), "not-signed");
    assert_eq!(check(&server, "x").code(), "not-signed");
}
