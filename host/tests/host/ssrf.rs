//! The address rule against names, numbers and redirects that lead to where no source is. Canaries
//! listen there, and a name server of our own says what the test wants.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::net::{IpAddr, Ipv4Addr};
use std::process::Stdio;
use std::sync::Mutex;

use crate::canary::Canaries;
use crate::cli::selvedge;
use crate::client::get;
use crate::dns::{Dns, Said};
use crate::http_source::status_and_code;
use crate::origin::Origin;
use crate::picture::png;
use crate::server::{Running, config};

/// Addresses of every special family, judged by Python's tables of the registries.
const ADDRESSES: &str = include_str!("../../../tests/vectors/addresses.tsv");

/// The one address that the servers below may go to beside the public ones.
const GOOD: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 2);

/// Where nobody may go.
const BAD: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 3);

fn special() -> Vec<IpAddr> {
    let rows = ADDRESSES.lines().filter(|line| !line.starts_with('#'));
    let special = rows.filter_map(|line| line.strip_suffix("\tspecial"));
    special.map(|address| address.parse().unwrap()).collect()
}

/// A server that fetches from all names below v.test on a port, with one private address.
fn serving(dns: &Dns, port: u16) -> Running {
    let mut config = config(None, &[&format!("http://*.v.test:{port}")]);
    config.fetch.name_servers = vec![dns.address.to_string()];
    config.fetch.private_networks = vec![format!("{GOOD}/32")];
    Running::start(&config)
}

fn refused() -> (u16, String) {
    (403, "source-not-allowed".to_owned())
}

#[test]
fn no_name_leads_to_a_special_address() {
    let special: Vec<IpAddr> = special().into_iter().filter(|at| *at != IpAddr::V4(GOOD)).collect();
    assert!(special.len() > 300);
    let loopback: Vec<IpAddr> = special.iter().copied().filter(IpAddr::is_loopback).collect();
    let canaries = Canaries::at(&loopback);
    let all = special.clone();
    let dns = Dns::start(move |name| {
        let number = name.strip_suffix(".v.test").and_then(|label| label.parse().ok());
        let address = number.and_then(|number: usize| all.get(number));
        address.map_or(Said::Nothing, |address| Said::Addresses(vec![*address]))
    });
    let port = canaries.port;
    let server = serving(&dns, port);
    for (number, address) in special.iter().enumerate() {
        let found = status_and_code(&server, &format!("http://{number}.v.test:{port}/a.png"));
        assert_eq!(found, refused(), "{address}");
        let literal = match address {
            IpAddr::V4(v4) => v4.to_string(),
            IpAddr::V6(v6) => format!("[{v6}]"),
        };
        let found = status_and_code(&server, &format!("http://{literal}:{port}/a.png"));
        assert_eq!(found, refused(), "{literal}");
    }
    assert!(dns.questions() >= special.len());
    assert_eq!(canaries.heard(), 0);
}

#[test]
fn a_name_cannot_change_its_meaning_after_the_check() {
    const TRIES: usize = 1_000;
    let canary = Canaries::at(&[BAD.into()]);
    let port = canary.port;
    let good = Origin::at((GOOD, port).into(), &png(8, 8));
    // Whoever asks first hears of the good address; whoever asks again, to connect, of the bad one.
    let asked = Mutex::new(BTreeMap::new());
    let dns = Dns::start(move |name| {
        let mut asked = asked.lock().unwrap();
        let times: &mut usize = asked.entry(name.to_owned()).or_default();
        *times += 1;
        // A server asks for both kinds of address at once.
        Said::Addresses(vec![if *times <= 2 { GOOD.into() } else { BAD.into() }])
    });
    let server = serving(&dns, port);
    let mut fetched = 0;
    for number in 0..TRIES {
        let (status, _) =
            status_and_code(&server, &format!("http://n{number}.v.test:{port}/a.png"));
        assert!([200, 403].contains(&status), "{number}: {status}");
        fetched += usize::from(status == 200);
    }
    assert_eq!(canary.heard(), 0);
    assert!(fetched > TRIES / 2 && good.requests().len() == fetched, "{fetched}");
}

#[test]
fn names_with_several_meanings_lead_to_the_permitted_one() {
    let canary = Canaries::at(&[BAD.into(), "::1".parse().unwrap()]);
    let port = canary.port;
    let good = Origin::at((GOOD, port).into(), &png(8, 8));
    let dns = Dns::start(|name| match name {
        "both.v.test" => Said::Addresses(vec![BAD.into(), GOOD.into(), "::1".parse().unwrap()]),
        "alias.v.test" => Said::Alias("localhost", vec![BAD.into()]),
        "six.v.test" => Said::Addresses(vec!["::1".parse().unwrap()]),
        "mapped.v.test" => Said::Addresses(vec!["::ffff:127.0.0.2".parse().unwrap()]),
        _ => Said::Nothing,
    });
    let server = serving(&dns, port);
    let found =
        |name: &str| status_and_code(&server, &format!("http://{name}.v.test:{port}/a.png"));
    assert_eq!(found("both").0, 200);
    assert_eq!(good.requests().len(), 1);
    for name in ["alias", "six", "mapped"] {
        assert_eq!(found(name), refused(), "{name}");
    }
    assert_eq!(found("nobody"), (502, "source-failed".to_owned()));
    assert_eq!(canary.heard(), 0);
}

#[test]
fn canaries_do_hear() {
    let canary = Canaries::at(&[GOOD.into()]);
    let dns = Dns::start(|_| Said::Addresses(vec![GOOD.into()]));
    let port = canary.port;
    let server = serving(&dns, port);
    assert_eq!(status_and_code(&server, &format!("http://a.v.test:{port}/a.png")).0, 502);
    assert!(canary.heard() > 0);
}

#[test]
fn names_of_this_machine_are_refused() {
    let canary = Canaries::at(&[Ipv4Addr::LOCALHOST.into(), "::1".parse().unwrap()]);
    let port = canary.port;
    let dns = Dns::start(|_| Said::Addresses(vec![Ipv4Addr::LOCALHOST.into()]));
    let names = [
        "localhost",
        "LOCALHOST",
        "a.localhost",
        "metadata.google.internal",
        "127.0.0.1.nip.io",
        "instance-data",
    ];
    let allowed: Vec<String> = names.iter().map(|name| format!("http://{name}:{port}")).collect();
    let allowed: Vec<&str> = allowed.iter().map(String::as_str).collect();
    // Even named in the allow-list: who may write a name's addresses is not who wrote the list.
    let mut config = config(None, &allowed);
    config.fetch.name_servers = vec![dns.address.to_string()];
    let server = Running::start(&config);
    for origin in allowed {
        assert_eq!(status_and_code(&server, &format!("{origin}/a.png")), refused(), "{origin}");
    }
    assert_eq!(canary.heard(), 0);
    // Unless the operator's network is named as well.
    config.fetch.private_networks = vec!["127.0.0.0/8".to_owned(), "::1".to_owned()];
    let server = Running::start(&config);
    assert_eq!(status_and_code(&server, &format!("http://a.localhost:{port}/a.png")).0, 502);
    assert!(canary.heard() > 0);
}

#[test]
fn redirects_do_not_lead_to_canaries() {
    let canaries = Canaries::at(&[BAD.into(), Ipv4Addr::LOCALHOST.into(), "::1".parse().unwrap()]);
    let port = canaries.port;
    let dns = Dns::start(move |name| match name {
        "good.v.test" => Said::Addresses(vec![GOOD.into()]),
        "bad.v.test" => Said::Addresses(vec![BAD.into()]),
        _ => Said::Nothing,
    });
    let server = serving(&dns, port);
    let literals = [
        "127.0.0.3",
        "127.3",
        "0x7f.3",
        "0177.0.0.3",
        "2130706435",
        "0",
        "0.0.0.0",
        "127.1",
        "localhost",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.3]",
        "[::127.0.0.3]",
        "[64:ff9b::7f00:3]",
        "[2002:7f00:3::]",
        "bad.v.test",
        "u:p@bad.v.test",
        "good.v.test@127.0.0.3",
    ];
    let mut places: Vec<String> =
        literals.iter().map(|host| format!("http://{host}:{port}/x.png")).collect();
    places.extend(literals.iter().map(|host| format!("//{host}:{port}/x.png")));
    for odd in ["file:///etc/passwd", "gopher://127.0.0.3/", "ftp://127.0.0.3/", "data:image/png,x"]
    {
        places.push(odd.to_owned());
    }
    places.push(format!("http:\\\\127.0.0.3:{port}\\x.png"));
    places.push(format!("\\\\127.0.0.3:{port}/x.png"));
    let count = places.len();
    let good = Origin::listening((GOOD, port).into(), move |head, stream| {
        let number: usize = head.split(['/', '.', ' ']).nth(2).unwrap().parse().unwrap();
        let status = [301, 302, 303, 307, 308][number % 5];
        let (place, lines) =
            (&places[number % count], "content-length: 0\r\nconnection: close\r\n");
        let answer = format!("HTTP/1.1 {status} Away\r\nlocation: {place}\r\n{lines}\r\n");
        std::io::Write::write_all(stream, answer.as_bytes()).unwrap();
    });
    for number in 0..count * 5 {
        let source = format!("http://good.v.test:{port}/{number}.png");
        let (status, code) = status_and_code(&server, &source);
        assert!([403, 502].contains(&status), "{number}: {status} {code}");
    }
    assert_eq!(good.requests().len(), count * 5, "each was asked once");
    assert_eq!(canaries.heard(), 0);
    // What browsers take for a redirect is none.
    let lines = format!("refresh: 0;url=http://{BAD}:{port}/\r\n");
    let refresh = Origin::serving(&lines, &png(8, 8));
    let server = Running::start(&config(None, &[&refresh.url()]));
    assert_eq!(status_and_code(&server, &format!("{}/a.png", refresh.url())).0, 200);
    assert_eq!(canaries.heard(), 0);
}

#[test]
fn proxies_of_the_environment_are_not_asked() {
    let canary = Canaries::at(&[BAD.into()]);
    let good = Origin::serving("", &png(8, 8));
    let args = ["serve", "--dev", "--listen", "127.0.0.1:0", "--allow", &good.url()];
    let mut command = selvedge(&args);
    for scheme in ["HTTP", "HTTPS", "ALL"] {
        let proxy = format!("http://{BAD}:{}", canary.port);
        command.env(format!("{scheme}_PROXY"), &proxy);
        command.env(format!("{}_proxy", scheme.to_lowercase()), &proxy);
    }
    let mut child = command.env("NO_PROXY", "").stderr(Stdio::piped()).spawn().unwrap();
    let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
    let told = log.find_map(|line| line.ok().filter(|line| line.contains("listening"))).unwrap();
    let address = told.rsplit("address=").next().unwrap().trim().trim_matches('"');
    let target = format!("/image/width=4/{}/a.png", good.url());
    let status = get(address.parse().unwrap(), &target).status;
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(status, 200);
    assert_eq!((good.requests().len(), canary.heard()), (1, 0));
}
