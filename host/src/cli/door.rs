//! A running server's door for its operator, from outside.

use std::net::SocketAddr;
use std::time::Duration;

use reqwest::{Client, RequestBuilder};

use super::Failure;
use crate::serve::OPERATOR;

/// How long a server may take to load a component.
const PATIENCE: Duration = Duration::from_secs(60);

/// The door.
pub struct Door {
    address: SocketAddr,
    client: Client,
}

impl Door {
    /// That of the server whose door is at `address`.
    pub fn new(address: SocketAddr) -> Result<Self, Failure> {
        let client = Client::builder().no_proxy().timeout(PATIENCE).build()?;
        Ok(Self { address, client })
    }

    /// What the server says to a question.
    pub async fn ask(&self, path: &str) -> Result<String, Failure> {
        said(self.client.get(self.url(path))).await
    }

    /// What it says when it has done something.
    pub async fn order(&self, path: &str) -> Result<String, Failure> {
        said(self.client.post(self.url(path)).header(OPERATOR, "yes")).await
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }
}

async fn said(request: RequestBuilder) -> Result<String, Failure> {
    let answer = request.send().await?;
    let status = answer.status();
    let text = answer.text().await?;
    if status.is_success() { Ok(text) } else { Err(text.into()) }
}
