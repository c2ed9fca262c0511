//! What servers may allow.

use selvedge_plan::Rules;
use selvedge_plan::allow::AllowList;
use selvedge_plan::dialects::Dialects;
use selvedge_plan::foreign::{ImgproxyKeys, ThumborKeys};
use selvedge_plan::policy::Policy;
use selvedge_plan::presets::Presets;
use selvedge_plan::signature::Keys;
use selvedge_plan::unsigned::{List, Unsigned};

/// The key of the signed requests.
pub const KEY: &str = "k1:000102030405060708090a0b0c0d0e0f";

/// A server for development that understands all.
pub fn open() -> Rules {
    Rules {
        keys: Keys::parse(KEY).unwrap_or_default(),
        unsigned: Unsigned::All,
        paths: true,
        allow: AllowList::parse(["https://example.com", "https://*.example.net/photos"])
            .unwrap_or_default(),
        dialects: Dialects::all(),
        presets: Presets::parse("thumb:width=200,height=200,fit=cover soft:quality=40")
            .unwrap_or_default(),
        ..Rules::default()
    }
}

/// Several servers, from open to strict.
pub fn all() -> Vec<Rules> {
    let policy = |text| Policy::parse(text).unwrap_or_default();
    vec![
        open(),
        Rules { policy: policy("widths=100,200,400 max-side=900 no-enlarging"), ..open() },
        Rules { policy: policy("options=width,height,fit,format,trim"), hops: 1, ..open() },
        Rules { policy: policy("presets-only"), paths: false, ..open() },
        Rules {
            unsigned: Unsigned::No,
            imgproxy: ImgproxyKeys::parse("736563726574:68656c6c6f").unwrap_or_default(),
            thumbor: ThumborKeys::parse("my-security-key").unwrap_or_default(),
            ..open()
        },
        Rules { unsigned: listed(), ..open() },
        Rules { dialects: Dialects::default(), ..open() },
    ]
}

/// A server that serves a few widths to anybody.
fn listed() -> Unsigned {
    let Rules { presets, policy, .. } = open();
    let ladder = policy.widths.unwrap_or_default();
    let text = "width=80|1200|auto quality=50 format=webp preset=thumb";
    List::parse(text, &presets, &ladder).map_or(Unsigned::No, Unsigned::Listed)
}
