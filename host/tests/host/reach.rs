//! How far a source's address can reach: redirects, and addresses that are not public.

use crate::http_source::status_and_code;
use crate::origin::Origin;
use crate::picture::png;
use crate::server::{Running, config};

#[test]
fn redirects_are_followed_among_the_allowed_only() {
    let to = |status: &str, location: &str| {
        let lines = format!("location: {location}\r\ncontent-length: 0\r\n");
        Origin::with(status, &lines, b"")
    };
    let good = Origin::serving("", &png(8, 8));
    let canary = Origin::serving("", &png(8, 8));

    let first = to("302 Found", &format!("{}/x.png", good.url()));
    let server = Running::start(&config(None, &[&first.url(), &good.url()]));
    assert_eq!(status_and_code(&server, &format!("{}/a.png", first.url())).0, 200);

    for (location, statuses) in [
        (format!("{}/x.png", canary.url()), [403, 403]),
        (canary.url().replace("http:", ""), [403, 403]),
        (canary.url().replace("://", "://u:p@"), [403, 403]),
        ("http://169.254.169.254/latest/meta-data/".to_owned(), [403, 403]),
        ("file:///etc/passwd".to_owned(), [403, 502]),
        ("//[".to_owned(), [502, 502]),
        ("/again".to_owned(), [502, 502]),
    ] {
        let first = to("307 Temporary Redirect", &location);
        let server = Running::start(&config(None, &[&first.url()]));
        let (status, _) = status_and_code(&server, &format!("{}/a.png", first.url()));
        assert!(statuses.contains(&status), "{location}: {status}");
        assert!(first.requests().len() <= 4);
    }
    // From a path, the way leads to the same origin or to an allowed one.
    let home = to("301 Moved Permanently", &format!("{}/x.png", canary.url()));
    let server = Running::start(&config(Some(&home.url()), &[]));
    assert_eq!(status_and_code(&server, "a.png").0, 403);
    assert_eq!(canary.requests(), [""; 0], "nothing was sent there");

    let nowhere = Origin::with("302 Found", "content-length: 0\r\n", b"");
    let server = Running::start(&config(None, &[&nowhere.url()]));
    let (status, _) = status_and_code(&server, &format!("{}/a.png", nowhere.url()));
    assert_eq!(status, 502);
}
