// The component in V8, and the few things that are simpler to say in JavaScript.
//
// A picture passes through here by reference: from fetch to the component and from the component
// to the response, never through the memory of the Rust shell.

import { digest as componentDigest, instantiate, modules } from "./component.js";

// A dropped instance gives its memory back only when V8 collects garbage, so one instance serves
// the isolate. Memory of an instance never shrinks; past this size it is better dropped.
const KEPT_BYTES = 32 * 1024 * 1024;

const TOKEN_LENGTH = 32;

let transformer;
let memory;
let watch;

/** SHA-256 of the component, in hexadecimal. */
export const digest = () => componentDigest;

/** Milliseconds. At Cloudflare this clock stands still between one I/O and the next. */
export const now = () => performance.now();

/** Transforms `source`; never throws. Gives a picture, a failure of the contract, or a trap. */
export function transform(source, options, memoryBudget, workBudget) {
  watch = new Stopwatch();
  try {
    transformer ??= fresh();
    const budget = { memory: memoryBudget, work: workBudget };
    const made = transformer.transform({ tag: "encoded", val: source }, options, budget);
    return { picture: made.picture.val, mediaType: made.mediaType, steps: watch.finish() };
  } catch (error) {
    const failure = error?.payload;
    if (typeof failure?.tag === "string") return { failure, steps: watch.finish() };
    // Whatever else is thrown leaves the instance in a state that nobody knows.
    transformer = undefined;
    return { trap: String(error), steps: watch.finish() };
  } finally {
    if (memory?.buffer.byteLength > KEPT_BYTES) transformer = undefined;
    if (transformer === undefined) memory = undefined;
  }
}

function fresh() {
  const trace = { step: (name) => watch.begin(name) };
  const instantiateCore = (module, imports) => {
    const instance = new WebAssembly.Instance(module, imports);
    memory = instance.exports.memory ?? memory;
    return instance;
  };
  const imports = { "selvedge:image/trace": trace };
  return instantiate((name) => modules[name], imports, instantiateCore).transformer;
}

/** Times steps: each lasts until the next one begins. */
class Stopwatch {
  #steps = new Map();
  #running;
  #since;

  begin(name) {
    this.#end();
    this.#running = name.replace(/[^A-Za-z0-9]/g, "-").slice(0, TOKEN_LENGTH);
    this.#since = now();
  }

  #end() {
    if (this.#running === undefined) return;
    const before = this.#steps.get(this.#running) ?? 0;
    this.#steps.set(this.#running, before + now() - this.#since);
  }

  finish() {
    this.#end();
    this.#running = undefined;
    return [...this.#steps].map(([name, duration]) => ({ name, duration }));
  }
}

/** All bytes of a body, or nothing if there are more than `cap`. */
export async function read(response, isSized, cap) {
  if (response.body === null) return new Uint8Array();
  if (isSized) return new Uint8Array(await response.arrayBuffer());
  // Nobody said how long it is: read piece by piece, so that a liar cannot fill the isolate.
  const reader = response.body.getReader();
  const pieces = [];
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > cap) {
      await reader.cancel();
      return undefined;
    }
    pieces.push(value);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
