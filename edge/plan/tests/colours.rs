//! Colours of all spaces, against a library that shares nothing with this project.

use selvedge_plan::Options;

/// Written by `colours.py` beside it.
const COLOURS: &str = include_str!("../../../tests/vectors/colours.tsv");

#[test]
fn colours_are_those_of_an_independent_library() {
    let (mut wrong, mut count) = (Vec::new(), 0);
    let rows = COLOURS.lines().filter(|line| !line.starts_with('#'));
    for (text, expected) in rows.filter_map(|line| line.split_once('\t')) {
        let escaped = text.replace('%', "%25");
        let got = Options::parse(&format!("background={escaped}")).map(|options| options.print());
        if got.as_deref() != Ok(&format!("background={expected}")) {
            wrong.push(format!("{text}: {expected}, not {got:?}"));
        }
        count += 1;
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 700, "only {count} colours");
}
