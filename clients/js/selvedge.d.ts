/** Names and values of options, as in docs/options.md. What is undefined is left out. */
export type Options = Record<string, string | number | boolean | undefined>;

/** How addresses are built. */
export interface Settings {
  /** `id:hexadecimal`; without it addresses are not signed. Keep it on servers. */
  key?: string;
  /** What goes in front, such as `https://img.example.com`. */
  base?: string;
  /** `/image` unless said. */
  prefix?: string;
}

/** A builder of addresses. */
export interface Builder {
  /** The address of a source with options. Rejects for no options, and for a path that climbs. */
  url(source: string, options: Options): Promise<string>;
}

/** Makes a builder. Throws for a key that is none. */
export function selvedge(settings?: Settings): Builder;

/** The address of a source with options, at once and without a signature. Throws where `url` rejects. */
export function address(source: string, options: Options, settings?: Omit<Settings, "key">): string;
