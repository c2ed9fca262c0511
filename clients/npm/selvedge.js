import { instantiate } from "./image.js";
import { Stills } from "./stills.js";

/** Ceilings where none are given: what the component's declared maximum allows, and five seconds of work. */
const MEMORY = 240 * 1024 * 1024;
const WORK = 5_000_000_000;
const STILLS = 120n * 1024n * 1024n;

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

/** Files that say that they are HEIC, or a still and no more (ISO/IEC 14496-12 §4.3). */
const HEIC = /^ftyp(?:.{4})*?(?:hei[cmsx]|hev[cx]|mif1|msf1)/s;

function isHeic(file) {
  return HEIC.test(String.fromCharCode(...file.subarray(4, 64)));
}

/** The component, of core modules by their names; and what decodes HEIC, if that was loaded. */
export function create(modules, decoder) {
  const stills = decoder && new Stills(decoder);
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
      stills?.drop();
      throw error;
    }
  };
  const isStill = (file) => stills !== undefined && isHeic(file);
  return {
    probe: (head) =>
      call((transformer) =>
        isStill(head) ? header(stills.estimate(head)) : transformer.probe(head),
      ),
    estimate: (head, options) =>
      call((transformer) => {
        const decoding = isStill(head) ? stills.estimate(head) : { memory: 0n, work: 0n };
        const { memory, work, ...rest } = decoding.outline
          ? transformer.estimatePlanes(decoding.outline, options)
          : transformer.estimate(head, options);
        const sum = { memory: Number(memory + decoding.memory), work: Number(work + decoding.work) };
        return { ...rest, ...sum };
      }),
    transform(source, options, { overlays = [], memory = MEMORY, work = WORK, step } = {}) {
      onStep = step;
      const budget = { memory: BigInt(memory), work: BigInt(work) };
      const made = call((transformer) => {
        const given = isStill(source)
          ? { tag: "planes", val: stills.decode(source, { ...budget, memory: ofStills(budget.memory) }, step) }
          : { tag: "encoded", val: source };
        return transformer.transform(given, overlays, options, budget);
      });
      const { picture, memory: used, work: charged, ...rest } = made;
      // A file is its bytes; pixels have a size and channels of their own.
      const bytes = picture.tag === "encoded" ? picture.val : picture.val.samples;
      return { ...rest, bytes, memory: Number(used), work: Number(charged) };
    },
  };
}

/** What decodes stills declares less as its maximum. */
const ofStills = (memory) => (memory < STILLS ? memory : STILLS);

/** What is said of a still, as of other files. */
function header({ outline: { width, height, orientation } }) {
  const upright = orientation > 4 ? { width: height, height: width } : { width, height };
  return { mediaType: "image/heic", ...upright, orientation, alpha: false, depth: 8, progressive: false };
}
