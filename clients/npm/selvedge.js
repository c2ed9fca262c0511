import { instantiate } from "./image.js";

/** Ceilings where none are given: what the component's declared maximum allows, and five seconds of work. */
const MEMORY = 240 * 1024 * 1024;
const WORK = 5_000_000_000;

/** Why there is no picture. */
export class Failure extends Error {
  constructor({ tag, val }) {
    const isText = typeof val === "string";
    super(isText ? val : `${val.what}: expected at most ${val.limit}, got ${val.actual}`);
    this.name = "Failure";
    this.code = tag;
    if (!isText) Object.assign(this, { limit: Number(val.limit), actual: Number(val.actual) });
  }
}

/** The component, of core modules by their names. */
export function create(modules) {
  const trace = { step: (name) => onStep?.(name) };
  let onStep;
  let transformer;
  const call = (work) => {
    const instantiateCore = (module, imports) => new WebAssembly.Instance(module, imports);
    const imports = { "selvedge:image/trace": trace };
    transformer ??= instantiate((name) => modules[name], imports, instantiateCore).transformer;
    try {
      return work(transformer);
    } catch (error) {
      if (typeof error?.payload?.tag === "string") throw new Failure(error.payload);
      // A trap leaves the instance in a state that nobody knows: the next call has a fresh one.
      transformer = undefined;
      throw error;
    }
  };
  return {
    probe: (head) => call((transformer) => transformer.probe(head)),
    estimate: (head, options) =>
      call((transformer) => {
        const { memory, work, ...rest } = transformer.estimate(head, options);
        return { ...rest, memory: Number(memory), work: Number(work) };
      }),
    transform(source, options, { overlays = [], memory = MEMORY, work = WORK, step } = {}) {
      onStep = step;
      const budget = { memory: BigInt(memory), work: BigInt(work) };
      const given = { tag: "encoded", val: source };
      const made = call((transformer) => transformer.transform(given, overlays, options, budget));
      const { picture, memory: used, work: charged, ...rest } = made;
      // A file is its bytes; pixels have a size and channels of their own.
      const bytes = picture.tag === "encoded" ? picture.val : picture.val.samples;
      return { ...rest, bytes, memory: Number(used), work: Number(charged) };
    },
  };
}
