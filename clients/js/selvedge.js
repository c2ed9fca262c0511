// Builds addresses for Selvedge, in Node, browsers and Workers (Web Crypto).

const UNRESERVED_OPTION = /[A-Za-z0-9\-._~;:]/;
const UNRESERVED_PATH = /[A-Za-z0-9\-._~]/;

/**
 * A builder. `key` is `id:hexadecimal` and signs; without it addresses are not signed. `base` goes in
 * front, such as `https://img.example.com`; `prefix` is `/image` or `/cdn-cgi/image`.
 */
export function selvedge({ key, base = "", prefix = "/image" } = {}) {
  const signer = key === undefined ? undefined : signerOf(key);
  return {
    /** The address of `source` with `options`, an object of names and values. */
    async url(source, options) {
      const rest = restOf(source, options);
      const signature = signer === undefined ? "" : `/${await signer(rest)}`;
      return `${base}${prefix}${signature}${rest}`;
    },
  };
}

/** The same at once, and without a signature, for templates and loaders that cannot wait or hold a key. */
export function address(source, options, { base = "", prefix = "/image" } = {}) {
  return `${base}${prefix}${restOf(source, options)}`;
}

function restOf(source, options) {
  return `/${optionText(options)}/${sourceText(source)}`;
}

function optionText(options) {
  const pairs = Object.entries(options).filter(([, value]) => value !== undefined);
  if (pairs.length === 0) throw new TypeError("an address has at least one option");
  return pairs.map(([name, value]) => `${name}=${escaped(String(value), UNRESERVED_OPTION)}`).join(",");
}

function sourceText(source) {
  if (/^https?:\/\//.test(source)) {
    // An address is as its owner wrote it, but for what no request line can hold.
    return source.replace(/[^\x21-\x7e]|[#\\]/gu, (c) => escaped(c, /(?!)/));
  }
  const segments = source.replace(/^\//, "").split("/");
  if (segments.some((segment) => segment === "" || segment.startsWith("."))) {
    throw new TypeError(`a path has no empty, hidden or climbing segments: ${source}`);
  }
  return segments.map((segment) => escaped(segment, UNRESERVED_PATH)).join("/");
}

function escaped(text, plain) {
  let result = "";
  for (const byte of new TextEncoder().encode(text)) {
    const c = String.fromCharCode(byte);
    const isPlain = byte < 0x80 && plain.test(c);
    result += isPlain ? c : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }
  return result;
}

function signerOf(key) {
  const [id, hex] = key.split(":");
  if (!id || !/^([0-9a-fA-F]{2}){16,}$/.test(hex ?? "")) {
    throw new TypeError("a key is written id:secret, the secret in 32 or more hexadecimal digits");
  }
  const secret = Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const imported = crypto.subtle.importKey("raw", secret, algorithm, false, ["sign"]);
  return async (rest) => {
    const tag = await crypto.subtle.sign("HMAC", await imported, new TextEncoder().encode(rest));
    const base64 = btoa(String.fromCharCode(...new Uint8Array(tag)));
    return `sig=${id}.${base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
  };
}
