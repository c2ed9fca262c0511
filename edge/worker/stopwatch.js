const NAME_LENGTH = 32;

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
