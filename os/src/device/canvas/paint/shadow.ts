// The shadow of what stands on the ground: dark where it touches, and a long soft one away from the sun or the moon, the
// longer the lower it stands. The lamp is before the eye, so shadows come towards it.

import { hex, mix } from "./colour.ts";
import { at, el, path, type Shape } from "./shape.ts";
import type { Stage } from "./stage.ts";

/** The shadow of something `h` tall and `w` wide at its foot (x, y). */
export function paintShadow(
  stage: Stage,
  of: { x: number; y: number; h: number; w: number; depth: number; crown?: number },
): Shape[] {
  const { x, y, h, w, depth } = of;
  const { light } = stage;
  const ground =
    light.season.snow > 0.3 ? hex("#5b7199") : mix(hex("#1f3d2f"), hex("#3a2c50"), light.low * 0.5);
  const fill = light.on(ground, depth);
  const touch = el("ellipse", { cx: x, cy: y, rx: w, ry: w * 0.15, fill, opacity: 0.3 });
  if (light.sharp < 0.15) return [touch];
  const long = Math.min(1.5, 0.3 + 12 / (Math.abs(light.altitude) + 7));
  const away = Math.max(-0.9, Math.min(0.9, (x - stage.lightX) / (stage.width * 0.5)));
  const [dx, dy] = [away * h * 0.62 * long, h * 0.17 * long];
  const tip = of.crown ?? w * 0.7;
  // From the foot to the end, where the head or the crown lies.
  const d = `M${at(x - w * 0.42, y)}Q${at(x + dx * 0.4 - w * 0.3, y + dy * 0.45)} ${at(x + dx - tip, y + dy * 0.92)}Q${at(x + dx, y + dy * 1.24)} ${at(x + dx + tip, y + dy * 0.92)}Q${at(x + dx * 0.4 + w * 0.3, y + dy * 0.45)} ${at(x + w * 0.42, y)}Z`;
  return [path(d, { fill, opacity: 0.1 + 0.13 * light.sharp }), touch];
}
