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
    this.#running = name;
    this.#since = performance.now();
  }

  end() {
    if (this.#running === undefined) return;
    const before = this.#steps.get(this.#running) ?? 0;
    this.#steps.set(this.#running, before + performance.now() - this.#since);
    this.#running = undefined;
  }

  /** The steps so far and the whole, in microseconds; what their names may hold is for the reader to say. */
  text() {
    this.end();
    const micros = (milliseconds) => Math.round(milliseconds * 1_000);
    const steps = Array.from(this.#steps, ([name, time]) => [name, micros(time)]);
    return JSON.stringify({ steps, total: micros(performance.now() - this.#started) });
  }
}
