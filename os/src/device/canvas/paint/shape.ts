// A picture as data: a tree of SVG elements without a DOM. The browser renders it by React (web/src/landscape), a device writes
// it as text (`toSvg`). Thousands of leaves and blades of grass are one path each tone, so a picture stays small.

/** One SVG element. */
export interface Shape {
  tag: string;
  attrs: Record<string, string | number>;
  kids: Shape[];
}

/** An element; attributes that are undefined are left out. */
export function el(
  tag: string,
  attrs: Record<string, string | number | undefined> = {},
  kids: Shape[] = [],
): Shape {
  const kept: Shape["attrs"] = {};
  for (const name in attrs) {
    const value = attrs[name];
    if (value !== undefined) kept[name] = typeof value === "number" ? Math.round(value * 1000) / 1000 : value;
  }
  return { tag, attrs: kept, kids };
}

/** A filled or stroked path. */
export function path(d: string, attrs: Record<string, string | number | undefined>): Shape {
  return el("path", { d, ...attrs });
}

/** A group, by default without attributes. */
export function group(kids: Shape[], attrs: Record<string, string | number | undefined> = {}): Shape {
  return el("g", attrs, kids);
}

/** A number as short as a picture needs it. */
export function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A point in path data. */
export function at(x: number, y: number): string {
  return `${n(x)} ${n(y)}`;
}

/** A smooth line through points (Catmull-Rom), as path data that goes on from its first point. */
export function smooth(points: readonly (readonly [number, number])[]): string {
  let d = "";
  for (let i = 0; i < points.length - 1; i++) {
    const a = points[Math.max(0, i - 1)]!;
    const b = points[i]!;
    const c = points[i + 1]!;
    const e = points[Math.min(points.length - 1, i + 2)]!;
    d += `C${at(b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6)} ${at(c[0] - (e[0] - b[0]) / 6, c[1] - (e[1] - b[1]) / 6)} ${at(c[0], c[1])}`;
  }
  return d;
}

/** Gradients of a picture: each gets an id below the prefix and is used as a fill. */
export interface Defs {
  shapes: Shape[];
  /** From top to bottom of the shape, or between two heights of the picture. */
  down(stops: readonly (readonly [number, string, number?])[], from?: number, to?: number): string;
  /** From the middle outwards. */
  round(stops: readonly (readonly [number, string, number?])[]): string;
  /** Any other definition; gives `url(#id)`. */
  add(make: (id: string) => Shape): string;
}

/** Definitions whose ids begin with `prefix`; two pictures on one page need two prefixes. */
export function createDefs(prefix: string): Defs {
  const shapes: Shape[] = [];
  const add = (make: (id: string) => Shape) => {
    const id = `${prefix}${shapes.length}`;
    shapes.push(make(id));
    return `url(#${id})`;
  };
  const stop = (stops: readonly (readonly [number, string, number?])[]) =>
    stops.map(([offset, colour, opacity]) =>
      el("stop", { offset, "stop-color": colour, "stop-opacity": opacity }),
    );
  return {
    shapes,
    add,
    down: (stops, from, to) =>
      add((id) =>
        el(
          "linearGradient",
          from === undefined
            ? { id, x1: 0, y1: 0, x2: 0, y2: 1 }
            : { id, x1: 0, y1: from, x2: 0, y2: to, gradientUnits: "userSpaceOnUse" },
          stop(stops),
        ),
      ),
    round: (stops) => add((id) => el("radialGradient", { id }, stop(stops))),
  };
}

/** How many elements there are in all. */
export function countShapes(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, shape) => sum + 1 + countShapes(shape.kids), 0);
}

/** Shapes as SVG text. Values are escaped. */
export function toText(shapes: readonly Shape[]): string {
  const clean = (value: string | number) => String(value).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  return shapes
    .map(({ tag, attrs, kids }) => {
      const list = Object.entries(attrs).map(([name, value]) => ` ${name}="${clean(value)}"`);
      return kids.length ? `<${tag}${list.join("")}>${toText(kids)}</${tag}>` : `<${tag}${list.join("")}/>`;
    })
    .join("");
}
