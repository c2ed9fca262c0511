// Prints what the WebAssembly build decides: `node agree.mjs MODULE BLOCKS COUNT`. First the number of
// written requests that are decided otherwise than they say, then one digest for each block of random
// requests, whose seed is its number.

import { readFile } from "node:fs/promises";

const [path, blocks, count] = process.argv.slice(2);
const { instance } = await WebAssembly.instantiate(await readFile(path), {});
const { digest, failures } = instance.exports;
console.log(failures());
for (let seed = 0; seed < Number(blocks); seed += 1) {
  console.log(BigInt.asUintN(64, digest(seed, Number(count))).toString(16));
}
