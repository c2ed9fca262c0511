// Measures the Worker in local workerd: CPU of a request, time of a request, and the same of two packages that do
// the same job in a Worker, where they are installed.
//
//   node edge/worker/bench.mjs PHOTO.jpg [--width 800] [--rounds 20] [--peers FOLDER] [--engines]
//
// CPU is that of the process workerd, all threads, between the first request of a round and its last answer;
// clocks inside of workerd stand still. FOLDER is one in which `npm i @cf-wasm/photon @jsquash/jpeg
// @jsquash/resize` ran. All write JPEG of quality 80; ours by `compression=fast`, baseline as theirs are. With
// --engines the transforms alone are measured instead, against those of the host in wasmtime.

import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { Log, LogLevel, Miniflare } from "miniflare";

const { positionals, values: options } = parseArgs({
  allowPositionals: true,
  options: {
    width: { type: "string", default: "800" },
    rounds: { type: "string", default: "20" },
    peers: { type: "string" },
    engines: { type: "boolean", default: false },
  },
});
if (positionals.length !== 1) {
  console.error("expected PHOTO.jpg [--width N] [--rounds N] [--peers FOLDER] [--engines]");
  process.exit(2);
}
const photo = await readFile(positionals[0]);
const rounds = Number(options.rounds);
const width = Number(options.width);

const PHOTON = `
  import { PhotonImage, SamplingFilter, resize } from "@cf-wasm/photon/workerd";
  export default { async fetch(request, env) {
    const bytes = new Uint8Array(await (await env.SOURCE_BUCKET.get("photo.jpg")).arrayBuffer());
    const photo = PhotonImage.new_from_byteslice(bytes);
    const height = Math.round(photo.get_height() * ${width} / photo.get_width());
    const small = resize(photo, ${width}, height, SamplingFilter.Lanczos3);
    const body = small.get_bytes_jpeg(80);
    photo.free(); small.free();
    return new Response(body);
  } };`;

const JSQUASH = `
  import decoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
  import encoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
  import resizer from "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm";
  import decode, { init as initDecode } from "@jsquash/jpeg/decode.js";
  import encode, { init as initEncode } from "@jsquash/jpeg/encode.js";
  import resize, { initResize } from "@jsquash/resize";
  globalThis.ImageData ??= class { constructor(data, width, height) { Object.assign(this, { data, width, height }); } };
  let ready;
  export default { async fetch(request, env) {
    await (ready ??= Promise.all([initDecode(decoder), initEncode(encoder), initResize(resizer)]));
    const photo = await decode(await (await env.SOURCE_BUCKET.get("photo.jpg")).arrayBuffer());
    const height = Math.round(photo.height * ${width} / photo.width);
    const small = await resize(photo, { width: ${width}, height, method: "lanczos3", linearRGB: false });
    return new Response(await encode(small, { quality: 80 }));
  } };`;

// The component alone, turn by turn in one request, called as the Worker calls it.
const TURNS = `
  import { Stopwatch, transform } from "./glue.js";
  export default { async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const photo = new Uint8Array(await (await env.SOURCE_BUCKET.get("photo.jpg")).arrayBuffer());
    let made;
    for (let turn = Number(searchParams.get("turns")); turn > 0; turn--) {
      made = transform([photo], searchParams.get("plan"), ${48 << 20}n, 2000000000n, new Stopwatch());
      if (made[1] === undefined) return new Response(made[0], { status: 500 });
    }
    return new Response(made[1]);
  } };`;

/** CPU milliseconds of one transform in workerd, and of the same by the host in wasmtime, less what both begin with. */
async function engines(plan) {
  const folder = await mkdtemp(path.join(tmpdir(), "selvedge-bench-"));
  await cp("target/worker", folder, { recursive: true });
  await writeFile(path.join(folder, "entry.js"), TURNS);
  const { server, origin, cpu } = await start(folder, false);
  const ask = async (turns) => {
    const before = cpu();
    const answer = await fetch(`${origin}/?turns=${turns}&plan=${encodeURIComponent(plan)}`);
    const file = Buffer.from(await answer.arrayBuffer());
    if (!answer.ok) throw new Error(`${plan}: ${file}`);
    return { file, ms: cpu() - before };
  };
  // V8 compiles again what runs often; that is not what is measured.
  await ask(20);
  const out = path.join(folder, "out");
  const host = (turns) => {
    const command = ["target/release/selvedge", "transform", positionals[0], out, ...plan.split(","), "--repeat", turns];
    const told = execFileSync("bash", ["-c", '"$@" >/dev/null; times', "_", ...command.map(String)], { encoding: "utf8" });
    // The second line is that of the children: 0m1.234s of each kind.
    const [user, system] = told.trim().split("\n")[1].split(" ").map((text) => text.split(/[ms]/).map(Number));
    return 1_000 * (60 * (user[0] + system[0]) + user[1] + system[1]);
  };
  host(1);
  const [edge, few, many] = [await ask(rounds), host(1), host(rounds + 1)];
  const same = edge.file.equals(await readFile(out));
  if (!same) throw new Error(`${plan}: other bytes in workerd than in wasmtime`);
  await server.dispose();
  const [v8, wasmtime] = [edge.ms / rounds, (many - few) / rounds];
  console.log(`| ${plan} | ${v8.toFixed(1)} | ${wasmtime.toFixed(1)} | ${(v8 / wasmtime).toFixed(2)} |`);
}

/** The modules of a peer, bundled by the esbuild that wrangler has; WebAssembly stays beside them. */
async function bundle(name, script) {
  const { build } = await import("esbuild");
  const folder = await mkdtemp(path.join(tmpdir(), "selvedge-bench-"));
  await writeFile(path.join(options.peers, `${name}.entry.mjs`), script);
  await build({
    absWorkingDir: path.resolve(options.peers),
    bundle: true,
    conditions: ["workerd", "worker", "browser"],
    entryPoints: [`${name}.entry.mjs`],
    format: "esm",
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "error",
    outfile: path.join(folder, "entry.js"),
  });
  return folder;
}

async function start(folder, cache) {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(js|wasm)$/.test(name));
  names.sort((a, b) => (b === "entry.js") - (a === "entry.js"));
  const modules = await Promise.all(
    names.map(async (name) => ({
      type: name.endsWith(".wasm") ? "CompiledWasm" : "ESModule",
      path: path.resolve(folder, name),
      contents: await readFile(path.join(folder, name)),
    })),
  );
  const before = workerds();
  const server = new Miniflare({
    bindings: { UNSIGNED: "true" },
    cache,
    cf: false,
    compatibilityDate: "2026-04-01",
    compatibilityFlags: ["nodejs_compat"],
    handleRuntimeStdio: (stdout, stderr) => [stdout, stderr].forEach((stream) => stream.resume()),
    host: "127.0.0.1",
    log: new Log(LogLevel.ERROR),
    modules,
    modulesRoot: path.resolve(folder),
    port: 0,
    r2Buckets: ["SOURCE_BUCKET"],
  });
  const { origin } = await server.ready;
  const bucket = await server.getR2Bucket("SOURCE_BUCKET");
  await bucket.put("photo.jpg", Uint8Array.from(photo).buffer);
  const pid = workerds().find((pid) => !before.includes(pid));
  return { server, origin, cpu: () => cpuOf(pid) };
}

function workerds() {
  const told = execFileSync("ps", ["-o", "pid=,comm=", "--ppid", String(process.pid)], { encoding: "utf8" });
  return told.split("\n").filter((line) => line.includes("workerd")).map((line) => Number(line.trim().split(" ")[0]));
}

/** Milliseconds in user and system mode so far (proc(5)), at 100 ticks a second. */
function cpuOf(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function measure(name, folder, target, cache = false) {
  const { server, origin, cpu } = await start(folder, cache);
  const ask = async (address = target) => {
    const began = performance.now();
    const answer = await fetch(`${origin}${address}`);
    const bytes = (await answer.arrayBuffer()).byteLength;
    if (answer.status >= 400) throw new Error(`${name}: ${answer.status}`);
    return { bytes, ms: performance.now() - began };
  };
  const first = await ask();
  // V8 compiles again what runs often; that is not what is measured.
  for (let round = 0; round < 8; round++) await ask();
  const [before, times] = [cpu(), []];
  for (let round = 0; round < rounds; round++) times.push((await ask()).ms);
  const each = (cpu() - before) / rounds;
  times.sort((a, b) => a - b);
  const at = (part) => times[Math.min(times.length - 1, Math.floor(part * times.length))].toFixed(1);
  console.log(
    `| ${name} | ${each.toFixed(1)} | ${at(0.5)} | ${at(0.99)} | ${first.ms.toFixed(0)} | ${first.bytes} |`,
  );
  await server.dispose();
}

if (options.engines) {
  console.log("| plan | CPU ms in workerd | CPU ms in wasmtime | ratio |");
  console.log("|---|---:|---:|---:|");
  for (const wanted of ["format=jpeg,compression=fast", "format=jpeg", "format=webp", "format=png"]) {
    await engines(`width=${width},quality=80,${wanted}`);
  }
  process.exit(0);
}
console.log("| in workerd | CPU ms a request | p50 ms | p99 ms | first ms | bytes |");
console.log("|---|---:|---:|---:|---:|---:|");
const plan = `width=${width},quality=80,format=jpeg,compression=fast`;
await measure("Selvedge", "target/worker", `/image/${plan}/photo.jpg`);
await measure("Selvedge, from the cache", "target/worker", `/image/${plan}/photo.jpg`, true);
if (options.peers !== undefined) {
  await measure("@cf-wasm/photon", await bundle("photon", PHOTON), "/");
  await measure("jSquash", await bundle("jsquash", JSQUASH), "/");
}
