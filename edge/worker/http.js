// What the shell asks of the platform's HTTP: requests, bodies that are read in two goes, answers.

/**
 * Sends a request that carries nothing of the client's, and follows no redirect. `more` are names and
 * values in turn; `by` is who answers, where that is not the network.
 */
export function get(url, method, more, signal, by = globalThis) {
  const headers = withHeaders(new Headers({ "accept-encoding": "identity" }), more);
  return by.fetch(url, { headers, method, redirect: "manual", signal });
}

/** The same; the answer must begin in time, and may then take as long as its reader does. */
export async function getHead(url, method, more, patience, by) {
  const late = new AbortController();
  const bell = setTimeout(() => late.abort(), patience);
  try {
    return await get(url, method, more, late.signal, by);
  } finally {
    clearTimeout(bell);
  }
}

// The first buffer of a body: what a look at the header takes, and a byte to see whether there is more. Who is
// refused after that look has taken no more.
const FIRST_BYTES = 64 * 1024 + 1;

/** The bytes of a stream: its beginning first, the rest when it is wanted, and no copy but of the beginning. */
export class Body {
  #reader;
  #promised;
  #cap;
  #buffer;
  #length = 0;
  #ended = false;

  /** `promised` is how many bytes its server tells, if it does; what is more than `cap` is not asked for. */
  constructor(stream, promised, cap) {
    this.#reader = stream?.getReader({ mode: "byob" });
    this.#promised = promised;
    this.#cap = cap;
    this.#buffer = new ArrayBuffer(Math.min(promised ?? FIRST_BYTES, FIRST_BYTES, cap));
    this.#ended = this.#reader === undefined;
  }

  /** The first `count` bytes, or all if there are fewer. They last until more are read. */
  async head(count) {
    await this.#fill(count);
    return this.#bytes(count);
  }

  /** All bytes, or nothing if there are more than the cap. */
  async whole() {
    await this.#fill(this.#promised ?? this.#cap + 1);
    return this.#length > this.#cap ? undefined : this.#bytes(this.#length);
  }

  /** Gives up the rest, so that the connection is free again. */
  discard() {
    this.#reader?.cancel().catch(() => {});
  }

  #bytes(count) {
    return new Uint8Array(this.#buffer, 0, Math.min(count, this.#length));
  }

  async #fill(count) {
    const wanted = Math.min(count, this.#promised ?? count);
    while (!this.#ended && this.#length < wanted) {
      if (this.#length === this.#buffer.byteLength) this.#grow();
      const free = new Uint8Array(this.#buffer, this.#length);
      const least = Math.min(wanted - this.#length, free.length);
      const { done, value } = await this.#reader.readAtLeast(least, free);
      // The buffer went to the reader, and came back as another object with the same bytes.
      if (value !== undefined) {
        this.#buffer = value.buffer;
        this.#length += value.byteLength;
      }
      this.#ended = done || this.#length === this.#promised;
    }
    if (this.#ended && this.#promised !== undefined && this.#length < this.#promised) {
      throw new Error(`${this.#promised} bytes were promised, and ${this.#length} came`);
    }
  }

  /**
   * As much room as was promised, else twice as much, but no more than it takes to see that there are too
   * many bytes.
   */
  #grow() {
    const larger = new Uint8Array(Math.min(this.#promised ?? 2 * this.#length, this.#cap + 1));
    larger.set(new Uint8Array(this.#buffer));
    this.#buffer = larger.buffer;
  }
}

/** Gives up a body that is not read at all. */
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
  withHeaders(response.headers, headers);
  return response;
}

/**
 * `answer` in another form: without the headers `less` and with those in `more`. Of its body there are the
 * bytes from one position up to another; all, if `bytes` is empty; none, if it is missing.
 */
export async function address(answer, status, less, more, bytes) {
  let body = null;
  if (bytes === undefined) discard(answer);
  else if (bytes.length === 0) body = answer.body;
  else body = (await answer.arrayBuffer()).slice(...bytes);
  // A copy: what comes from the network or the cache has headers that cannot be changed.
  const response = new Response(body, { status, headers: answer.headers });
  for (const name of less) response.headers.delete(name);
  withHeaders(response.headers, more);
  return response;
}

function withHeaders(headers, more) {
  for (let at = 0; at < more.length; at += 2) headers.set(more[at], more[at + 1]);
  return headers;
}
