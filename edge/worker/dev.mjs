// Serves the Worker's bundle in workerd on loopback, for development and for the tests.
//
//   node edge/worker/dev.mjs --port 8787 --bundle target/worker \
//     [--var NAME=VALUE]... [--r2 DIR] [--results] [--heap] [--candidate DIR]
//
// Prints `ready http://127.0.0.1:PORT` on stdout once it serves; all else goes to stderr. Port 0
// takes any free port. Files below DIR become the objects of the bucket SOURCE_BUCKET; with --results
// there is an empty RESULT_BUCKET too, and with --heap lines on stderr say how large V8's heap is. Ends on
// SIGTERM, on SIGINT, and when stdin closes, so that it never outlives whoever started it.

import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { Log, LogLevel, Miniflare } from "miniflare";
import { watchHeap } from "./heap.mjs";

const ENTRY = "entry.js";

// How often the heap is looked at.
const HEAP_MS = 50;

const { values: options } = parseArgs({
  options: {
    bundle: { type: "string" },
    candidate: { type: "string" },
    heap: { type: "boolean", default: false },
    port: { type: "string" },
    r2: { type: "string" },
    results: { type: "boolean", default: false },
    var: { type: "string", multiple: true, default: [] },
  },
});
if (options.bundle === undefined || options.port === undefined) {
  console.error("expected --port N --bundle DIR [--var NAME=VALUE]... [--r2 DIR] [--results] [--heap]");
  process.exit(2);
}

/** The modules that a deployment would upload, the entry first. */
async function modules(folder) {
  const files = await readdir(folder, { recursive: true });
  const names = files.filter((name) => /\.(js|wasm)$/.test(name));
  names.sort((a, b) => (b === ENTRY) - (a === ENTRY));
  return Promise.all(
    names.map(async (name) => ({
      type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: path.resolve(folder, name),
      contents: await readFile(path.join(folder, name)),
    })),
  );
}

/** The date that the deployment names, so that here and there the platform is the same. */
async function compatibilityDate() {
  const config = await readFile(new URL("../../wrangler.toml", import.meta.url), "utf8");
  const date = /^compatibility_date = "([0-9-]+)"$/m.exec(config)?.[1];
  if (date === undefined) throw new Error("wrangler.toml: expected a compatibility_date");
  return date;
}

function bindings() {
  return Object.fromEntries(
    options.var.map((text) => {
      const [name, ...value] = text.split("=");
      return [name, value.join("=")];
    }),
  );
}

function buckets() {
  const names = { SOURCE_BUCKET: options.r2 !== undefined, RESULT_BUCKET: options.results };
  return Object.keys(names).filter((name) => names[name]);
}

async function fill(bucket, folder) {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath ?? entry.path, entry.name);
    const key = path.relative(folder, file).split(path.sep).join("/");
    // A copy: small files share a buffer, which the way into the bucket does not allow.
    await bucket.put(key, Uint8Array.from(await readFile(file)).buffer);
  }
}

/** A Worker of this bundle. */
async function worker(bundle) {
  return {
    bindings: bindings(),
    compatibilityDate: await compatibilityDate(),
    modules: await modules(bundle),
    modulesRoot: path.resolve(bundle),
    r2Buckets: buckets(),
    versionMetadata: "CF_VERSION_METADATA",
  };
}

/** The Worker, or that and the one with the candidate, to which it gives a share of the requests. */
async function workers() {
  const stable = await worker(options.bundle);
  if (options.candidate === undefined) return stable;
  const { bindings: { SHARE, ...bindings }, ...candidate } = await worker(options.candidate);
  const serviceBindings = { CANDIDATE: "candidate" };
  return { workers: [{ ...stable, name: "stable", serviceBindings }, { ...candidate, bindings, name: "candidate" }] };
}

const server = new Miniflare({
  cf: false,
  handleRuntimeStdio(stdout, stderr) {
    stdout.pipe(process.stderr);
    stderr.pipe(process.stderr);
  },
  host: "127.0.0.1",
  ...(options.heap ? { inspectorHost: "127.0.0.1", inspectorPort: 0 } : {}),
  log: new Log(LogLevel.WARN),
  port: Number(options.port),
  ...(await workers()),
});

let ending = false;
async function end() {
  if (ending) return;
  ending = true;
  await server.dispose();
  process.exit(0);
}
process.on("SIGINT", end);
process.on("SIGTERM", end);
process.stdin.on("end", end);
process.stdin.on("error", end);
process.stdin.resume();

const { origin } = await server.ready;
if (options.r2 !== undefined) await fill(await server.getR2Bucket("SOURCE_BUCKET"), options.r2);
if (options.heap) {
  await watchHeap(server, HEAP_MS, (told) => console.error(JSON.stringify(told)));
}
console.log(`ready ${origin}`);
