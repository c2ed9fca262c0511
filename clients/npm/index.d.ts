/** What a file's header says. Width and height are those of the upright picture. */
export interface Header {
  mediaType: string;
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  alpha: boolean;
  /** Bits per sample. */
  depth: number;
  /** Whether the file is progressive or interlaced. */
  progressive: boolean;
  /** What its ICC profile calls itself. */
  profile?: string;
}

/** What a transform will give and need. */
export interface Forecast {
  mediaType: string;
  width: number;
  height: number;
  /** Upper bound of linear memory in bytes, without the source. */
  memory: number;
  /** Work units, about a nanosecond each. */
  work: number;
}

/** Ceilings, and what else a transform may be given. */
export interface Settings {
  /** The files that the options draw over the picture, in the order of their `draw` parts. */
  overlays?: Uint8Array[];
  /** Bytes of linear memory, the files among them. */
  memory?: number;
  /** Work units. */
  work?: number;
  /** Called when a step of the pipeline begins. */
  step?: (name: string) => void;
}

/** A finished transform. */
export interface Rendition {
  bytes: Uint8Array;
  mediaType: string;
  width: number;
  height: number;
  /** Most bytes of linear memory in use at once. */
  memory: number;
  /** Work units charged. */
  work: number;
  /** What is amiss with the picture though there is one (`damaged=keep`). */
  warnings: string[];
}

/** Why there is no picture. */
export class Failure extends Error {
  code: "bad-option" | "malformed" | "over-budget" | "too-large" | "truncated" | "unsupported";
  /** The ceiling that was passed, of `over-budget` and `too-large`. */
  limit?: number;
  /** By what it was passed. */
  actual?: number;
}

/** The component. Calls are synchronous, and throw a `Failure` where there is no result. */
export interface Selvedge {
  /** Reads a header; the first 64 KiB of a file are enough. */
  probe(head: Uint8Array): Header;
  /** Tells size, memory and work from the first bytes and the options. */
  estimate(head: Uint8Array, options: string): Forecast;
  /** Transforms a file by options as they stand in addresses: `width=400,format=webp`. */
  transform(source: Uint8Array, options: string, settings?: Settings): Rendition;
}

/**
 * Loads the component. In browsers and Deno, `base` is where its files lie if not beside this module. With `heic`, what
 * decodes HEIC is loaded too, 120 KB more; without it such files are `unsupported`.
 */
export function open(settings?: { base?: string | URL; heic?: boolean }): Promise<Selvedge>;
