// The Worker's entry. Should the shell ever panic, its request fails, and before the next one the
// crate `worker` starts the shell anew.

import * as shell from "./index.js";

export default {
  fetch(request, env, ctx) {
    return shell.fetch.call({ env, ctx }, request, env, ctx);
  },
};
