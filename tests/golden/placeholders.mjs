// Writes placeholders.tsv: what the reference implementations of BlurHash and ThumbHash make of the
// sources in effects.tsv.
//
//     npm install --no-save blurhash@2.0.5 thumbhash@0.1.1
//     node tests/golden/placeholders.mjs
//
// A line is: format, the name of the source, the hash.

import { readFileSync, writeFileSync } from "node:fs";
import { encode } from "blurhash";
import { rgbaToThumbHash } from "thumbhash";

const here = (name) => new URL(name, import.meta.url);

function rgba(text) {
  const [sides, hex] = text.split(":");
  const [width, height, channels] = sides.split("x").map(Number);
  const samples = Buffer.from(hex, "hex");
  const pixels = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let i = 0; i < width * height; i++) {
    for (let c = 0; c < 4; c++) {
      if (channels === 1 && c < 3) pixels[i * 4 + c] = samples[i];
      else if (c < channels) pixels[i * 4 + c] = samples[i * channels + c];
    }
  }
  return { width, height, pixels, transparent: channels === 4 };
}

const lines = [];
for (const line of readFileSync(here("effects.tsv"), "utf8").split("\n")) {
  const [kind, name, text] = line.split("\t");
  if (kind !== "source") continue;
  const { width, height, pixels, transparent } = rgba(text);
  const hash = Buffer.from(rgbaToThumbHash(width, height, pixels)).toString("base64");
  lines.push(`thumbhash\t${name}\t${hash}`);
  if (!transparent) lines.push(`blurhash\t${name}\t${encode(pixels, width, height, 4, 3)}`);
}
writeFileSync(here("placeholders.tsv"), `${lines.join("\n")}\n`);
