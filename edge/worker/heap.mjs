// The JavaScript heap of the Worker in workerd, by the inspector that devtools use. Linear memory is not in it:
// the Worker's own log tells that.

import WebSocket from "ws";

const WORKER = "core:user:";

// Every so many times garbage is collected first: what is left is what lives.
const COLLECT_EACH = 10;

/**
 * Tells `report` the bytes of the heap, its array buffers among them, every `milliseconds`: `{ heap }` as it is,
 * `{ live }` after garbage was collected.
 */
export async function watchHeap(server, milliseconds, report) {
  const { host } = await server.getInspectorURL();
  const socket = new WebSocket(`ws://${host}/${WORKER}`);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.on("message", (text) => {
    const { id, result } = JSON.parse(text);
    if (result?.usedSize === undefined) return;
    const bytes = result.usedSize + result.embedderHeapUsedSize + result.backingStorageSize;
    report(id % COLLECT_EACH === 0 ? { live: bytes } : { heap: bytes });
  });
  const send = (id, method) => socket.send(JSON.stringify({ id, method }));
  let count = 0;
  const ask = () => {
    if (++count % COLLECT_EACH === 0) send(-count, "HeapProfiler.collectGarbage");
    send(count, "Runtime.getHeapUsage");
  };
  const timer = setInterval(ask, milliseconds);
  socket.on("close", () => clearInterval(timer));
}
