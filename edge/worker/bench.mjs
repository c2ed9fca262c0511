// Measures the Worker in local workerd: CPU of a request, time of a request, and the same of two packages that do
// the same job in a Worker, where they are installed.
//
//   node edge/worker/bench.mjs PHOTO.jpg [--width 800] [--rounds 20] [--peers FOLDER]
//
// CPU is that of the process workerd, all threads, between the first request of a round and its last answer;
// clocks inside of workerd stand still. FOLDER is one in which `npm i @cf-wasm/photon @jsquash/jpeg
// @jsquash/resize` ran. All write JPEG of quality 80; ours by `compression=fast`, baseline as theirs are.

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, readdir, writeFile } from "node:fs/promises";
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
  },
});
if (positionals.length !== 1) {
  console.error("expected PHOTO.jpg [--width N] [--rounds N] [--peers FOLDER]");
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

console.log("| in workerd | CPU ms a request | p50 ms | p99 ms | first ms | bytes |");
console.log("|---|---:|---:|---:|---:|---:|");
const plan = `width=${width},quality=80,format=jpeg,compression=fast`;
await measure("Selvedge", "target/worker", `/image/${plan}/photo.jpg`);
await measure("Selvedge, from the cache", "target/worker", `/image/${plan}/photo.jpg`, true);
if (options.peers !== undefined) {
  await measure("@cf-wasm/photon", await bundle("photon", PHOTON), "/");
  await measure("jSquash", await bundle("jsquash", JSQUASH), "/");
}
