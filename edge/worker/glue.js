// The component in V8, and the few things that are simpler to say in JavaScript.
//
// A picture passes through here by reference: from fetch to the component and from the component
// to the response, never through the memory of the Rust shell.

import { digest as componentDigest, instantiate, modules } from "./component.js";

// A dropped instance gives its memory back only when V8 collects garbage, so one instance serves
// the isolate. Memory of an instance never shrinks; past this size it is better dropped.
const KEPT_BYTES = 32 * 1024 * 1024;

const NAME_LENGTH = 32;

let transformer;
let memory;
let watch;

/** SHA-256 of the component, in hexadecimal. */
export const digest = () => componentDigest;

/**
 * Transforms `source`, drawing the files of `overlays` over it; never throws. Gives a picture, a
 * failure of the contract, or a trap.
 */
export function transform(source, overlays, options, memoryBudget, workBudget, stopwatch) {
  watch = stopwatch;
  try {
    transformer ??= fresh();
    const budget = { memory: memoryBudget, work: workBudget };
    const encoded = { tag: "encoded", val: source };
    const made = transformer.transform(encoded, overlays, options, budget);
    return { picture: made.picture.val, mediaType: made.mediaType, warnings: made.warnings };
  } catch (error) {
    if (typeof error?.payload?.tag === "string") return failure(error.payload);
    // Whatever else is thrown leaves the instance in a state that nobody knows.
    transformer = undefined;
    return { facts: [String(error)] };
  } finally {
    watch.end();
    if (memory?.buffer.byteLength > KEPT_BYTES) transformer = undefined;
    if (transformer === undefined) memory = undefined;
  }
}

/** The variant `failure` of the contract: its name, and what it carries in order. */
function failure({ tag, val }) {
  if (typeof val === "string") return { failure: tag, facts: [val] };
  return { failure: tag, facts: [val.what, String(val.limit), String(val.actual)] };
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

/**
 * Times the steps of a request, the component's among them; each lasts until the next one begins.
 * At Cloudflare the clock stands still between one I/O and the next.
 */
export class Stopwatch {
  #started = performance.now();
  #steps = new Map();
  #running;
  #since;

  begin(name) {
    this.end();
    this.#running = name.replace(/[^A-Za-z0-9]/g, "-").slice(0, NAME_LENGTH);
    this.#since = performance.now();
  }

  end() {
    if (this.#running === undefined) return;
    const before = this.#steps.get(this.#running) ?? 0;
    this.#steps.set(this.#running, before + performance.now() - this.#since);
    this.#running = undefined;
  }

  /** The steps so far, and the whole. */
  names() {
    this.end();
    return [...this.#steps.keys(), "total"];
  }

  /** Of each name, in the same order. */
  milliseconds() {
    this.end();
    return [...this.#steps.values(), performance.now() - this.#started];
  }
}

/** Sends a request that carries nothing of the client's, and follows no redirect. */
export function get(url, method, via, signal) {
  const headers = { "accept-encoding": "identity", via };
  return fetch(url, { headers, method, redirect: "manual", signal });
}

/** The same; the answer must begin in time, and may then take as long as its reader does. */
export async function getHead(url, method, via, patience) {
  const late = new AbortController();
  const bell = setTimeout(() => late.abort(), patience);
  try {
    return await get(url, method, via, late.signal);
  } finally {
    clearTimeout(bell);
  }
}

/** All bytes of a body, or nothing if there are more than `cap`. */
export async function read(response, isSized, cap) {
  if (response.body === null) return new Uint8Array();
  if (isSized) return new Uint8Array(await response.arrayBuffer());
  // Nobody said how long it is: read piece by piece, so that a liar cannot fill the isolate.
  const pieces = [];
  let length = 0;
  for await (const piece of response.body) {
    length += piece.length;
    if (length > cap) return undefined;
    pieces.push(piece);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** Gives up a body, so that its connection is free again. */
export function discard(response) {
  response.body?.cancel().catch(() => {});
}

/** SHA-256 in hexadecimal. */
export async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A response. `headers` are names and values in turn. */
export function respond(status, headers, body) {
  const response = new Response(body, { status });
  return withHeaders(response, headers);
}

/** `answer` to one client: with more headers, and with its body or not. */
export function address(answer, status, headers, isWhole) {
  // A copy: what comes from the network or the cache has headers that cannot be changed.
  const init = { status, headers: answer.headers };
  const response = new Response(isWhole ? answer.body : null, init);
  if (!isWhole) discard(answer);
  if (status === 304) {
    for (const name of ["content-length", "content-type"]) response.headers.delete(name);
  }
  return withHeaders(response, headers);
}

function withHeaders(response, headers) {
  for (let at = 0; at < headers.length; at += 2) {
    response.headers.set(headers[at], headers[at + 1]);
  }
  return response;
}
