// A small kit for figures: round strokes and blobs in a unit of one body height, y upwards from the feet, facing right.
// `place` puts a figure on the ground in the light of the moment.

import { type Colour, hex, mix } from "./colour.ts";
import { paintShadow } from "./shadow.ts";
import { at, el, group, n, path, type Shape } from "./shape.ts";
import type { Stage, Standing } from "./stage.ts";

/** Where and how large a figure stands; `flip` lets it face left. */
export interface Spot {
  x: number;
  y: number;
  h: number;
  depth: number;
  flip?: boolean;
}

/** Draws in units of the figure. */
export interface Pen {
  /** A line with round ends through points. */
  line(points: readonly number[], width: number, colour: Colour): void;
  /** A filled outline. */
  fill(points: readonly number[], colour: Colour): void;
  /** A filled outline with curves: path data in units of a hundredth, y upwards already turned. */
  curve(d: string, colour: Colour): void;
  blob(x: number, y: number, rx: number, ry: number, colour: Colour, turn?: number): void;
}

/** Lets `draw` make a figure at a spot. */
export function place(
  stage: Stage,
  spot: Spot,
  draw: (pen: Pen) => void,
  of: { wide?: number } = {},
): Standing {
  const { x, y, h, depth, flip } = spot;
  const { light } = stage;
  const shapes: Shape[] = [];
  const u = (value: number) => n(value * 100);
  const points = (list: readonly number[]) => {
    let d = "";
    for (let i = 0; i < list.length; i += 2) d += `${i ? "L" : "M"}${u(list[i]!)} ${u(-list[i + 1]!)}`;
    return d;
  };
  const paint = (colour: Colour) => light.on(colour, depth);
  draw({
    line: (list, width, colour) =>
      shapes.push(
        path(points(list), {
          fill: "none",
          stroke: paint(colour),
          "stroke-width": width * 100,
          "stroke-linecap": "round",
          "stroke-linejoin": "round",
        }),
      ),
    fill: (list, colour) =>
      shapes.push(
        path(`${points(list)}Z`, {
          fill: paint(colour),
          stroke: paint(colour),
          "stroke-width": 2,
          "stroke-linejoin": "round",
        }),
      ),
    curve: (d, colour) => shapes.push(path(d, { fill: paint(colour) })),
    blob: (bx, by, rx, ry, colour, turn) =>
      shapes.push(
        el("ellipse", {
          cx: bx * 100,
          cy: -by * 100,
          rx: rx * 100,
          ry: ry * 100,
          fill: paint(colour),
          transform: turn ? `rotate(${-turn} ${n(bx * 100)} ${n(-by * 100)})` : undefined,
        }),
      ),
  });
  const k = h / 100;
  const toLight = x < stage.lightX ? 1 : -1;
  const turned = `scale(${(flip ? -k : k).toFixed(3)} ${k.toFixed(3)})`;
  // The edge on which the light falls: the same figure in the colour of the light, a little towards it.
  const rim = (0.3 + 0.7 * light.low) * light.sharp;
  const lit = () =>
    group(recolour(shapes, light.bare(mix(light.glow, hex("#fff6dc"), 0.35))), {
      transform: `translate(${at(x + toLight * h * 0.014, y - h * 0.009)}) ${turned}`,
      opacity: rim,
    });
  return {
    y,
    shapes: [
      ...paintShadow(stage, { x, y, h, w: h * (of.wide ?? 0.24), depth }),
      ...(rim > 0.1 ? [lit()] : []),
      group(shapes, { transform: `translate(${at(x, y)}) ${turned}` }),
    ],
  };
}

function recolour(shapes: readonly Shape[], colour: string): Shape[] {
  return shapes.map(({ tag, attrs, kids }) => ({
    tag,
    attrs: {
      ...attrs,
      ...(attrs.fill === undefined || attrs.fill === "none" ? {} : { fill: colour }),
      ...(attrs.stroke === undefined || attrs.stroke === "none" ? {} : { stroke: colour }),
    },
    kids: recolour(kids, colour),
  }));
}
