// A loader for next/image, with OpenNext too: `images: { loader: "custom", loaderFile: "./loader.js" }`, and in
// loader.js `import { loader } from "…/next.js"; export default loader({ base: "https://img.example.com" });`

import { address } from "../selvedge.js";

/** `base` is Selvedge's site; its list of unsigned addresses has the widths and qualities that Next asks for. */
export function loader({ base = "", prefix, options = { format: "auto" } } = {}) {
  return ({ src, width, quality }) => address(src, { width, quality, ...options }, { base, prefix });
}
