import { readFile } from "node:fs/promises";
import { cores } from "./cores.js";
import { create } from "./selvedge.js";

export { Failure } from "./selvedge.js";

/** Loads the component, from beside this file. */
export async function open() {
  const compiled = cores.map(async (name) => {
    const bytes = await readFile(new URL(name, import.meta.url));
    return [name, await WebAssembly.compile(bytes)];
  });
  return create(Object.fromEntries(await Promise.all(compiled)));
}
