// Measures the Worker in local workerd, and writes docs/bench/worker.md.
//
//   node edge/worker/bench/main.mjs SECTION...
//     large=PHOTO.jpg,FOLDER  12 megapixels, against the packages in a folder where `npm i @cf-wasm/photon
//                             @jsquash/jpeg @jsquash/resize` ran
//     small=PHOTO.jpg         2 megapixels: made, from the cache, and in a fresh isolate
//     engines=PHOTO.jpg       transforms alone, in V8 and in wasmtime
//
// Each section takes about a minute; what was measured is kept in target/bench until it is measured again, and the page
// is written from all of it, and from what the tests have counted of memory. CPU is that of the process workerd, all
// threads: clocks inside of workerd stand still.

import { mkdtemp, mkdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { engines } from "./engines.mjs";
import { page } from "./page.mjs";
import { PEERS, bundle, versions } from "./peers.mjs";
import { serve } from "./serve.mjs";

const WIDTH = 800;
const KEPT = "target/bench/worker.json";
const TARGET = `/image/width=${WIDTH},quality=80,format=jpeg,compression=fast/photo.jpg`;

// Turns that do not count: V8 compiles again what runs often.
const WARM = 8;

/** Asks so many times, one after the other. */
async function measure(name, folder, photo, target, rounds, settings) {
  const worker = await serve(folder, photo, settings);
  const ask = async () => {
    const answer = await worker.ask(target);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.status}`);
    return answer;
  };
  const first = await ask();
  for (let round = 0; round < WARM; round++) await ask();
  const [before, times] = [worker.cpu(), []];
  for (let round = 0; round < rounds; round++) times.push((await ask()).ms);
  const cpu = (worker.cpu() - before) / rounds;
  await worker.end();
  return { name, cpu, p50: part(times, 0.5), p99: part(times, 0.99), first: first.ms, bytes: first.body.length };
}

function part(times, share) {
  times.sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(share * times.length))];
}

/** What a fresh isolate takes to answer at all, and with its first picture. */
async function cold(photo, turns = 5) {
  const [answers, pictures] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    const worker = await serve("target/worker", photo);
    answers.push((await worker.ask("/nothing")).ms);
    pictures.push((await worker.ask(TARGET)).ms);
    await worker.end();
  }
  return { answer: part(answers, 0.5), picture: part(pictures, 0.5), turns };
}

/** A Worker that does nothing: what HTTP on loopback and workerd take by themselves. */
async function nothing() {
  const folder = await mkdtemp(path.join(tmpdir(), "selvedge-bench-"));
  await writeFile(path.join(folder, "entry.js"), "export default { fetch: () => new Response('') };");
  return folder;
}

const SECTIONS = {
  async large([file, peers]) {
    const photo = await readFile(file);
    const rows = [await measure("Selvedge", "target/worker", photo, TARGET, 12)];
    for (const peer of peers === undefined ? [] : PEERS) {
      rows.push(await measure(peer.name, await bundle(peer, peers, WIDTH), photo, "/", 12));
    }
    return { rows, versions: peers === undefined ? [] : await versions(peers) };
  },
  async small([file]) {
    const photo = await readFile(file);
    const rows = [
      await measure("Selvedge", "target/worker", photo, TARGET, 100),
      await measure("Selvedge, from the cache", "target/worker", photo, TARGET, 400, { cache: true }),
      await measure("a Worker that does nothing", await nothing(), photo, "/", 400),
    ];
    return { rows, cold: await cold(photo) };
  },
  async engines([file]) {
    const rows = [];
    for (const wanted of ["format=jpeg,compression=fast", "format=jpeg", "format=webp", "format=png"]) {
      rows.push(await engines(file, `width=${WIDTH},quality=80,${wanted}`, 20));
    }
    return { rows };
  },
};

const asked = process.argv.slice(2).map((text) => text.split("="));
if (asked.some(([name, value]) => SECTIONS[name] === undefined || value === undefined)) {
  console.error("expected large=PHOTO,FOLDER, small=PHOTO or engines=PHOTO");
  process.exit(2);
}
const kept = await readFile(KEPT, "utf8").then(JSON.parse, () => ({}));
for (const [name, value] of asked) kept[name] = await SECTIONS[name](value.split(","));
await mkdir(path.dirname(KEPT), { recursive: true });
await writeFile(KEPT, JSON.stringify(kept, null, 2));
await writeFile("docs/bench/worker.md", await page(kept));
