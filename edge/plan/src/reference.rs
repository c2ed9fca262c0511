//! The documentation of options and dialects, written from the tables that the code works by.

use crate::available::NOT_YET;
use crate::dialects::{CHAPTERS, Chapter};
use crate::options::{self, Setting, Stage};

/// The text of `docs/options.md`.
pub fn options() -> String {
    let mut text = OPTIONS_HEAD.to_owned();
    for stage in Stage::ALL {
        text.push_str(&format!("\n## {}\n\n", stage.title()));
        text.push_str("| option | value | if it is absent | meaning |\n|---|---|---|---|\n");
        for setting in options::TABLE.iter().filter(|setting| setting.stage == *stage) {
            text.push_str(&option_row(setting));
        }
    }
    text.push_str(OPTIONS_FOOT);
    for (what, _) in NOT_YET {
        text.push_str(&format!("- `{what}`\n"));
    }
    text
}

const OPTIONS_HEAD: &str = "# Options

Written by `selvedge options --markdown`; a test fails if it differs.

An address says `name=value` pairs with commas between them. Values may be percent-encoded: `#` is
written `%23`, `%` is `%25`, a blank is `%20` and a slash `%2F`. Each option may be said once. An unknown
name, a value that is not as it should be, or one that contradicts another is an error that names it.

Steps happen in the order of these tables, whatever the order in an address.
";

const OPTIONS_FOOT: &str = "
## Not available yet

These are read and checked, and then refused with `not-available`:

";

fn option_row(setting: &Setting) -> String {
    let names: Vec<String> = setting.names.iter().map(|name| format!("`{name}`")).collect();
    let (mut names, expects) = (names.join(", "), setting.expects);
    if !setting.parts.is_empty() {
        let parts: Vec<String> = setting.parts.iter().map(|part| format!("`.{part}`")).collect();
        names.push_str(&format!(", with {}", parts.join(", ")));
    }
    let starts = |what: &str| {
        what.split(['=', ' ']).next().is_some_and(|name| setting.names.contains(&name))
    };
    let lacks = NOT_YET.iter().filter(|(what, _)| starts(what)).count();
    let whole = NOT_YET.iter().any(|(what, _)| setting.names.contains(what));
    let note = match (whole, lacks) {
        (true, _) => " *Not available yet.*",
        (false, 0) => "",
        (false, _) => " *Not all available yet.*",
    };
    format!("| {names} | {expects} | {} | {}{note} |\n", setting.default, setting.doc)
}

/// The text of `docs/dialects.md`.
pub fn dialects() -> String {
    let mut text = DIALECTS_HEAD.to_owned();
    for chapter in CHAPTERS {
        text.push_str(&section(chapter));
    }
    text
}

const DIALECTS_HEAD: &str = "# Dialects

Written by `selvedge options --dialects`; a test fails if it differs, and another one reads every row.

Addresses of other servers mean here what they mean there, as far as it can be said in
[options](options.md); what cannot is a `bad-option` that names it. A server understands Cloudflare's
dialect and those that its configuration switches on. Equal wishes have equal plans, so they share
cache entries across dialects.

An address in any dialect is signed by a segment in front: `/sig=<id>.<tag>` and then the address, over
which the signature is. In Cloudflare's the segment may stand behind the prefix as well.
";

fn section(chapter: &Chapter) -> String {
    let dialect = chapter.dialect;
    let mut text = format!("\n## {}\n\n`{}`\n\n", dialect.name, dialect.grammar);
    text.push_str(chapter.doc);
    text.push_str("\n\n| there | here |\n|---|---|\n");
    for row in chapter.rows {
        let theirs = if row.theirs.is_empty() { "(nothing)".to_owned() } else { code(row.theirs) };
        let ours = match row.ours {
            Ok("") => "(nothing)".to_owned(),
            Ok(ours) => code(ours),
            Err(why) => format!("**refused**: {why}"),
        };
        text.push_str(&format!("| {theirs} | {ours} |\n"));
    }
    text
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}
