// Draws beside the page's own thread, so that nothing typed ever waits for three.js or for a shader. See parts/scene.ts.
import { openStage, type Stage } from "./parts/stage";
import type { Order } from "./parts/scene";

let stage: Stage;

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  obey(data).then(() => data.answer.postMessage(""), (reason) => data.answer.postMessage(String(reason)));
});

async function obey(order: Order): Promise<void> {
  if ("canvas" in order) stage = openStage(order.canvas, order.coin);
  else await (stage[order.deed] as (...given: unknown[]) => unknown)(...order.given);
}
