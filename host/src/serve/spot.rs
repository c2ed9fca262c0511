//! Spot checks: an edge tells what it made of what, and it is made here again.

use std::sync::Arc;

use selvedge_plan::Problem;
use selvedge_plan::decide::Decision;
use selvedge_plan::spot;
use selvedge_plan::ticket::Ticket;
use tracing::error;

use super::answer::Answer;
use super::log::loggable;
use super::look::Whole;
use super::making::Making;
use crate::ticket::ticket;
use crate::transform::Transformer;

/// How what an edge made compares with what is made here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Another picture, of the same files by the same component: a fault.
    Other,
    /// The component is not loaded here.
    OtherComponent,
    /// The files have changed since, or the two are told others.
    OtherSource,
    /// The same picture.
    Same,
}

impl Finding {
    /// All, for those who count them.
    pub const ALL: [Self; 4] = [Self::Other, Self::OtherComponent, Self::OtherSource, Self::Same];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::OtherComponent => "other-component",
            Self::OtherSource => "other-source",
            Self::Same => "same",
        }
    }

    /// How two tickets of one component compare.
    fn of(edge: &Ticket, origin: &Ticket) -> Self {
        if edge.files != origin.files {
            Self::OtherSource
        } else if edge.picture != origin.picture {
            let [edge, origin] = [edge, origin].map(|ticket| loggable(&ticket.to_string()));
            error!(edge, origin, "an edge made another picture");
            Self::Other
        } else {
            Self::Same
        }
    }
}

impl Making {
    /// Makes again what an edge made, and tells how the two compare. Nothing of it is kept or sent.
    ///
    /// # Errors
    /// As for a picture that is asked for.
    pub async fn spot_check(
        self: &Arc<Self>,
        decision: &Decision,
        edge: &Ticket,
        via: &str,
    ) -> Result<Answer, Problem> {
        let finding = match self.components.named(&edge.component) {
            Some(component) => {
                let whole = self.read(self.look(decision, via).await?).await?;
                Finding::of(edge, &self.made_again(component, decision, whole).await?)
            }
            None => Finding::OtherComponent,
        };
        self.observer.metrics.shadows.checked(finding);
        Ok(Answer::nothing((spot::HEADER, finding.name().to_owned())))
    }

    /// The ticket of what `component` makes of files.
    async fn made_again(
        self: &Arc<Self>,
        component: Arc<Transformer>,
        decision: &Decision,
        whole: Whole,
    ) -> Result<Ticket, Problem> {
        let (making, plan) = (Arc::clone(self), decision.plan.text());
        let Whole { mut files, part, .. } = whole;
        let core = self.admission.core().await?;
        let made = core.run(move |stop| {
            let rendered = making.transform(&component, &mut files, &plan, stop)?;
            drop(part);
            Ok::<_, Problem>(ticket(component.digest(), &files, &rendered.bytes, plan))
        });
        made.await?
    }
}
