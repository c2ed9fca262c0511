//! How long a server that sources come from may take.

use std::time::Duration;

use super::config::Wrong;

/// Time limits.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For the head of an answer, after a request.
    pub first_byte: Duration,
    /// Between two pieces of a body.
    pub between_bytes: Duration,
    /// For everything, redirects included.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            first_byte: Duration::from_secs(5),
            between_bytes: Duration::from_secs(5),
            total: Duration::from_secs(10),
        }
    }
}

impl Patience {
    /// What is wrong with it: a limit that is zero lets nothing through.
    pub fn wrong(&self) -> impl Iterator<Item = Wrong> {
        let all = [
            ("fetch.connect_timeout", self.connect),
            ("fetch.first_byte_timeout", self.first_byte),
            ("fetch.between_bytes_timeout", self.between_bytes),
            ("fetch.total_timeout", self.total),
        ];
        let zero = all.into_iter().filter(|(_, limit)| limit.is_zero());
        zero.map(|(key, _)| (key, "expected more than 0".to_owned()))
    }
}
