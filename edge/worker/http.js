// What the shell asks of the platform's HTTP: requests, bodies that are read in two goes, answers.

/** Sends what the text says, and follows no redirect; `by` answers, where that is not the network. */
export function get(ask, signal, by = globalThis) {
  const { url, method, headers } = JSON.parse(ask);
  return by.fetch(url, { headers, method, redirect: "manual", signal });
}

/** The same; the answer must begin in time, and may then take as long as its reader does. */
export async function getHead(ask, patience, by) {
  const late = new AbortController();
  const bell = setTimeout(() => late.abort(), patience);
  try {
    return await get(ask, late.signal, by);
  } finally {
    clearTimeout(bell);
  }
}

/** What another Worker answers to the request as it came. */
export const pass = (by) => by();

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

/** SHA-256 of each of several files in hexadecimal, with blanks between them. */
export const sha256 = async (files) => (await Promise.all(files.map(digest))).join(" ");

async function digest(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * An answer as the text says it: of another one, without the headers `less` and with those in `more`, or of a body.
 */
export async function answer(reply, of) {
  const { status, less, more, part, body } = JSON.parse(reply);
  const isAnswer = of instanceof Response;
  // Copies: what comes from the network or the cache has headers that cannot be changed.
  const headers = new Headers(isAnswer ? of.headers : undefined);
  for (const name of less) headers.delete(name);
  for (const name in more) headers.set(name, more[name]);
  return new Response(body ?? (isAnswer ? await partOf(of, part) : of), { headers, status });
}

/** The bytes from one position up to another; all, if there are no positions; none, if there is no part. */
async function partOf(answer, part) {
  if (part === null) answer.body?.cancel().catch(() => {});
  else if (part.length === 0) return answer.body;
  else return (await answer.arrayBuffer()).slice(...part);
}
