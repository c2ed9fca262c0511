//! What a transform may use, and that the next one does not suffer.

use std::time::Duration;

use selvedge::bindings::Failure;
use selvedge::config::units::Time;
use selvedge::failure::TransformError;
use selvedge::transform::Limits;
use selvedge_plan::Code;

use crate::client::get;
use crate::picture::{png, png_size};
use crate::server::{Running, config};
use crate::setup::{Folder, transformer};

/// Work for far longer than a tick: six million pixels to compress.
const LONG: &str = "width=2500,fit=scale-up,format=png";

#[test]
fn a_runaway_is_stopped_and_the_next_one_runs() {
    let transformer = transformer();
    let tiny = Limits { deadline: Duration::from_millis(1), ..Limits::default() };
    let picture = png(100, 100);
    for _ in 0..3 {
        let stopped = transformer.transform(picture.clone(), &[], LONG, &tiny);
        let error = stopped.map(|_| ()).unwrap_err();
        assert!(matches!(error, TransformError::Deadline(_)), "{error}");
        assert_eq!(error.problem().code, Code::Deadline);
        let limits = Limits { deadline: Duration::from_secs(60), ..Limits::default() };
        let next = transformer.transform(png(8, 8), &[], "width=4,format=png", &limits);
        assert_eq!(png_size(&next.unwrap().bytes), (4, 4));
    }
}

#[test]
fn budgets_end_in_a_typed_failure() {
    let transformer = transformer();
    let picture = png(2_000, 1_000);
    // Room for the source, but not for six million samples beside it.
    let memory = picture.len() as u64 + (4 << 20);
    for limits in
        [Limits { memory, ..Limits::default() }, Limits { work: 1_000, ..Limits::default() }]
    {
        let refused = transformer.transform(picture.clone(), &[], "format=pixels", &limits);
        let error = refused.map(|_| ()).unwrap_err();
        let over = matches!(&error, TransformError::Refused(Failure::OverBudget(_)));
        assert!(over, "{error}");
    }
}

#[test]
fn an_estimate_holds() {
    let transformer = transformer();
    let (picture, options) = (png(300, 200), "width=150,format=png");
    let limits = Limits { deadline: Duration::from_secs(60), ..Limits::default() };
    let head = &picture[..1_000];
    let forecast = transformer.estimate(head, options, &limits).unwrap();
    let rendered = transformer.transform(picture.clone(), &[], options, &limits).unwrap();
    assert_eq!((forecast.width, forecast.height), (rendered.width, rendered.height));
    assert_eq!(forecast.media_type, rendered.media_type);
    assert!(forecast.work >= rendered.work);
}

#[test]
fn a_client_is_told_of_the_deadline() {
    let folder = Folder::new();
    folder.write("a.png", png(100, 100));
    let mut config = config(folder.path().to_str(), &[]);
    config.transform.deadline = Time::millis(1);
    let server = Running::start(&config);
    let reply = get(server.address, &format!("/image/{LONG}/a.png"));
    assert_eq!((reply.status, reply.code().as_str()), (504, "deadline"));
    assert!(reply.detail().contains("after 1 ms"), "{}", reply.detail());
    assert_eq!(get(server.address, "/health").status, 200);
}
