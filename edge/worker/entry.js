// The Worker's entries. Should the shell ever panic, its request fails, and before the next one the
// crate `worker` starts the shell anew.

import { WorkerEntrypoint } from "cloudflare:workers";
import { digest } from "./component.js";
import * as shell from "./index.js";

/** Asked by the Worker itself, through the platform's cache, for canonical plans under its own signature. */
export class Pictures extends WorkerEntrypoint {
  fetch(request) {
    return serve(request, { ...this.env, CACHE: "behind" }, this.ctx);
  }
}

export default {
  fetch(request, env, ctx) {
    if (env.CACHE !== "platform") return serve(request, env, ctx);
    // That cache leaves the host out of its keys, and the component too where versions share it.
    const props = { component: digest, site: new URL(request.url).host };
    return serve(request, { ...env, FRONT: ctx.exports.Pictures({ props }) }, ctx);
  },
};

function serve(request, env, ctx) {
  // Another component has a Worker of its own, to which requests for its share of the sources go as they came.
  const more = env.CANDIDATE ? { PASS: () => ask(env.CANDIDATE, request) } : {};
  return shell.fetch.call({ env, ctx }, request, { ...env, ...more }, ctx);
}

async function ask(candidate, request) {
  try {
    return await candidate.fetch(request);
  } catch (fault) {
    console.warn(`the candidate gave no answer: ${fault}`);
    throw fault;
  }
}
