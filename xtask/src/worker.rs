//! The Worker by itself: rehearsed for deployment, or served in workerd.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::process::{self, Companion};
use crate::step::{note, step};
use crate::{run, samples, tools, workspace};

/// What else can be done with the Worker.
#[derive(Subcommand)]
pub enum Task {
    /// Serve it in workerd on loopback, with the sample images in a local R2 bucket.
    Dev {
        /// Port.
        #[arg(long, default_value_t = 8787)]
        port: u16,
    },
}

/// Has wrangler do everything of a deployment but the upload, and tell the size.
pub fn rehearse() -> Result<()> {
    step("Rehearsing `wrangler deploy`", || {
        let wrangler = "node_modules/wrangler/bin/wrangler.js";
        let mut node = tools::node();
        node.args([wrangler, "deploy", "--dry-run", "--env", "production", "--outdir"]);
        process::run(node.arg(workspace::products().join("worker-upload")))
    })
}

/// Builds it, and serves until Ctrl-C or until it ends by itself.
pub fn dev(port: u16) -> Result<()> {
    run::free(port, "--port")?;
    crate::build_edge()?;
    let samples = samples::write()?;
    let interrupted = run::interrupts()?;
    let (mut edge, url) =
        step("Starting the Worker", || start(&samples, port, &["UNSIGNED=true".to_owned()]))?;
    eprintln!();
    for options in ["width=400", "width=300,height=300,fit=cover,format=webp", "format=json"] {
        note(format!("{url}/image/{options}/photo.jpg"));
    }
    eprintln!("\nCtrl-C stops it.");
    while !run::is_interrupted(&interrupted) {
        if let Err(ended) = edge.check() {
            // A terminal tells everyone of Ctrl-C, and they may be faster than this one.
            return if run::is_interrupted(&interrupted) { Ok(()) } else { Err(ended) };
        }
    }
    Ok(())
}

/// Starts it with `samples` in its bucket and these variables, and tells its address.
pub fn start(samples: &Path, port: u16, vars: &[String]) -> Result<(Companion, String)> {
    let mut node = tools::node();
    node.args(["edge/worker/dev.mjs", "--port", &port.to_string(), "--bundle"]);
    node.arg(workspace::bundle()).arg("--r2").arg(samples);
    for var in vars {
        node.args(["--var", var]);
    }
    let mut edge = Companion::start("the edge", node.stdout(Stdio::piped()))?;
    let mut line = String::new();
    BufReader::new(edge.stdout()?).read_line(&mut line)?;
    let url = line.trim().strip_prefix("ready ").map(|url| url.trim_end_matches('/').to_owned());
    let url = url.with_context(|| format!("the edge did not start on port {port}"))?;
    Ok((edge, url))
}
