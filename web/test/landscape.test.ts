// The painter of landscapes: the same scene is the same picture, every hour of every season paints, and a picture is small.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createLight, sunAltitude, toMoment } from "../../os/src/device/canvas/paint/light.ts";
import {
  countPicture,
  type Facts,
  paint,
  type Scene,
  toSvg,
} from "../../os/src/device/canvas/paint/paint.ts";

const scene = (seed: string, date: string, more: Partial<Scene> = {}): Scene => ({
  seed,
  moment: toMoment(new Date(date)),
  theme: "light",
  aspect: 2.4,
  ...more,
});
const names = (prefix: string, count: number) => Array.from({ length: count }, (_, i) => `${prefix}${i}`);
const much: Facts = {
  running: names("r", 200),
  done: names("d", 500),
  waiting: names("w", 50),
  halted: false,
};

test("the same scene is the same picture, another seed is another one", () => {
  const one = toSvg(scene("a", "2026-06-21T11:00"));
  assert.equal(toSvg(scene("a", "2026-06-21T11:00")), one);
  assert.notEqual(toSvg(scene("b", "2026-06-21T11:00")), one);
});

test("every hour of every season, wide and narrow, light and dark, paints whole numbers and stays small", () => {
  for (const month of ["01", "04", "07", "10"])
    for (const hour of ["03", "07", "12", "18", "21"])
      for (const [theme, aspect] of [
        ["light", 2.6],
        ["dark", 0.9],
      ] as const) {
        const one = scene(`s${month}${hour}`, `2026-${month}-15T${hour}:30`, { theme, aspect, facts: much });
        const text = toSvg(one);
        assert.doesNotMatch(text, /NaN|undefined|Infinity/, `${month} ${hour} ${theme}`);
        assert.ok(countPicture(paint(one)) < 4000, "fewer than 4,000 elements");
        assert.ok(text.length < 1_000_000, `${text.length} characters`);
      }
});

test("what happened shows: a bird or firefly for each entity at work, a lantern, a flower", () => {
  const quiet = paint(scene("a", "2026-06-21T11:00"));
  const some: Facts = { running: ["1", "2", "3"], done: ["x"], waiting: ["w"], halted: false };
  const busy = paint(scene("a", "2026-06-21T11:00", { facts: some }));
  const count = (picture: typeof quiet, name: string) =>
    JSON.stringify(picture.air).split(`"class":"${name}"`).length - 1;
  assert.equal(count(quiet, "hl-bird"), 0);
  assert.equal(count(busy, "hl-bird"), 3);
  assert.ok(countPicture(busy) > countPicture(quiet) + 9);
  const night = paint(scene("a", "2026-06-21T23:30", { facts: { ...some, running: ["1", "2"] } }));
  assert.equal(count(night, "hl-firefly"), 2);
  const halted = paint(scene("a", "2026-06-21T11:00", { facts: { ...some, running: ["1"], halted: true } }));
  assert.equal(count(halted, "hl-bird"), 0);
  assert.equal(count(halted, "hl-rest"), 1);
});

test("what comes and goes leaves the others where they are", () => {
  const birds = (running: string[]) =>
    paint(scene("a", "2026-06-21T11:00", { facts: { ...much, running } }))
      .air.filter((shape) => shape.attrs.class === "hl-bird")
      .map((shape) => shape.attrs.transform);
  const [first, , third] = birds(["1", "2", "3"]);
  assert.deepEqual(birds(["1", "3"]), [first, third]);
});

test("the sun is high on a summer noon, below the ground by night, and lower in winter", () => {
  const high = sunAltitude(toMoment(new Date("2026-06-21T12:24")));
  assert.ok(high > 70 && high < 76);
  assert.ok(sunAltitude(toMoment(new Date("2026-06-21T01:00"))) < -15);
  assert.ok(sunAltitude(toMoment(new Date("2026-12-21T12:24"))) < 30);
  assert.equal(createLight(toMoment(new Date("2026-01-15T12:00")), "light").season.name, "winter");
  assert.equal(createLight(toMoment(new Date("2026-01-15T12:00"), true), "light").season.name, "summer");
});

test("text of a picture is escaped", () => {
  const text = toSvg(scene('"><script>', "2026-06-21T11:00", { prefix: '"><script>' }));
  assert.doesNotMatch(text, /<script>/);
});
