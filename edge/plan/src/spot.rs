//! Spot checks: of some pictures that the edge makes, it tells the origin what it made of what, and the
//! origin makes the same again. Both have the same component, so that any difference is a fault of a machine,
//! an engine or a host.

use url::Url;

use crate::ask::Ask;
use crate::decide::Decision;
use crate::edge::Edge;
use crate::outcome::Maker;
use crate::problem::{Code, Problem};
use crate::signature::Keys;
use crate::ticket::Ticket;

/// The header, beside a hand-over, of a picture that was made. What is answered has it too: how the two
/// compare.
pub const HEADER: &str = "selvedge-spot";

/// What the variable says: of how many pictures one is checked.
pub(crate) fn count(text: &str) -> Result<u32, String> {
    text.parse().map_err(|_| format!("expected a number, of which one is checked, got `{text}`"))
}

impl Edge {
    /// Who checks a picture that is made here, if `draw`, a random number, says that this is one of those.
    pub fn spot_check(&self, draw: u32) -> Option<&Url> {
        self.origin.as_ref().filter(|_| draw.checked_rem(self.spot_checks) == Some(0))
    }

    /// Whether there is who checks, if anything is to be checked.
    pub(crate) fn check_spot(&self) -> Result<(), &'static str> {
        if self.spot_checks > 0 && (self.origin.is_none() || self.rules.keys.is_empty()) {
            return Err("expected ORIGIN and KEYS beside it: who checks, and how it knows us");
        }
        Ok(())
    }

    /// The request by which the origin at `base` checks what `maker` made of a decision. `digests` are of its
    /// files and then of the picture, with blanks between them. `None` without a key.
    pub fn spot_ask(
        &self,
        decision: &Decision,
        base: &Url,
        maker: Maker<'_>,
        now: u64,
        digests: &str,
    ) -> Option<Ask> {
        let mut files: Vec<String> = digests.split(' ').map(str::to_owned).collect();
        let picture = files.pop()?;
        let (component, plan) = (maker.component.to_owned(), decision.plan.text());
        let keys = &self.rules.keys;
        let told = told(decision, &Ticket { component, files, picture, plan }, keys)?;
        let mut ask = decision.hand_over(base.as_str(), keys, maker, now);
        ask.headers.push((HEADER, told));
        Some(ask)
    }
}

/// The value of [`HEADER`] for what an edge made of a decision; `None` without a key.
pub fn told(decision: &Decision, ticket: &Ticket, keys: &Keys) -> Option<String> {
    let Ticket { component, files, picture, .. } = ticket;
    let signature = keys.sign(&signed(decision, ticket))?;
    Some(format!("{component} {} {picture} {signature}", files.join("+")))
}

/// What a value of [`HEADER`] says, of the decision that stands beside it.
///
/// # Errors
/// [`Code::NotSigned`]: it is not of an edge of ours, or of another picture.
pub fn read(text: &str, decision: &Decision, keys: &Keys) -> Result<Ticket, Problem> {
    let parts = text.rsplit_once(' ').and_then(|(digests, signature)| {
        let ticket = format!("{digests} {}", decision.plan.text()).parse::<Ticket>().ok()?;
        Some((ticket, signature))
    });
    let (ticket, signature) = parts.ok_or_else(|| {
        Problem::new(Code::NotSigned, format!("{HEADER}: expected three digests and a signature"))
    })?;
    keys.verify(signature, &signed(decision, &ticket))?;
    Ok(ticket)
}

/// What is signed. It begins with no slash, as all that is signed of addresses does; and it does not end,
/// since what is true of these files stays so.
fn signed(decision: &Decision, ticket: &Ticket) -> String {
    format!("{HEADER}:{} {ticket}", decision.source.text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::unsigned::Unsigned;
    use crate::{Asked, Fields, Rules, decide};

    fn decision(target: &str) -> Decision {
        let rules = Rules { unsigned: Unsigned::All, paths: true, ..Rules::default() };
        let fields = &Fields::default();
        decide(&Asked { method: "GET", target, authority: "a.test", fields, now: 0 }, &rules)
            .unwrap()
    }

    #[test]
    fn one_of_so_many_is_checked() {
        let origin = Url::parse("https://a.test/").ok();
        let edge = Edge { origin, spot_checks: 3, ..Edge::default() };
        let checked: Vec<u32> = (0..7).filter(|draw| edge.spot_check(*draw).is_some()).collect();
        assert_eq!(checked, [0, 3, 6]);
        assert_eq!(Edge { spot_checks: 0, ..edge }.spot_check(0), None);
    }

    #[test]
    fn the_origin_is_asked_for_the_same_with_what_came_of_it() {
        let keys = Keys::parse("k:000102030405060708090a0b0c0d0e0f").unwrap();
        let mut edge = Edge::default();
        edge.rules.keys = keys.clone();
        let (asked, base) =
            (decision("/image/width=100/a.jpg"), Url::parse("https://o.test").unwrap());
        let component = "0".repeat(64);
        let maker = Maker { component: &component, side: "edge" };
        let (file, picture) = ("1".repeat(64), "2".repeat(64));
        let ask = edge.spot_ask(&asked, &base, maker, 0, &format!("{file} {picture}")).unwrap();
        let plain = asked.hand_over(base.as_str(), &keys, maker, 0);
        assert_eq!((&ask.url, ask.method), (&plain.url, "GET"));
        let (told, rest) = ask.headers.split_last().unwrap();
        assert_eq!((told.0, rest), (HEADER, plain.headers.as_slice()));
        let plan = asked.plan.text();
        let ticket = Ticket { component: component.clone(), files: vec![file], picture, plan };
        assert_eq!(read(&told.1, &asked, &keys), Ok(ticket));
        edge.rules.keys = Keys::default();
        assert_eq!(edge.spot_ask(&asked, &base, maker, 0, ""), None);
    }

    #[test]
    fn what_is_told_holds_for_its_picture_alone() {
        let keys = Keys::parse("k:000102030405060708090a0b0c0d0e0f").unwrap();
        let asked = decision("/image/width=100/a.jpg");
        let ticket = Ticket {
            component: "0".repeat(64),
            files: vec!["1".repeat(64), "2".repeat(64)],
            picture: "3".repeat(64),
            plan: asked.plan.text(),
        };
        let text = told(&asked, &ticket, &keys).unwrap();
        assert_eq!(read(&text, &asked, &keys), Ok(ticket.clone()));
        assert_eq!(told(&asked, &ticket, &Keys::default()), None);
        let code = |text: &str, target, keys| read(text, &decision(target), keys).unwrap_err().code;
        let own = "/image/width=100/a.jpg";
        for (text, target, keys) in [
            (text.replace('3', "4").as_str(), own, &keys),
            (&text, "/image/width=101/a.jpg", &keys),
            (&text, "/image/width=100/b.jpg", &keys),
            (&text, own, &Keys::default()),
            ("", own, &keys),
            ("a b c d", own, &keys),
        ] {
            assert_eq!(code(text, target, keys), Code::NotSigned, "{text} {target}");
        }
    }
}
