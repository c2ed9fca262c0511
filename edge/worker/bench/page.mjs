// The page docs/bench/worker.md.

import { readFile } from "node:fs/promises";
import { cpus } from "node:os";

const MIB = 1024 * 1024;

/** From what was measured, section by section, and what tests have counted. */
export async function page({ large, small, engines }) {
  const corpus = await counted("corpus");
  const [largest, crowd] = [await counted("largest"), await counted("crowd")];
  const parts = [await head(large), large && jobs(large), small && warm(small), small && cold(small)];
  parts.push(engines && ratio(engines), ...memory(corpus, largest, crowd));
  return parts.filter(Boolean).join("\n\n") + "\n";
}

async function head(large) {
  const version = async (name) => JSON.parse(await readFile(`node_modules/${name}/package.json`)).version;
  const circumstances = [
    new Date().toISOString().slice(0, 10),
    `${cpus()[0].model.trim()}, ${cpus().length} cores`,
    `local workerd ${await version("workerd")}`,
    `Node.js ${process.version}`,
    ...(large?.versions ?? []),
  ];
  return `# The Worker in workerd

${circumstances.join("; ")}. Made by
\`node edge/worker/bench/main.mjs\`, section by section, with nothing else running. Each is a Worker of its own that reads the photo from a local R2 bucket and writes a JPEG of quality 80, 800 pixels
wide, by a Lanczos filter of three lobes; ours with \`compression=fast\`, a baseline file as those of others are. After eight turns
that do not count. CPU is that of the whole process (request, R2 and V8's own threads among it), read from the kernel in steps of
10 ms, over all rounds. Times are of the whole request over HTTP on loopback.`;
}

function jobs({ rows }) {
  const [ours, ...others] = rows;
  const times = others.map(({ name, cpu }) => `${(cpu / ours.cpu).toFixed(1)} times less than ${name}`);
  const told = times.length === 0 ? "" : `\n\nSo a transform takes ${times.join(" and ")}, by CPU.`;
  return `## 12 megapixels\n\n${requests(rows)}${told}`;
}

function warm({ rows }) {
  return `## 2 megapixels, and hits\n\n${requests(rows)}\n
The last row is what HTTP and workerd take without us: a hit's own share is the difference.`;
}

function cold({ cold: { answer, picture, turns }, rows }) {
  return `## A fresh isolate\n
Median of ${turns} isolates, each in a process of its own, from the request to the whole answer.

| 2 megapixels | ms |
|---|---:|
| first answer of all (a 404: shell, settings, decision) | ${answer.toFixed(0)} |
| first picture, after that | ${picture.toFixed(0)} |
| a picture when it is warm | ${rows[0].p50.toFixed(0)} |`;
}

function ratio({ rows }) {
  const lines = rows.map(
    ({ plan, v8, wasmtime }) => `| ${plan} | ${v8.toFixed(1)} | ${wasmtime.toFixed(1)} | ${(v8 / wasmtime).toFixed(2)} |`,
  );
  return `## V8 and wasmtime\n
The component alone, with the same bytes out of both, called turn by turn: in workerd within one request, in the host by
\`selvedge transform --repeat\`; CPU of a turn, without what both begin with.

| plan | ms in workerd | ms in wasmtime | ratio |
|---|---:|---:|---:|
${lines.join("\n")}`;
}

function requests(rows) {
  const lines = rows.map(
    ({ name, cpu, p50, p99, first, bytes }) =>
      `| ${name} | ${cpu.toFixed(1)} | ${p50.toFixed(1)} | ${p99.toFixed(1)} | ${first.toFixed(0)} | ${bytes} |`,
  );
  return `| | CPU ms a request | p50 ms | p99 ms | first ms | bytes |
|---|---:|---:|---:|---:|---:|
${lines.join("\n")}`;
}

function memory(corpus, largest, crowd) {
  const parts = [
    `## Memory

By counters, since local workerd enforces no limit: linear memory of the instance, what lies outside of it for one transform
(files and picture), and V8's heap with its array buffers, by the inspector, every 50 ms. *Together* is the most that a
transform took and the most of V8's heap after garbage was collected; it may be 96 MiB (\`edge/plan/src/limits.rs\`). Counted by the
tests of conformance and of memory (\`cargo xtask test\`).`,
  ];
  if (corpus) {
    parts.push(`Every file of the corpus by every plan of the conformance set, ${corpus.files} × ${corpus.plans}; ${corpus.transforms} of
them were transforms, the others refused or handed over:

| | linear | a transform | V8, collected | at a time |
|---|---:|---:|---:|---:|
| corpus | ${[corpus.linear, corpus.transform, corpus.live, corpus.together].map(mib).join(" | ")} |

Requests overlap there, so V8's heap has files of others than the one that is transformed. *At a time* is linear memory and the
collected heap of the same moment; it may be 112 MiB, a reserve below the platform's 128.`);
  }
  if (largest) {
    parts.push(`The largest that the edge takes, by eight plans each, an isolate for each:

| | linear | a transform | V8, collected | together |
|---|---:|---:|---:|---:|
${sums(Object.entries(largest))}`);
  }
  if (crowd) {
    const row = (name, field) => `| ${name} | ${mib(crowd.half[field])} | ${mib(crowd.whole[field])} |`;
    parts.push(`One isolate, request after request:

| ${crowd.requests} mixed requests | after half | after all |
|---|---:|---:|
${row("linear memory", "linear")}
${row("that, files and picture, most of one transform", "transform")}
${row("V8's heap as it is, at most", "heap")}`);
  }
  return parts;
}

const mib = (bytes) => `${(bytes / MIB).toFixed(1)} MiB`;

function sums(rows) {
  return rows
    .map(([name, { linear, transform, live }]) => [name, ...[linear, transform, live, transform + live].map(mib)])
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
}

async function counted(name) {
  return readFile(`target/bench/memory-${name}.json`, "utf8").then(JSON.parse, () => undefined);
}
