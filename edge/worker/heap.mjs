// The JavaScript heap of the Worker in workerd, by the inspector that devtools use. Linear memory is not in it:
// the Worker's own log tells that.

import WebSocket from "ws";

const WORKER = "core:user:";

/** Tells `report` the bytes of the heap, its array buffers among them, every `milliseconds`. */
export async function watchHeap(server, milliseconds, report) {
  const { host } = await server.getInspectorURL();
  const socket = new WebSocket(`ws://${host}/${WORKER}`);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  socket.on("message", (text) => {
    const { result } = JSON.parse(text);
    if (result?.usedSize === undefined) return;
    report(result.usedSize + result.embedderHeapUsedSize + result.backingStorageSize);
  });
  let id = 0;
  const ask = () => socket.send(JSON.stringify({ id: ++id, method: "Runtime.getHeapUsage" }));
  const timer = setInterval(ask, milliseconds);
  socket.on("close", () => clearInterval(timer));
}
