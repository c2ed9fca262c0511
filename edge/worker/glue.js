// The component in V8.
//
// A picture passes through here by reference: from fetch to the component and from the component
// to the response, never through the memory of the Rust shell.

import { digest as componentDigest, instantiate, modules } from "./component.js";

// Memory of an instance never shrinks, and a dropped instance gives its own back only when V8 collects
// garbage: until then the isolate has both. So one instance serves the isolate, and is dropped only past
// this size, which the budget of a transform (48 MiB) alone does not reach.
const KEPT_BYTES = 56 * 1024 * 1024;

let transformer;
let memory;
let watch;

/** SHA-256 of the component, in hexadecimal. */
export const digest = () => componentDigest;

/** Tells from the first bytes of a file what a transform will need; never throws. */
export function estimate(head, options) {
  return attempt(() => {
    const { mediaType, width, height, memory, work } = transformer.estimate(head, options);
    const pixels = width * height;
    return { said: { mediaType, pixels, memory: Number(memory), work: Number(work) } };
  });
}

/**
 * Transforms `source`, drawing the files of `overlays` over it; never throws. Gives a picture, a
 * failure of the contract, or a trap.
 */
export function transform(source, overlays, options, memoryBudget, workBudget, stopwatch) {
  watch = stopwatch;
  const budget = { memory: memoryBudget, work: workBudget };
  const encoded = { tag: "encoded", val: source };
  const made = attempt(() => {
    const { picture: { val: picture }, mediaType, width, height, warnings, work } =
      transformer.transform(encoded, overlays, options, budget);
    const said = { mediaType, pixels: width * height, warnings, work: Number(work) };
    return { picture, said: { ...said, length: picture.byteLength, memory: memory.buffer.byteLength } };
  });
  stopwatch.end();
  if (memory?.buffer.byteLength > KEPT_BYTES) drop();
  return made;
}

/** What comes of a call. What is said goes to the shell as text, which reads it in one go. */
function attempt(call) {
  const { picture, said } = outcome(call);
  return { picture, said: JSON.stringify(said) };
}

function outcome(call) {
  try {
    transformer ??= fresh();
    return call();
  } catch (error) {
    if (typeof error?.payload?.tag === "string") return { said: failure(error.payload) };
    // Whatever else is thrown leaves the instance in a state that nobody knows.
    drop();
    return { said: { facts: [String(error)] } };
  }
}

/** The variant `failure` of the contract: its name, and what it carries in order. */
function failure({ tag, val }) {
  if (typeof val === "string") return { failure: tag, facts: [val] };
  return { failure: tag, facts: [val.what, String(val.limit), String(val.actual)] };
}

function drop() {
  transformer = undefined;
  memory = undefined;
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
