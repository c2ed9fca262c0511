//! A folder as a source: what lies outside of it cannot be had.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use crate::client::get;
use crate::picture::png;
use crate::server::{Running, config};
use crate::setup::Folder;

#[test]
fn there_is_no_way_out() {
    let outside = Folder::new();
    outside.write("secret.png", png(8, 8));
    let inside = Folder::new();
    inside.write("real/a.png", png(8, 8));
    inside.write(".hidden/a.png", png(8, 8));
    let root = inside.path();
    symlink(outside.path().join("secret.png"), root.join("link.png")).unwrap();
    symlink(outside.path(), root.join("links")).unwrap();
    symlink("../../etc/passwd", root.join("relative.png")).unwrap();
    symlink("loop.png", root.join("loop.png")).unwrap();
    symlink("nowhere.png", root.join("dangling.png")).unwrap();
    symlink("real", root.join("alias")).unwrap();
    let pipe = Command::new("mkfifo").arg(root.join("pipe.png")).status();
    assert!(pipe.unwrap().success());
    let name = outside.path().file_name().unwrap().to_str().unwrap();

    let server = Running::start(&config(root.to_str(), &[]));
    for (source, statuses) in [
        ("real/a.png".to_owned(), [200, 200]),
        ("alias/a.png".to_owned(), [200, 200]),
        ("link.png".to_owned(), [404, 404]),
        ("links/secret.png".to_owned(), [404, 404]),
        ("relative.png".to_owned(), [404, 404]),
        ("loop.png".to_owned(), [404, 502]),
        ("dangling.png".to_owned(), [404, 404]),
        ("pipe.png".to_owned(), [404, 404]),
        ("real".to_owned(), [404, 404]),
        ("real/a.png/b".to_owned(), [404, 404]),
        ("x".repeat(300), [404, 404]),
        (format!("../{name}/secret.png"), [400, 400]),
        (format!("real/../../{name}/secret.png"), [400, 400]),
        (format!("%2e%2e/{name}/secret.png"), [400, 400]),
        (format!("..%2f{name}%2fsecret.png"), [400, 400]),
        (format!("..%5c{name}%5csecret.png"), [400, 400]),
        ("/etc/passwd".to_owned(), [400, 400]),
        ("file:///etc/passwd".to_owned(), [400, 400]),
        ("real//a.png".to_owned(), [400, 400]),
        (".hidden/a.png".to_owned(), [400, 400]),
        ("real/a.png%00".to_owned(), [400, 400]),
    ] {
        let reply = get(server.address, &format!("/image/width=4,format=png/{source}"));
        assert!(statuses.contains(&reply.status), "{source}: {}", reply.status);
        if reply.status != 200 {
            let text = String::from_utf8(reply.body).unwrap();
            assert!(!text.contains(root.to_str().unwrap()), "no path in {text}");
        }
    }
}

#[test]
fn large_files_are_not_read() {
    let folder = Folder::new();
    let path = folder.write("large.png", png(8, 8));
    let file = fs::OpenOptions::new().write(true).open(path).unwrap();
    // Sparse: it takes no room on disk, and would take all of the memory.
    file.set_len(1 << 40).unwrap();
    let server = Running::start(&config(folder.path().to_str(), &[]));
    let reply = get(server.address, "/image/width=4/large.png");
    assert_eq!((reply.status, reply.code().as_str()), (413, "source-too-large"));
}

#[test]
fn names_are_decoded_once() {
    let folder = Folder::new();
    folder.write("bär & co.png", png(8, 8));
    folder.write("100%25.png", png(8, 8));
    let server = Running::start(&config(folder.path().to_str(), &[]));
    for (source, status) in
        [("b%C3%A4r%20%26%20co.png", 200), ("100%2525.png", 200), ("100%25.png", 404)]
    {
        let reply = get(server.address, &format!("/image/width=4,format=png/{source}"));
        assert_eq!(reply.status, status, "{source}");
    }
}
