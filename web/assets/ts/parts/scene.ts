import type { Colors, Stage } from "./stage";

/** What a page asks of a stage in a worker: to begin on a canvas, then its deeds. The answer is "", or why it failed. */
export type Order = { answer: MessagePort } & ({ canvas: OffscreenCanvas; coin: boolean } | { deed: keyof Stage; given: unknown[] });

/** A canvas in the page that holds one model, which people turn. */
export interface Scene {
  /** Resolves when the model was drawn. */
  show(model: ArrayBuffer, colors: Colors): Promise<void>;
  paint(colors: Colors): void;
  close(): void;
}

const step = Math.PI / 24;

/** How a scene is made. */
export interface SceneOptions {
  coin: boolean;
  worker: string; // address of stage-worker.js
}

/**
 * Puts a canvas into host and draws on it beside the page's own thread, or in it where a browser cannot do that. Throws
 * where WebGL is missing.
 */
export async function openScene(host: HTMLElement, options: SceneOptions): Promise<Scene> {
  const { canvas, stage } = await inWorker(options).catch(() => here(options));
  canvas.tabIndex = 0;
  canvas.setAttribute("role", "img");
  host.append(canvas);

  const fit = (): void => {
    const { clientWidth: width, clientHeight: height } = host;
    if (width > 0 && height > 0) stage.resize(width, height, Math.min(devicePixelRatio, 2));
  };
  fit();
  const resized = new ResizeObserver(fit);
  resized.observe(host);
  turnBy(canvas, stage);
  return {
    show: (model, colors) => stage.show(model, colors),
    paint: (colors) => stage.paint(colors),
    close() {
      resized.disconnect();
      stage.close();
      canvas.remove();
    },
  };
}

interface Surface {
  canvas: HTMLCanvasElement;
  stage: Stage;
}

async function here({ coin }: SceneOptions): Promise<Surface> {
  const canvas = document.createElement("canvas");
  const { openStage } = await import("./stage");
  return { canvas, stage: openStage(canvas, coin) };
}

async function inWorker({ coin, worker: address }: SceneOptions): Promise<Surface> {
  const canvas = document.createElement("canvas");
  const offscreen = canvas.transferControlToOffscreen();
  const worker = new Worker(address, { type: "module" });
  const missing = new Promise<never>((_, fail) => worker.addEventListener("error", () => fail(new Error(`no ${address}`))));
  try {
    await Promise.race([order(worker, { canvas: offscreen, coin }, [offscreen]), missing]);
  } catch (reason) {
    worker.terminate();
    throw reason;
  }
  const ask = (deed: keyof Stage, given: unknown[], handedOver: Transferable[] = []): Promise<void> => order(worker, { deed, given }, handedOver);
  const stage: Stage = {
    show: (model, colors) => ask("show", [model, colors], [model]),
    paint: (colors) => void ask("paint", [colors]),
    resize: (...size) => void ask("resize", size),
    turn: (...angles) => void ask("turn", angles),
    rest: () => void ask("rest", []),
    close: () => worker.terminate(),
  };
  return { canvas, stage };
}

function order(worker: Worker, what: object, handedOver: Transferable[]): Promise<void> {
  return new Promise((done, fail) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data: failure }) => (failure === "" ? done() : fail(new Error(failure)));
    worker.postMessage({ ...what, answer: port2 }, [...handedOver, port2]);
  });
}

function turnBy(canvas: HTMLCanvasElement, stage: Stage): void {
  canvas.addEventListener("pointerdown", (event) => canvas.setPointerCapture(event.pointerId));
  canvas.addEventListener("pointermove", (event) => {
    if (canvas.hasPointerCapture(event.pointerId)) stage.turn(event.movementX * 0.01, event.movementY * 0.01);
  });
  canvas.addEventListener("keydown", (event) => {
    const turns: Record<string, [number, number]> = {
      ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step],
    };
    const by = turns[event.key];
    if (by) stage.turn(...by);
    else if (event.key === "Home") stage.rest();
    else return;
    event.preventDefault();
  });
}
