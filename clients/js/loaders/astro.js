// An image service for Astro: `image: { service: { entrypoint: "…/astro.js", config: { base: "https://…" } } }`.

import { address } from "../selvedge.js";

/** `fit` as Astro (CSS) names it, and as Selvedge does. */
const FITS = { contain: "contain", cover: "cover", fill: "squeeze", "scale-down": "scale-down" };

const HTML = new Set(["src", "width", "height", "format", "quality", "fit", "position", "widths", "densities"]);

const service = {
  getURL({ src, width, height, format, quality, fit }, { service: { config = {} } = {} } = {}) {
    const { base = "", prefix } = config;
    const names = { width, height, quality, fit: FITS[fit], format: format ?? "auto" };
    // An imported picture knows its own address.
    return address(typeof src === "string" ? src : src.src, names, { base, prefix });
  },

  getHTMLAttributes(options) {
    const own = Object.entries(options).filter(([name]) => !HTML.has(name));
    const { width, height } = options;
    return { loading: "lazy", decoding: "async", ...Object.fromEntries(own), width, height };
  },

  getSrcSet({ widths = [], ...options }) {
    return widths.map((width) => {
      // The height that was asked for belongs to the width that was asked for.
      const height = options.height && options.width && Math.round((width * options.height) / options.width);
      return { transform: { ...options, width, height }, descriptor: `${width}w` };
    });
  },
};

export default service;
