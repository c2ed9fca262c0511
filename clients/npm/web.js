import { cores, stillCores } from "./cores.js";
import { create } from "./selvedge.js";

export { Failure } from "./selvedge.js";

/** Loads the component, and what decodes HEIC if that is wanted, from beside this file or from `base`. */
export async function open({ base = import.meta.url, heic = false } = {}) {
  const load = async () => ({ ...(await import("./heic.js")), modules: await compile(stillCores, base) });
  const [modules, decoder] = await Promise.all([compile(cores, base), heic ? load() : undefined]);
  return create(modules, decoder);
}

async function compile(names, base) {
  const compiled = names.map(async (name) => {
    const answer = await fetch(new URL(name, base));
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    // Not by streaming, which a server that tells no media type of its own would forbid.
    return [name, await WebAssembly.compile(await answer.arrayBuffer())];
  });
  return Object.fromEntries(await Promise.all(compiled));
}
