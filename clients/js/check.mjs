// Prints the address of each vector that comes in, or `refused`, one a line.

import { createInterface } from "node:readline";
import { selvedge } from "./selvedge.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { key, base, prefix, source, options } = JSON.parse(line);
  try {
    console.log(await selvedge({ key, base, prefix }).url(source, Object.fromEntries(options)));
  } catch {
    console.log("refused");
  }
}
