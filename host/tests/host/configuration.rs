//! What an operator sets, and what comes of it.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Output;

use crate::cli::{selvedge, text};
use crate::setup::Folder;

const SECRET: &str = "k1:000102030405060708090a0b0c0d0e0f";

/// The settings that the program prints, by section and name, each with its origin.
fn settings(output: &Output) -> BTreeMap<String, (String, String)> {
    let mut section = String::new();
    let mut settings = BTreeMap::new();
    for line in str::from_utf8(&output.stdout).unwrap().lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned() + ".";
        } else if let Some((setting, origin)) = line.rsplit_once(" # ") {
            let (name, value) = setting.trim_start_matches("# ").split_once(" =").unwrap();
            let value = value.trim().to_owned();
            settings.insert(format!("{section}{name}"), (value, origin.to_owned()));
        }
    }
    settings
}

fn told(output: &Output) -> Vec<&str> {
    str::from_utf8(&output.stderr).unwrap().lines().collect()
}

#[test]
fn the_effective_configuration_is_shown_with_who_set_what() {
    let folder = Folder::new();
    let file = folder.write(
        "selvedge.toml",
        "source = \".\"\n[server]\nlisten = \"127.0.0.1:1\"\nheader_timeout = \"7s\"\n\
         [transform]\nwork = 5\n",
    );
    let mut command = selvedge(&["config", "--config", text(&file), "--set", "transform.work=7"]);
    command.env("SELVEDGE_SERVER_HEADER_TIMEOUT", "9s").env("SELVEDGE_KEYS", SECRET);
    let output = command.env("SELVEDGE_SERVER_LISTN", "x").output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let settings = settings(&output);
    for (key, value, origin) in [
        ("source", "\".\"", text(&file)),
        ("server.listen", "\"127.0.0.1:1\"", text(&file)),
        ("server.header_timeout", "\"9s\"", "SELVEDGE_SERVER_HEADER_TIMEOUT"),
        ("transform.work", "7", "--set"),
        ("transform.memory", "\"240MiB\"", "default"),
        ("addresses.keys", "\"***\"", "SELVEDGE_KEYS"),
    ] {
        let expected = (value.to_owned(), origin.to_owned());
        assert_eq!(settings.get(key), Some(&expected), "{key}");
    }
    let warnings = told(&output).join("\n");
    assert!(warnings.contains("did you mean SELVEDGE_SERVER_LISTEN?"), "{warnings}");
    assert!(!format!("{output:?}").contains("0c0d0e"), "{output:?}");
}

#[test]
fn what_is_printed_is_a_configuration_with_the_same_effect() {
    let folder = Folder::new();
    let first = selvedge(&["config", "--dev", "--source", ".", "--cores", "3"]).output().unwrap();
    let file = folder.write("again.toml", &first.stdout);
    let again = selvedge(&["config", "--config", text(&file)]).output().unwrap();
    assert!(again.status.success(), "{again:?}");
    let values = |output: &Output| -> Vec<(String, String)> {
        settings(output).into_iter().map(|(key, (value, _))| (key, value)).collect()
    };
    assert_eq!(values(&first), values(&again));
}

#[test]
fn everything_wrong_is_told_before_anything_listens() {
    let folder = Folder::new();
    let file = folder.write(
        "selvedge.toml",
        "sorce = \"x\"\n[server]\nlisten = 80\n[transform]\ndeadline = \"5\"\nmemory = \"1T\"\n",
    );
    let args = ["serve", "--config", text(&file), "--cores", "many", "--policy", "max-side=x"];
    let output = selvedge(&args).env("SELVEDGE_LOG_STYLE", "loud").output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let told = told(&output);
    for part in [
        "sorce: there is no such setting; did you mean `source`?",
        "server.listen: invalid type: integer `80`",
        "transform.deadline: expected a time such as 250ms, 5s or 2m, got `5`",
        "transform.memory: expected a number of bytes such as 64MiB, got `1T`",
        "admission.cores: invalid type: string \"many\", expected u16 (--cores)",
        "addresses.policy: max-side: got `x` (--policy)",
        "log.style: unknown variant `loud`, expected `json` or `plain` (SELVEDGE_LOG_STYLE)",
        "addresses.keys: there is no key",
        "source: there is nothing to serve",
    ] {
        assert!(told.iter().any(|line| line.contains(part)), "{part} in {told:#?}");
    }
    assert_eq!(told.len(), 9, "{told:#?}");
}

#[test]
fn a_file_that_is_none_is_told() {
    let folder = Folder::new();
    let file = folder.write("selvedge.toml", "[server\n");
    for (file, part) in [(text(&file), "selvedge.toml"), ("/no/such/file", "/no/such/file")] {
        let output = selvedge(&["config", "--config", file]).output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(told(&output).join("").contains(part), "{output:?}");
    }
}

#[test]
fn the_documentation_lists_every_setting_with_its_default() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("docs/configuration.md")).unwrap();
    let documented: BTreeMap<String, String> = text
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| `")?.split(" | ");
            let key = cells.next()?.trim_end_matches('`');
            let default = cells.next()?.trim_matches('`').replace("none", "");
            Some((key.to_owned(), default))
        })
        .collect();
    let output = selvedge(&["config"]).output().unwrap();
    let defaults = settings(&output).into_iter().map(|(key, (value, _))| (key, value)).collect();
    assert_eq!(documented, defaults);
}
