import { readFile } from "node:fs/promises";
import { cores, stillCores } from "./cores.js";
import { create } from "./selvedge.js";

export { Failure } from "./selvedge.js";

/** Loads the component, and what decodes HEIC if that is wanted, from beside this file. */
export async function open({ heic = false } = {}) {
  const load = async () => ({ ...(await import("./heic.js")), modules: await compile(stillCores) });
  const [modules, decoder] = await Promise.all([compile(cores), heic ? load() : undefined]);
  return create(modules, decoder);
}

async function compile(names) {
  const compiled = names.map(async (name) => {
    const bytes = await readFile(new URL(name, import.meta.url));
    return [name, await WebAssembly.compile(bytes)];
  });
  return Object.fromEntries(await Promise.all(compiled));
}
