// usage: node --no-liftoff v8_turns.mjs MODULES IN OUT OPTIONS TURNS
//
// The component in V8, by the very modules and the glue that run at the edge. Each turn reads the
// file and transforms it in the isolate's one instance; the last picture is written.

import { readFileSync, writeFileSync } from "node:fs";
import { register } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, input, output, options, turns] = process.argv.slice(2);

// As much as the origin grants, so that none of the pictures is refused.
const MEMORY = 240n << 20n;
const WORK = 1n << 60n;

// workerd gives a compiled module for an import of a .wasm file. Node.js does not: it is told to.
const hooks = `
  export async function load(url, context, next) {
    if (!url.endsWith(".wasm")) return next(url, context);
    const source = \`
      import { readFileSync } from "node:fs";
      export default new WebAssembly.Module(readFileSync(new URL(\${JSON.stringify(url)})));\`;
    return { format: "module", source, shortCircuit: true };
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

const module = (name) => import(new URL(name, pathToFileURL(`${modules}/`)));
const [{ transform }, { Stopwatch }] = await Promise.all(["glue.js", "stopwatch.js"].map(module));

let said, picture;
for (let turn = 0; turn < Number(turns); turn += 1) {
  [said, picture] = transform([readFileSync(input)], options, [MEMORY, WORK], new Stopwatch());
  if (picture === undefined) {
    throw new Error(`expected a picture, got ${said}`);
  }
}
writeFileSync(output, picture);
