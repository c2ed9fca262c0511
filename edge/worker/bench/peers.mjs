// Two packages that do the same job in a Worker. All write JPEG of quality 80 by a Lanczos filter of three lobes.

import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

const PHOTON = (width) => `
  import { PhotonImage, SamplingFilter, resize } from "@cf-wasm/photon/workerd";
  export default { async fetch(request, env) {
    const bytes = new Uint8Array(await (await env.SOURCE_BUCKET.get("photo.jpg")).arrayBuffer());
    const photo = PhotonImage.new_from_byteslice(bytes);
    const height = Math.round(photo.get_height() * ${width} / photo.get_width());
    const small = resize(photo, ${width}, height, SamplingFilter.Lanczos3);
    const body = small.get_bytes_jpeg(80);
    photo.free(); small.free();
    return new Response(body);
  } };`;

const JSQUASH = (width) => `
  import decoder from "@jsquash/jpeg/codec/dec/mozjpeg_dec.wasm";
  import encoder from "@jsquash/jpeg/codec/enc/mozjpeg_enc.wasm";
  import resizer from "@jsquash/resize/lib/resize/pkg/squoosh_resize_bg.wasm";
  import decode, { init as initDecode } from "@jsquash/jpeg/decode.js";
  import encode, { init as initEncode } from "@jsquash/jpeg/encode.js";
  import resize, { initResize } from "@jsquash/resize";
  globalThis.ImageData ??= class { constructor(data, width, height) { Object.assign(this, { data, width, height }); } };
  let ready;
  export default { async fetch(request, env) {
    await (ready ??= Promise.all([initDecode(decoder), initEncode(encoder), initResize(resizer)]));
    const photo = await decode(await (await env.SOURCE_BUCKET.get("photo.jpg")).arrayBuffer());
    const height = Math.round(photo.height * ${width} / photo.width);
    const small = await resize(photo, { width: ${width}, height, method: "lanczos3", linearRGB: false });
    return new Response(await encode(small, { quality: 80 }));
  } };`;

export const PEERS = [
  { name: "jSquash", packages: ["@jsquash/jpeg", "@jsquash/resize"], script: JSQUASH },
  { name: "@cf-wasm/photon", packages: ["@cf-wasm/photon"], script: PHOTON },
];

/** Their names with versions, as they are installed in a folder. */
export async function versions(folder) {
  const names = PEERS.flatMap(({ packages }) => packages);
  return Promise.all(
    names.map(async (name) => {
      const { version } = JSON.parse(await readFile(path.join(folder, "node_modules", name, "package.json")));
      return `${name} ${version}`;
    }),
  );
}

/** The modules of a peer, bundled by the esbuild that wrangler has; WebAssembly stays beside them. */
export async function bundle({ name, script }, folder, width) {
  const { build } = await import("esbuild");
  const out = await mkdtemp(path.join(tmpdir(), "selvedge-bench-"));
  const entry = `${name.replace(/\W/g, "")}.entry.mjs`;
  await writeFile(path.join(folder, entry), script(width));
  await build({
    absWorkingDir: path.resolve(folder),
    bundle: true,
    conditions: ["workerd", "worker", "browser"],
    entryPoints: [entry],
    format: "esm",
    loader: { ".wasm": "copy" },
    assetNames: "[name]",
    logLevel: "error",
    outfile: path.join(out, "entry.js"),
  });
  return out;
}
