// The component in V8.
//
// A picture passes through here by reference: from fetch to the component and from the component
// to the response, never through the memory of the Rust shell.

import { digest as componentDigest, instantiate, modules } from "./component.js";
import * as decoder from "./decoder.js";
import { Stills } from "./stills.js";

export { Stopwatch } from "./stopwatch.js";

// Memory of an instance never shrinks, and a dropped instance gives its own back only when V8 collects
// garbage: until then the isolate has both. So one instance serves the isolate, and is dropped only past
// this size, which the budget of a transform (48 MiB) alone does not reach. What decodes stills is kept beside it
// as long as both have no more than that.
const KEPT_BYTES = 56 * 1024 * 1024;

const stills = new Stills(decoder);
let transformer;
let memory;
let watch;

/** SHA-256 of the component, in hexadecimal. */
export const digest = () => componentDigest;

/**
 * Tells from the first bytes of a file what a transform will need; never throws. Gives a text. A still, for which
 * the budget has a third part, is decoded by a component of its own: what that needs is told beside.
 */
export function estimate(head, options, [, , stillMemory]) {
  const isStill = stillMemory !== undefined;
  const [told] = attempt(() => {
    const decoding = isStill ? stills.estimate(head) : undefined;
    const { mediaType, width, height, memory, work } = isStill
      ? transformer.estimatePlanes(decoding.outline, options)
      : transformer.estimate(head, options);
    const said = { mediaType, pixels: width * height, memory: Number(memory), work: Number(work) };
    if (!isStill) return { said };
    said.work += Number(decoding.work);
    return { said: { ...said, stills: Number(decoding.memory) } };
  });
  return told;
}

/**
 * Transforms the first of `files`, drawing the others over it; never throws. Gives a text that tells of a picture,
 * a failure of the contract, or a trap; and the picture. The budget is memory, work, and the memory of what decodes a
 * still; without that, the source is none.
 */
export function transform([source, ...overlays], options, [memoryBudget, workBudget, stillMemory], stopwatch) {
  watch = stopwatch;
  const budget = { memory: memoryBudget, work: workBudget };
  most = 0;
  const made = attempt(() => {
    const given =
      stillMemory === undefined
        ? { tag: "encoded", val: source }
        : decoded(source, { memory: stillMemory, work: workBudget });
    const { picture: { val: picture }, mediaType, width, height, warnings, work } =
      transformer.transform(given, overlays, options, budget);
    const said = { mediaType, pixels: width * height, warnings, work: Number(work) };
    const taken = { length: picture.byteLength, memory: Math.max(most, linear()) };
    return { picture, said: { ...said, ...taken } };
  });
  stopwatch.end();
  free();
  if (linear() > KEPT_BYTES) stills.drop();
  if (linear() > KEPT_BYTES) drop();
  return made;
}

// The planes of a still on their way from one linear memory to the other, and what both had with them.
let copies;
let most = 0;

function decoded(file, budget) {
  const planes = stills.decode(file, budget, (name) => watch.begin(name));
  copies = [planes.luma, planes.blue, planes.red].map(({ buffer }) => buffer);
  return { tag: "planes", val: planes };
}

/** Gives the bytes of the planes back at once: V8 would let those of several stills gather. */
function free() {
  if (copies === undefined) return;
  most = copies.reduce((sum, { byteLength }) => sum + byteLength, linear());
  copies.forEach((buffer) => buffer.transfer(0));
  copies = undefined;
}

/** Bytes of linear memory of both components. */
const linear = () => (memory?.buffer.byteLength ?? 0) + stills.linear;

/** What comes of a call. What is said goes to the shell as text, which reads it in one go. */
function attempt(call) {
  const { picture, said } = outcome(call);
  return [JSON.stringify(said), picture];
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
  stills.drop();
  transformer = undefined;
  memory = undefined;
}

function fresh() {
  const trace = {
    step(name) {
      // Now it has copies of its own.
      free();
      watch.begin(name);
    },
  };
  const instantiateCore = (module, imports) => {
    const instance = new WebAssembly.Instance(module, imports);
    memory = instance.exports.memory ?? memory;
    return instance;
  };
  const imports = { "selvedge:image/trace": trace };
  return instantiate((name) => modules[name], imports, instantiateCore).transformer;
}
