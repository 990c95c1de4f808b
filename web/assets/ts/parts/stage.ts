import {
  AmbientLight, Box3, CanvasTexture, CylinderGeometry, DirectionalLight, Group, Mesh, MeshStandardMaterial,
  PerspectiveCamera, Scene, SRGBColorSpace, Vector3, WebGLRenderer,
} from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

/** Colours of the two parts of a tag, as #rrggbb. */
export interface Colors {
  base: string;
  text: string;
}

/** Draws one model, seen from an angle. It knows a surface but no page, so that it can work beside the page's own thread. */
export interface Stage {
  /** Takes a model (GLB) in place of the one before; resolves when it was drawn, or came too late. */
  show(model: ArrayBuffer, colors: Colors): Promise<void>;
  paint(colors: Colors): void;
  /** Sets the size of the surface in CSS pixels, each of which is so many pixels wide. */
  resize(width: number, height: number, ratio: number): void;
  turn(yaw: number, pitch: number): void;
  /** Turns the model back to the angle it began with. */
  rest(): void;
  close(): void;
}

const rest = { pitch: -0.62, yaw: 0.32 };

/** Begins to draw on a surface, with a 100-yen coin beside the model or without. Throws where WebGL is missing. */
export function openStage(canvas: HTMLCanvasElement | OffscreenCanvas, coin: boolean): Stage {
  const context = canvas.getContext("webgl2", { antialias: true, alpha: true }) as WebGL2RenderingContext | null;
  if (!context) throw new Error("no WebGL");
  const renderer = new WebGLRenderer({ canvas, context });
  renderer.outputColorSpace = SRGBColorSpace;

  const camera = new PerspectiveCamera(28, 1, 0.1, 10);
  const scene = lit();
  const plastic = { base: newPlastic(), text: newPlastic() }; // for all models: a program is compiled for the first frame only
  const money = coin ? newCoin() : undefined;
  const turntable = new Group();
  turntable.rotation.set(rest.pitch, rest.yaw, 0);
  scene.add(turntable);

  let resized: (() => void) | undefined;
  const draw = once(() => {
    resized?.(); // not earlier, as it wipes the surface
    resized = undefined;
    renderer.render(scene, camera);
  });
  const loader = new GLTFLoader();
  let newest: ArrayBuffer;
  return {
    async show(file, colors) {
      newest = file;
      const model = (await loader.parseAsync(file, "")).scene;
      if (file !== newest) return;
      forget(turntable, money);
      paint(plastic, colors);
      wear(model, plastic);
      turntable.add(centered(model, money));
      await draw();
    },
    paint(colors) {
      paint(plastic, colors);
      void draw();
    },
    resize(width, height, ratio) {
      resized = () => {
        renderer.setDrawingBufferSize(width, height, ratio);
        look(camera, width / height);
      };
      void draw();
    },
    turn(yaw, pitch) {
      turntable.rotation.y += yaw;
      turntable.rotation.x = Math.max(-1.4, Math.min(1.4, turntable.rotation.x + pitch));
      void draw();
    },
    rest() {
      turntable.rotation.set(rest.pitch, rest.yaw, 0);
      void draw();
    },
    close() {
      forget(turntable, undefined);
      for (const material of [plastic.base, plastic.text, ...[money?.material ?? []].flat()]) material.dispose();
      renderer.dispose();
    },
  };
}

/** Puts off work to the next frame, and does it once however often it was asked for until then. */
function once(work: () => void): () => Promise<void> {
  let asked: Promise<void> | undefined;
  return () =>
    (asked ??= new Promise((done) => {
      requestAnimationFrame(() => {
        asked = undefined;
        work();
        done();
      });
    }));
}

/** Steps back until the model fits into a picture of this shape. */
function look(camera: PerspectiveCamera, aspect: number): void {
  camera.aspect = aspect;
  camera.position.z = 3.1 * Math.max(1, 1.35 / aspect);
  camera.updateProjectionMatrix();
}

function lit(): Scene {
  const scene = new Scene();
  scene.add(new AmbientLight(0xffffff, 1.5));
  const key = new DirectionalLight(0xfff4e5, 2.2);
  key.position.set(-1.5, 2.5, 3);
  const fill = new DirectionalLight(0xe8f0ff, 0.7);
  fill.position.set(2, -1, 2);
  scene.add(key, fill);
  return scene;
}

/**
 * Scales a model, and the coin beside it, to a width of about 1.6, puts its middle into the origin, and stands up what was
 * lying on the ground.
 */
function centered(model: Group, coin: Mesh | undefined): Group {
  const table = new Group();
  if (coin) table.add(beside(new Box3().setFromObject(model), coin));
  table.add(model);
  const box = new Box3().setFromObject(table);
  const size = box.getSize(new Vector3());
  const scale = 1.6 / Math.max(size.x, size.z * 1.4, Number.EPSILON);
  table.scale.multiplyScalar(scale);
  table.position.copy(box.getCenter(new Vector3()).multiplyScalar(-scale));
  const holder = new Group();
  holder.rotation.x = Math.PI / 2;
  holder.add(table);
  return holder;
}

const yen100 = { radius: 0.0113, thickness: 0.0017, gap: 0.006 }; // metres, as in a GLB

/** A 100-yen coin. */
function newCoin(): Mesh {
  const silver = { color: 0xc6c9cd, roughness: 0.42, metalness: 0.15 };
  const rim = new MeshStandardMaterial(silver);
  const face = new MeshStandardMaterial({ ...silver, color: 0xffffff, map: coinFace() });
  const coin = new Mesh(new CylinderGeometry(yen100.radius, yen100.radius, yen100.thickness, 64), [rim, face, rim]);
  coin.rotation.y = Math.PI / 2; // the figures face the reader
  return coin;
}

/** Lays the coin right of a model, at its front edge. */
function beside(model: Box3, coin: Mesh): Mesh {
  coin.position.set(model.max.x + yen100.gap + yen100.radius, yen100.thickness / 2, model.max.z - yen100.radius);
  return coin;
}

type Face = CanvasTexture<HTMLCanvasElement | OffscreenCanvas>;
let drawnFace: Face | undefined;

function coinFace(): Face {
  if (drawnFace) return drawnFace;
  const canvas = newSurface(256);
  const pen = canvas.getContext("2d") as CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D | null;
  if (pen) {
    pen.fillStyle = "#c6c9cd";
    pen.fillRect(0, 0, 256, 256);
    pen.strokeStyle = pen.fillStyle = "#7d8187";
    pen.lineWidth = 7;
    pen.beginPath();
    pen.arc(128, 128, 116, 0, 2 * Math.PI);
    pen.stroke();
    pen.font = "bold 92px sans-serif";
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText("100", 128, 132);
  }
  drawnFace = new CanvasTexture(canvas);
  drawnFace.colorSpace = SRGBColorSpace;
  return drawnFace;
}

/** A square to draw on, also where there is no document. */
function newSurface(side: number): HTMLCanvasElement | OffscreenCanvas {
  if (typeof document === "undefined") return new OffscreenCanvas(side, side);
  return Object.assign(document.createElement("canvas"), { width: side, height: side });
}

/** Takes out what was shown and gives its memory back; the coin is needed again. */
function forget(turntable: Group, coin: Mesh | undefined): void {
  turntable.traverse((node) => {
    if (node instanceof Mesh && node !== coin) node.geometry.dispose();
  });
  turntable.clear();
}

/** What both parts of a tag are made of. */
interface Plastic {
  base: MeshStandardMaterial;
  text: MeshStandardMaterial;
}

function newPlastic(): MeshStandardMaterial {
  return new MeshStandardMaterial({ roughness: 0.72, metalness: 0, flatShading: true });
}

function paint(plastic: Plastic, colors: Colors): void {
  plastic.base.color.set(colors.base);
  plastic.text.color.set(colors.text);
}

/** The first material of a model is its body, all others are letters; a name "text" or "base" decides when given. */
function wear(model: Group, plastic: Plastic): void {
  let index = 0;
  model.traverse((node) => {
    if (!(node instanceof Mesh)) return;
    const name = String((node.material as MeshStandardMaterial).name || node.name);
    const isText = /text/i.test(name) || (!/base/i.test(name) && index > 0);
    index++;
    node.material = isText ? plastic.text : plastic.base;
  });
}
