// The component alone in V8 and in wasmtime: turn by turn in one request, called as the Worker calls it, against the
// same turns of the host.

import { execFileSync } from "node:child_process";
import { cp, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { serve } from "./serve.mjs";

const TURNS = `
  import { Stopwatch, transform } from "./glue.js";
  export default { async fetch(request, env) {
    const { searchParams } = new URL(request.url);
    const photo = new Uint8Array(await (await env.SOURCE_BUCKET.get("photo.jpg")).arrayBuffer());
    let made;
    for (let turn = Number(searchParams.get("turns")); turn > 0; turn--) {
      made = transform([photo], searchParams.get("plan"), [${48 << 20}n, 2000000000n], new Stopwatch());
      if (made[1] === undefined) return new Response(made[0], { status: 500 });
    }
    return new Response(made[1]);
  } };`;

/** CPU milliseconds of one transform in each, less what they begin with. */
export async function engines(file, plan, rounds) {
  const folder = await mkdtemp(path.join(tmpdir(), "selvedge-bench-"));
  await cp("target/worker", folder, { recursive: true });
  await writeFile(path.join(folder, "entry.js"), TURNS);
  const worker = await serve(folder, await readFile(file));
  const edge = async (turns) => {
    const before = worker.cpu();
    const { status, body } = await worker.ask(`/?turns=${turns}&plan=${encodeURIComponent(plan)}`);
    if (status !== 200) throw new Error(`${plan}: ${body}`);
    return { body, ms: worker.cpu() - before };
  };
  const out = path.join(folder, "out");
  // V8 compiles again what runs often; that is not what is measured.
  await edge(20);
  host(file, out, plan, 1);
  const [few, many, { body, ms }] = [host(file, out, plan, 1), host(file, out, plan, rounds + 1), await edge(rounds)];
  await worker.end();
  if (!body.equals(await readFile(out))) throw new Error(`${plan}: other bytes in workerd than in wasmtime`);
  return { plan, v8: ms / rounds, wasmtime: (many - few) / rounds };
}

function host(file, out, plan, turns) {
  const command = ["target/release/selvedge", "transform", file, out, plan, "--repeat", String(turns)];
  const script = ['"$@" >/dev/null || exit; times', "_", ...command];
  const told = execFileSync("bash", ["-c", ...script], { encoding: "utf8" });
  // The second line is that of the children: 0m1.234s of each kind.
  const [user, system] = told.trim().split("\n")[1].split(" ").map((text) => text.split(/[ms]/).map(Number));
  return 1_000 * (60 * (user[0] + system[0]) + user[1] + system[1]);
}
