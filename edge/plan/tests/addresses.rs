//! What may be connected to and what may be named, against tables with an oracle of their own.

use std::net::IpAddr;

use selvedge_plan::address::is_public;
use selvedge_plan::allow::AllowList;
use selvedge_plan::{Code, Source};

/// Written by `addresses.py` beside it.
const ADDRESSES: &str = include_str!("../../../tests/vectors/addresses.tsv");

/// Written by hand.
const SOURCES: &str = include_str!("../../../tests/vectors/sources.tsv");

fn rows(table: &str) -> impl Iterator<Item = (&str, &str)> {
    table.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once('\t'))
}

#[test]
fn addresses_are_public_where_the_registries_say_so() {
    let mut count = 0;
    for (text, kind) in rows(ADDRESSES) {
        let address: IpAddr = text.parse().unwrap();
        assert_eq!(is_public(address), kind == "public", "{text} is {kind}");
        count += 1;
    }
    assert!(count > 500, "only {count} addresses");
}

#[test]
fn sources_are_named_as_the_table_says() {
    let open = AllowList::parse(["https://allowed.test", "http://127.0.0.1"]).unwrap();
    let (mut count, mut wrong) = (0, Vec::new());
    for (text, verdict) in rows(SOURCES) {
        // What no line of a table can hold is escaped in it.
        let text = text.replace("\\t", "\t").replace("\\n", "\n").replace("\\0", "\0");
        let got = match Source::parse(&text) {
            Err(problem) => {
                assert_eq!(problem.code, Code::BadPath, "{text}");
                "refused".to_owned()
            }
            Ok(Source::Path(_)) => "path".to_owned(),
            Ok(Source::Url(url)) if open.check(&url).is_ok() => format!("allowed {url}"),
            Ok(Source::Url(url)) => format!("not allowed {}", url.host_str().unwrap_or_default()),
        };
        if got != verdict {
            wrong.push(format!("{text}: expected {verdict}, got {got}"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(count > 100, "only {count} sources");
}
