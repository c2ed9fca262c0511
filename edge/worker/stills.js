// What decodes HEIC, a component of its own. One instance is there from the first still on, until it is dropped.

/** The component, by its bindings and its core modules. */
export class Stills {
  #component;
  #step;
  #stills;
  #memory;

  constructor(component) {
    this.#component = component;
  }

  /** The outline of the planes of a file that begins with `head`, and what decoding it takes. */
  estimate(head) {
    this.#stills ??= this.#fresh();
    return this.#stills.estimate(head);
  }

  /** The planes of a file. */
  decode(file, budget, step) {
    this.#step = step;
    this.#stills ??= this.#fresh();
    return this.#stills.decode(file, budget);
  }

  /** Bytes of its linear memory. */
  get linear() {
    return this.#memory?.buffer.byteLength ?? 0;
  }

  /** A trap leaves it in a state that nobody knows; and its memory never shrinks. */
  drop() {
    this.#stills = undefined;
    this.#memory = undefined;
  }

  #fresh() {
    const { instantiate, modules } = this.#component;
    const instantiateCore = (module, imports) => {
      const instance = new WebAssembly.Instance(module, imports);
      this.#memory = instance.exports.memory ?? this.#memory;
      return instance;
    };
    const trace = { step: (name) => this.#step?.(name) };
    return instantiate((name) => modules[name], { "selvedge:image/trace": trace }, instantiateCore).stills;
  }
}

