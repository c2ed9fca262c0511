import { cores } from "./cores.js";
import { create } from "./selvedge.js";

export { Failure } from "./selvedge.js";

/** Loads the component, from beside this file or from `base`. */
export async function open({ base = import.meta.url } = {}) {
  const compiled = cores.map(async (name) => {
    const answer = await fetch(new URL(name, base));
    if (!answer.ok) throw new Error(`${answer.url}: ${answer.status}`);
    // Not by streaming, which a server that tells no media type of its own would forbid.
    return [name, await WebAssembly.compile(await answer.arrayBuffer())];
  });
  return create(Object.fromEntries(await Promise.all(compiled)));
}
