//! Components that change under load hurt no request.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use selvedge::components::Change;
use selvedge_plan::rollout::Share;

use crate::client::get;
use crate::components::Pair;
use crate::setup::another_component;

/// Clients at once.
const CLIENTS: u32 = 4;

#[test]
fn a_hundred_reloads_under_load_lose_no_request() {
    let pair = Pair::new("1/2");
    let files = [1, 2, 3].map(|number| {
        pair.folder.write(&format!("component-{number}.wasm"), another_component(number))
    });
    let server = Arc::new(pair.start(""));
    let (stop, count) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| {
            let (server, stop, count) =
                (Arc::clone(&server), Arc::clone(&stop), Arc::clone(&count));
            thread::spawn(move || {
                let mut number = client;
                while !stop.load(Ordering::Relaxed) {
                    number = (number + CLIENTS) % 32;
                    let reply =
                        get(server.address, &format!("/image/width=7,format=png/{number}.png"));
                    let component = reply.header("selvedge-component").unwrap().to_owned();
                    assert_eq!(reply.status, 200, "{component}");
                    assert!(reply.header("cache-tag").unwrap().contains(&component));
                    count.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let components = server.handler.components();
    for turn in 0..100 {
        pair.config.lock().unwrap().candidate = Some(files[(turn + 1) % 3].clone());
        let before = components.state();
        let now = components.reload().unwrap();
        assert_ne!(now.candidate, before.candidate, "turn {turn}");
        components.change(Change::Share(Share::ALL)).unwrap();
        // Until somebody was served by what is there now.
        let seen = count.load(Ordering::Relaxed);
        while count.load(Ordering::Relaxed) == seen
            && clients.iter().all(|client| !client.is_finished())
        {
            thread::yield_now();
        }
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.join().unwrap();
    }
    assert!(count.load(Ordering::Relaxed) >= 100);
}
