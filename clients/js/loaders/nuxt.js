// A provider for @nuxt/image: `image: { providers: { selvedge: { provider: "…/nuxt.js", options: { baseURL } } } }`.
// Users of IPX need no change of addresses either: a server with `DIALECTS=ipx` understands them as they are.

import { address } from "../selvedge.js";

/** `fit` as Nuxt Image (and sharp) names it, and as Selvedge does. */
const FITS = { contain: "pad", cover: "cover", fill: "squeeze", inside: "contain" };

/** What `modifiers` of Nuxt Image are called in addresses; others keep their names. */
export function getImage(src, { modifiers = {}, baseURL = "", prefix } = {}) {
  const { fit, format = "auto", ...rest } = modifiers;
  const options = { ...rest, fit: FITS[fit] ?? fit, format };
  return { url: address(src, options, { base: baseURL, prefix }) };
}

export default () => ({ getImage });
