//! Tickets: a picture that is made again from nothing but its ticket, source and component.

use std::fs;
use std::process::Command;

use selvedge::components::Components;
use selvedge::config::Tickets;

use crate::cli::{refuses, selvedge, text};
use crate::client::get;
use crate::picture::png;
use crate::server::{Running, config};
use crate::setup::{self, Folder};

fn server(folder: &Folder, tickets: Tickets) -> Running {
    let mut config = config(folder.path().to_str(), &[]);
    config.log.tickets = tickets;
    Running::start_with(&config, Components::alone(setup::transformer()))
}

#[test]
fn a_ticket_makes_the_picture_again() {
    let folder = Folder::new();
    let source = folder.write("a.png", png(64, 48));
    let logo = folder.write("logo.png", png(8, 8));
    let target = "/image/w=20,dpr=2,format=webp/a.png";
    for tickets in [Tickets::Off, Tickets::Log] {
        let reply = get(server(&folder, tickets).address, target);
        assert_eq!((reply.status, reply.header("selvedge-ticket")), (200, None));
    }
    let server = server(&folder, Tickets::Header);
    let reply = get(server.address, target);
    let ticket = reply.header("selvedge-ticket").unwrap();
    assert!(ticket.ends_with(" width=40,format=webp"), "{ticket}");
    let done = selvedge(&["verify", ticket, "--source", text(&source)]).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(String::from_utf8(done.stdout).unwrap().starts_with("the same picture"));
    refuses(&["verify", ticket, "--source", text(&logo)], 1, "the files are");
    let other = ticket.replace("width=40", "width=41");
    refuses(&["verify", &other, "--source", text(&source)], 1, "another picture");
    refuses(&["verify", "x", "--source", text(&source)], 2, "expected a ticket");
    // What is drawn over it is part of it.
    let drawn = get(server.address, "/image/width=40,format=png,draw.0.url=logo.png/a.png");
    let ticket = drawn.header("selvedge-ticket").unwrap();
    let both = ["verify", ticket, "--source", text(&source), "--source", text(&logo)];
    let done = selvedge(&both).output().unwrap();
    assert!(done.status.success(), "{done:?}");
}

#[test]
fn a_bundle_reproduces_where_nothing_else_is() {
    let folder = Folder::new();
    let source = folder.write("a.png", png(64, 48));
    let reply = get(server(&folder, Tickets::Header).address, "/image/width=20,format=png/a.png");
    let ticket = reply.header("selvedge-ticket").unwrap();
    let bundle = folder.path().join("bundle.tar");
    let args = ["bundle", ticket, "--source", text(&source), "--output", text(&bundle)];
    assert!(selvedge(&args).status().unwrap().success());
    let again = folder.path().join("again.tar");
    let args = ["bundle", ticket, "--source", text(&source), "--output", text(&again)];
    assert!(selvedge(&args).status().unwrap().success());
    assert_eq!(fs::read(&bundle).unwrap(), fs::read(&again).unwrap(), "the same bundle each time");
    // Unpacked by another program, and done as its README says.
    let place = folder.path().join("elsewhere");
    fs::create_dir(&place).unwrap();
    let tar = Command::new("tar").arg("xf").arg(&bundle).arg("-C").arg(&place).status().unwrap();
    assert!(tar.success());
    let place = place.join("selvedge-bundle");
    let readme = fs::read_to_string(place.join("README.md")).unwrap();
    let script = readme.lines().find(|line| line.contains(" verify ")).unwrap();
    let script = script.replacen("selvedge", setup::PROGRAM, 1);
    let done = Command::new("sh").args(["-c", &script]).current_dir(&place).output().unwrap();
    assert!(done.status.success(), "{done:?}");
    assert!(String::from_utf8(done.stdout).unwrap().starts_with("the same picture"));
}
