// Prints the addresses that the loaders make of what their frameworks ask, one a line.

import astro from "./astro.js";
import { loader } from "./next.js";
import nuxt, { getImage } from "./nuxt.js";

const base = "https://img.example.com";
const next = loader({ base });
const config = { service: { config: { base, prefix: "/cdn-cgi/image" } } };
const wanted = { src: { src: "/_astro/a b.jpg" }, width: 400, height: 300, fit: "fill" };
const lines = [
  next({ src: "/photos/a.jpg", width: 640, quality: 75 }),
  next({ src: "https://photos.example.com/a.jpg?v=1", width: 1080 }),
  loader({ options: { format: "webp", fit: "cover" } })({ src: "a.jpg", width: 32 }),
  astro.getURL(wanted, config),
  astro.getURL({ src: "a.jpg", format: "webp", quality: 60 }, config),
  ...astro
    .getSrcSet({ ...wanted, widths: [200, 800] })
    .map(({ transform, descriptor }) => `${astro.getURL(transform, config)} ${descriptor}`),
  JSON.stringify(astro.getHTMLAttributes({ ...wanted, alt: "A", widths: [200] })),
  getImage("a.jpg", { baseURL: base, modifiers: { width: 100, height: 50, fit: "inside" } }).url,
  nuxt().getImage("/a.jpg", { modifiers: { width: 100, format: "webp", quality: 50, blur: 5 } }).url,
];
for (const line of lines) console.log(line);
