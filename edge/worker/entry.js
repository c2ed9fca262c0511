// The Worker's entry. It calls the Rust shell, and starts it anew should it ever panic.

import * as shell from "./index.js";

export default {
  async fetch(request, env, ctx) {
    try {
      return await shell.fetch.call({ env, ctx }, request, env, ctx);
    } catch (error) {
      console.error("the shell broke and is started anew:", error);
      shell.__wbg_reset_state();
      return new Response("the Worker broke; this is a defect, please report it\n", {
        status: 500,
        headers: { "cache-control": "no-store", "content-type": "text/plain" },
      });
    }
  },
};
