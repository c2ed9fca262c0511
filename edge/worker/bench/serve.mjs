// A Worker in a workerd of its own, with a photo in its bucket, and the CPU that this process takes.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { Log, LogLevel, Miniflare } from "miniflare";

/** Serves the modules of a folder. */
export async function serve(folder, photo, { cache = false } = {}) {
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
  return {
    /** Asks, and tells what came and how long it took. */
    async ask(target) {
      const began = performance.now();
      const answer = await fetch(`${origin}${target}`);
      const body = Buffer.from(await answer.arrayBuffer());
      return { status: answer.status, body, ms: performance.now() - began };
    },
    cpu: () => cpuOf(pid),
    end: () => server.dispose(),
  };
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
