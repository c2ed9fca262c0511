//! AVIF takes five times as long to write as WebP. Where nobody is to wait for it, its client is answered
//! with what it would get if there were no AVIF, until the AVIF is made.

use crate::accept::Class;
use crate::client::Client;
use crate::decide::{Asked, Decision};
use crate::key;
use crate::limits;
use crate::options::Options;
use crate::options::format::Format;
use crate::plan::{Output, Plan};
use crate::problem::Problem;

/// What is answered until `decision` is carried out: where its format was chosen for the client, is AVIF, and
/// takes its time. It is what another client gets, under that one's key and entity tag, but kept for a
/// moment only.
///
/// # Errors
/// What [`Plan::new`] says.
pub(crate) fn meanwhile(
    decision: &Decision,
    options: &Options,
    asked: &Asked<'_>,
) -> Result<Option<Decision>, Problem> {
    let Plan { output, width, height, .. } = &decision.plan;
    let is_chosen = options.format == Some(Format::Auto) && *output == Output::Avif;
    let is_slow = width.max(height).is_some_and(|side| side > limits::AVIF_AT_ONCE_SIDE);
    if !(is_chosen && is_slow) {
        return Ok(None);
    }
    let class = Class::without_avif(asked.fields.get("accept"));
    let client = Client { class, ..decision.client.clone() };
    let plan = Plan::new(options, &client)?;
    let key = key::text(asked.authority, &plan, &decision.source);
    let mut delivery = decision.delivery.clone();
    let left = delivery.seconds_left.unwrap_or(limits::MEANWHILE_SECONDS);
    delivery.seconds_left = Some(left.min(limits::MEANWHILE_SECONDS));
    Ok(Some(Decision { plan, client, key, delivery, ..decision.clone() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unsigned::Unsigned;
    use crate::{Fields, Rules, decide};

    fn decided(options: &str, accept: &str, avif_later: bool) -> Decision {
        let rules = Rules { unsigned: Unsigned::All, paths: true, avif_later, ..Rules::default() };
        let fields = Fields::collect(|name| (name == "accept").then(|| accept.to_owned()));
        let target = &format!("/image/{options}/a.jpg");
        let asked =
            Asked { method: "GET", target, authority: "a.test", fields: &fields, now: 1_000 };
        decide(&asked, &rules).unwrap()
    }

    #[test]
    fn only_slow_avif_that_nobody_named_comes_later() {
        let both = "image/avif,image/webp";
        for (options, accept, later) in [
            ("width=401,format=auto", both, true),
            ("width=9,height=500,format=auto", both, true),
            ("width=400,format=auto", both, false),
            ("width=500,format=auto", "image/webp", false),
            ("width=500,format=avif", both, false),
            ("width=500", both, false),
        ] {
            assert_eq!(decided(options, accept, true).meanwhile.is_some(), later, "{options}");
            assert_eq!(decided(options, accept, false).meanwhile, None, "{options}");
        }
    }

    #[test]
    fn what_comes_first_is_what_others_get_and_short_lived() {
        let options = "width=500,format=auto,quality.webp=60,expires=1005";
        let later = decided(options, "image/avif,image/webp", true);
        let meanwhile = later.meanwhile.unwrap();
        let other = decided(options, "image/webp", true);
        assert_eq!((&meanwhile.plan, &meanwhile.key), (&other.plan, &other.key));
        assert_ne!(meanwhile.key, later.key);
        assert_eq!((meanwhile.delivery.seconds_left, &meanwhile.vary), (Some(5), &later.vary));
        let plain = decided("width=500,format=auto", "image/avif", true).meanwhile.unwrap();
        assert_eq!(plain.plan.output, Output::Natural);
        assert_eq!(plain.delivery.seconds_left, Some(limits::MEANWHILE_SECONDS));
    }
}
