//! Telling caches to forget pictures, by the tags that every picture carries: those of a component, or
//! those of a source.

mod config;

use std::time::Duration;

use hyper::header::{CONTENT_TYPE, RETRY_AFTER};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use selvedge_plan::outcome::{component_tag, source_tag};
use selvedge_plan::{Problem, Source};
use serde_json::{Value, json};
use tokio::time;
use tracing::{info, warn};

pub use config::Config;

use crate::config::units::Secret;

/// How often each cache is asked.
const TRIES: u32 = 6;

/// The pause after the first failure; each further one is twice as long.
const PAUSE: Duration = Duration::from_millis(250);

/// The longest pause, whatever a cache asks for.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How long a cache may take to answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// The tag of all that a component made.
pub fn of_component(digest: &str) -> String {
    component_tag(digest)
}

/// The tag of all that was made of a source, or with it drawn over something.
///
/// # Errors
/// If it is no source.
pub fn of_source(text: &str) -> Result<String, Problem> {
    Ok(source_tag(&Source::parse(text)?))
}

/// Asks caches.
#[derive(Debug)]
pub struct Purger {
    config: Config,
    client: Client,
}

impl Purger {
    /// For these caches.
    ///
    /// # Errors
    /// If there can be no client.
    pub fn new(config: &Config) -> Result<Self, String> {
        let client = Client::builder().no_proxy().timeout(PATIENCE).build();
        Ok(Self { config: config.clone(), client: client.map_err(|error| error.to_string())? })
    }

    /// What would be sent, a line for each cache, without secrets.
    pub fn rehearsal(&self, tag: &str) -> Vec<String> {
        let cloudflare =
            self.cloudflare().map(|url| format!("POST {url} {}", cloudflare_body(tag)));
        let webhook = self.config.webhook.as_ref();
        let webhook = webhook.map(|url| format!("POST {url} {SURROGATE_KEY}: {tag}"));
        cloudflare.into_iter().chain(webhook).collect()
    }

    /// Tells every cache to forget what carries `tag`. Those that fail are asked again for a while.
    ///
    /// # Errors
    /// Which cache does not, and why. The others have been told.
    pub async fn purge(&self, tag: &str) -> Result<(), String> {
        let mut wrong = Vec::new();
        if let Some(url) = self.cloudflare() {
            let ask = || {
                let asked = self.client.post(&url);
                bearer(sending(asked, &cloudflare_body(tag)), &self.config.cloudflare_token)
            };
            wrong.extend(told("Cloudflare", tag, ask, true).await.err());
        }
        if let Some(url) = &self.config.webhook {
            let ask = || {
                let asked = self.client.post(url).header(SURROGATE_KEY, tag);
                bearer(sending(asked, &json!({ "tags": [tag] })), &self.config.webhook_token)
            };
            wrong.extend(told("the webhook", tag, ask, false).await.err());
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
    }

    /// Where Cloudflare takes tags (API v4, `zones/{zone_id}/purge_cache`).
    fn cloudflare(&self) -> Option<String> {
        let api = self.config.cloudflare_api.trim_end_matches('/');
        let zone = self.config.cloudflare_zone.as_ref()?;
        Some(format!("{api}/zones/{zone}/purge_cache"))
    }
}

/// The header in which caches of several makers take tags.
const SURROGATE_KEY: &str = "surrogate-key";

fn cloudflare_body(tag: &str) -> Value {
    json!({ "tags": [tag] })
}

fn sending(asked: RequestBuilder, body: &Value) -> RequestBuilder {
    asked.header(CONTENT_TYPE, "application/json").body(body.to_string())
}

fn bearer(asked: RequestBuilder, token: &Secret) -> RequestBuilder {
    match token.expose() {
        "" => asked,
        token => asked.bearer_auth(token),
    }
}

/// Asks until the cache says yes, or no for good. `says` is whether its answer tells of success in JSON.
async fn told(
    who: &str,
    tag: &str,
    ask: impl Fn() -> RequestBuilder,
    says: bool,
) -> Result<(), String> {
    let mut pause = PAUSE;
    let mut left = TRIES;
    loop {
        left = left.saturating_sub(1);
        let (why, wait) = match ask().send().await {
            Ok(answer) if answer.status().is_success() => match success(answer, says).await {
                Ok(()) => {
                    info!(who, tag, "purged");
                    return Ok(());
                }
                Err(why) => (why, None),
            },
            Ok(answer) => {
                let status = answer.status();
                let again = status == StatusCode::TOO_MANY_REQUESTS || status.is_server_error();
                if !again {
                    return Err(format!("{who} says {status} to {tag}"));
                }
                (status.to_string(), asked_to_wait(&answer))
            }
            Err(error) => (error.without_url().to_string(), None),
        };
        if left == 0 {
            return Err(format!("{who} did not purge {tag}: {why}"));
        }
        warn!(who, tag, why, "a purge is tried again");
        // Not all at the same time, when many hosts do it.
        let jitter = pause.mul_f64(fastrand::f64() / 2.0);
        time::sleep(wait.unwrap_or(pause.saturating_add(jitter)).min(LONGEST_PAUSE)).await;
        pause = pause.saturating_mul(2);
    }
}

async fn success(answer: Response, says: bool) -> Result<(), String> {
    if !says {
        return Ok(());
    }
    let body = answer.bytes().await.map_err(|error| error.without_url().to_string())?;
    let body: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
    match body.get("success") {
        Some(Value::Bool(true)) => Ok(()),
        _ => Err(body.get("errors").unwrap_or(&body).to_string()),
    }
}

fn asked_to_wait(answer: &Response) -> Option<Duration> {
    let seconds = answer.headers().get(RETRY_AFTER)?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}
