//! What the Worker's log says of memory.

use std::fs;

use anyhow::Result;
use serde_json::{Value, json};

use crate::workspace;

/// What the platform gives an isolate, less a reserve for what no counter here sees: code, and V8's own.
pub const ISOLATE: u64 = 112 << 20;

/// The most of each, in bytes, over all lines so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Memory {
    /// Transforms that were told of.
    pub transforms: u64,
    /// Linear memory of the component's instance.
    pub linear: u64,
    /// That together with files and picture outside of it, of one transform.
    pub transform: u64,
    /// V8's heap between transforms, its array buffers among it.
    pub heap: u64,
    /// The same after garbage was collected.
    pub live: u64,
    /// Linear memory and what lives, of the same moment: files and pictures of all requests are in it.
    pub together: u64,
    last: Last,
}

/// What was told last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Last {
    linear: u64,
    live: u64,
}

impl Memory {
    /// As the page reads it.
    pub fn json(&self) -> Value {
        let Self { transforms, linear, transform, heap, live, together, last: _ } = self;
        json!({
            "transforms": transforms, "linear": linear, "transform": transform, "heap": heap, "live": live,
            "together": together,
        })
    }

    /// Counts a line of the log, if it tells of memory.
    pub fn count(&mut self, line: &str) {
        let Some(line) = line.starts_with('{').then(|| serde_json::from_str(line).ok()) else {
            return;
        };
        let line: Value = line.unwrap_or_default();
        let number = |name: &str| line.get(name).and_then(Value::as_u64);
        self.heap = self.heap.max(number("heap").unwrap_or_default());
        if let Some(live) = number("live") {
            self.live = self.live.max(live);
            self.last.live = live;
        }
        if let (Some(linear), Some(files), Some(picture)) = (
            number("selvedge.memory.linear"),
            number("selvedge.source.bytes"),
            number("selvedge.output.bytes"),
        ) {
            self.transforms += 1;
            self.linear = self.linear.max(linear);
            self.transform = self.transform.max(linear + files + picture);
            self.last.linear = linear;
        }
        self.together = self.together.max(self.last.linear + self.last.live);
    }
}

/// Leaves what was counted to the page of the Worker's numbers, which `edge/worker/bench` writes.
///
/// # Errors
/// If it cannot be written.
pub fn keep(name: &str, counted: &Value) -> Result<()> {
    let folder = workspace::root().join("target/bench");
    fs::create_dir_all(&folder)?;
    Ok(fs::write(folder.join(format!("memory-{name}.json")), counted.to_string())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_of_each_counts() {
        let mut memory = Memory::default();
        for line in [
            r#"{"selvedge.memory.linear":5,"selvedge.source.bytes":9,"selvedge.output.bytes":1}"#,
            r#"{"selvedge.memory.linear":7,"selvedge.source.bytes":2,"selvedge.output.bytes":1}"#,
            r#"{"heap":3}"#,
            r#"{"heap":2}"#,
            r#"{"live":1}"#,
            "{ no json",
            "anything",
        ] {
            memory.count(line);
        }
        let last = Last { linear: 7, live: 1 };
        let (linear, transform, together) = (7, 15, 8);
        let most = Memory { transforms: 2, linear, transform, heap: 3, live: 1, together, last };
        assert_eq!(memory, most);
    }
}
