// The canvas: a scene is one picture and always the same one, words change it, every value of every field paints, and the
// grammar of a call admits exactly the scenes that the device takes.

import assert from "node:assert/strict";
import { lstat, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createCanvas } from "../src/device/canvas/canvas.ts";
import { compose, hasWater } from "../src/device/canvas/compose.ts";
import { describeScene } from "../src/device/canvas/describe.ts";
import { editScene } from "../src/device/canvas/edit.ts";
import { createChance } from "../src/device/canvas/paint/chance.ts";
import { createLight } from "../src/device/canvas/paint/light.ts";
import { countPicture } from "../src/device/canvas/paint/paint.ts";
import { type Looks, paintPerson, someone } from "../src/device/canvas/paint/people.ts";
import { type Pose, poses } from "../src/device/canvas/paint/poses.ts";
import { createDefs, toText } from "../src/device/canvas/paint/shape.ts";
import { fromSvgFile, toSvgFile } from "../src/device/canvas/picture-file.ts";
import * as scenes from "../src/device/canvas/scene.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import { toJsonSchema, toShapeGrammar } from "../src/syscall/shape-grammar.ts";
import { openRoom } from "./contract/device.ts";

const { sceneSchema } = scenes;
const full = sceneSchema.parse({
  title: 'Fire & <water> "here"',
  setting: "sea",
  people: [{ who: "woman", doing: "sit" }, { who: "boy" }],
  animals: [{ kind: "dog" }, { kind: "swan", count: 2 }],
  things: [{ kind: "campfire" }, { kind: "lighthouse" }],
});

test("[V1] the same scene is the same picture, another seed another one, and the scene lies inside the file", () => {
  const svg = toSvgFile(full);
  assert.equal(toSvgFile(sceneSchema.parse(structuredClone(full))), svg);
  assert.notEqual(toSvgFile({ ...full, seed: 2 }), svg);
  assert.deepEqual(fromSvgFile(svg), full);
  assert.doesNotMatch(svg, /<water>/);
  assert.match(fromSvgFile("<svg></svg>") as string, /no picture of the canvas/);
  assert.match(fromSvgFile(svg.replace("&#34;sea&#34;", "&#34;moon&#34;")) as string, /damaged/);
});

test("every value of every field paints, in whole numbers and within bounds", () => {
  const all = [
    ...scenes.settings.map((setting) => ({ setting })),
    ...scenes.times.flatMap((time) => scenes.seasons.map((season) => ({ time, season }))),
    ...scenes.weathers.map((weather) => ({ weather, time: "night" })),
    ...scenes.moods.map((mood) => ({ mood, setting: "village" })),
    ...scenes.doings.map((doing) => ({ people: [{ who: "girl", doing }], view: "close" })),
    ...scenes.animalKinds.map((kind) => ({ animals: [{ kind, count: 9 }], frame: "tall" })),
    ...scenes.thingKinds.map((kind) => ({
      things: [{ kind, count: 9 }],
      frame: "square",
      setting: "meadow",
    })),
    ...scenes.treeKinds.map((tree) => ({ trees: [tree], season: "winter", focus: "left" })),
    {
      people: Array.from({ length: 9 }, () => ({ who: "man", doing: "walk" })),
      frame: "tall",
      view: "close",
    },
  ];
  for (const [seed, one] of all.entries()) {
    const scene = sceneSchema.parse({ ...one, seed });
    const svg = toSvgFile(scene);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/, JSON.stringify(one));
    assert.ok(svg.length < 2_000_000, `${svg.length} characters for ${JSON.stringify(one)}`);
    assert.ok(countPicture(compose(scene)) < 6_000);
    assert.match(describeScene(scene), /^[A-Z].*\.$/);
  }
});

test("what is asked for is on the picture", () => {
  const plain = countPicture(compose(sceneSchema.parse({ seed: 4 })));
  for (const kind of scenes.thingKinds)
    if (kind !== "path")
      assert.ok(
        countPicture(compose(sceneSchema.parse({ seed: 4, things: [{ kind }] }))) > plain,
        `${kind} is to be seen`,
      );
  for (const kind of scenes.animalKinds.filter((one) => one !== "firefly"))
    assert.ok(countPicture(compose(sceneSchema.parse({ seed: 4, animals: [{ kind }] }))) > plain, kind);
  assert.equal(hasWater(sceneSchema.parse({ setting: "meadow" })), false);
  assert.equal(hasWater(sceneSchema.parse({ setting: "meadow", animals: [{ kind: "duck" }] })), true);
});

test("a plain dress is one with a stripe without the stripe: nothing else hangs below its hem", () => {
  const chance = createChance("dress");
  const light = createLight({ day: 170, hour: 12, days: 20_000 }, "light");
  const stage = { width: 900, height: 600, horizon: 280, lightX: 0, light, still: true, chance };
  const look: Looks = { ...someone(chance), dress: true, warm: false, hat: false };
  const figure = (pose: Pose, stripe: Looks["stripe"]) => {
    const spot = { x: 450, y: 500, h: 200, depth: 0 };
    const { shapes } = paintPerson({ ...stage, defs: createDefs("d") }, pose, spot, { ...look, stripe });
    return shapes.at(-1)!.kids.map((shape) => toText([shape]));
  };
  for (const pose of Object.keys(poses) as Pose[]) {
    const [plain, striped] = [figure(pose, null), figure(pose, [1, 0, 0])];
    const more = striped.filter((shape) => !plain.includes(shape));
    assert.equal(more.length, 1, `${pose}: one stripe`);
    assert.deepEqual(
      plain,
      striped.filter((shape) => !more.includes(shape)),
      pose,
    );
  }
});

test("words change a scene: what is understood is done, what is not is said", () => {
  const change = (words: string) => editScene(full, words);
  const night = change("Make it night, add an owl and two foxes, remove the dog and the campfire");
  assert.equal(night.scene.time, "night");
  assert.deepEqual(night.scene.animals, [
    { kind: "swan", count: 2 },
    { kind: "owl", count: 1 },
    { kind: "fox", count: 2 },
  ]);
  assert.deepEqual(night.scene.things, [{ kind: "lighthouse", count: 1 }]);
  assert.deepEqual(night.unknown, []);
  assert.equal(change("another one please").scene.seed, full.seed + 1);
  assert.equal(change("more swans").scene.animals.find((one) => one.kind === "swan")?.count, 4);
  assert.equal(editScene({ ...full, weather: "rain" }, "no rain").scene.weather, "clear");
  assert.deepEqual(change("let them walk, walking in the snow").scene.weather, "snow");
  assert.deepEqual(change("nobody").scene.people, []);
  assert.equal(change("three children reading").scene.people.filter((one) => one.doing === "read").length, 3);
  const odd = change("add a spaceship, make it winter");
  assert.deepEqual([odd.scene.season, odd.unknown], ["winter", ["add a spaceship"]]);
  assert.deepEqual([change("more jazz").done, change("more jazz").scene], [[], full]);
  const chinese = change("改成晚上，加一只猫头鹰和两只小鹿，去掉狗");
  assert.equal(chinese.scene.time, "night");
  assert.deepEqual(
    chinese.scene.animals.map((one) => [one.kind, one.count]),
    [
      ["swan", 2],
      ["owl", 1],
      ["fawn", 2],
    ],
  );
});

test("a picture is drawn, changed by its words, and refused with a reason when it is none", async () => {
  await using room = await openRoom();
  const { operations } = createCanvas({ blobs: room.blobs });
  const run = (name: string, args: unknown) =>
    operations[name]!.run(operations[name]!.args.parse(args), room.context());
  const drawn = await run("draw", { path: "pictures/one", setting: "lake", animals: [{ kind: "owl" }] });
  assert.equal(drawn.ok, true, drawn.text);
  assert.match(drawn.text, /Drew pictures\/one\.svg and pictures\/one\.png\.\nOn it: A lake .*an owl\./);
  const png = await readFile(join(room.folder, "pictures/one.png"));
  assert.equal(png.subarray(1, 4).toString(), "PNG");
  assert.equal(png.readUInt32BE(16), 1600);
  const changed = await run("change", { path: "pictures/one.svg", words: "make it winter" });
  assert.match(changed.text, /Changed to winter/);
  const svg = await readFile(join(room.folder, "pictures/one.svg"), "utf8");
  assert.equal((fromSvgFile(svg) as { season: string }).season, "winter");
  assert.match((await run("change", { path: "none", words: "night" })).text, /not there/);
  await writeFile(join(room.folder, "x.svg"), "<svg/>");
  assert.match((await run("change", { path: "x", words: "night" })).text, /no picture of the canvas/);
  assert.match((await run("change", { path: "pictures/one", words: "louder" })).text, /says what to change/);
  assert.equal((await run("draw", { path: "../outside/p" })).ok, false);
  assert.equal(await lstat(join(room.outside, "p.svg")).catch(() => null), null);
});

test("[V2] the grammar of a shaped call names every field and value, and is left out for what it cannot say", () => {
  const canvas = createCanvas({ blobs: {} as never });
  const schema = toJsonSchema(canvas.operations.draw!.args);
  const grammar = fenceForm.grammar({ calls: ["canvas.draw", "done"] }, (name) =>
    name === "done" ? null : schema,
  );
  for (const word of [...scenes.settings, ...scenes.doings, ...scenes.thingKinds, "people", "seed"])
    assert.ok(grammar.includes(`\\"${word}\\"`), word);
  assert.match(grammar, /\("canvas\.draw" "\\n" args0-\d+\)/);
  // Every rule that is used is defined, once.
  const defined = [...grammar.matchAll(/^([a-z0-9-]+) ::=/gm)].map((match) => match[1]);
  assert.equal(new Set(defined).size, defined.length);
  const bodies = grammar.replace(/"(?:[^"\\]|\\.)*"|\[(?:[^\]\\]|\\.)*\]/g, " ");
  for (const [, used] of bodies.matchAll(/(args\d+-\d+)/g)) assert.ok(defined.includes(used), used);
  assert.equal(toShapeGrammar({ type: "object", properties: { a: { type: "null" } } }, "x"), null);
  const strict = toShapeGrammar(
    { type: "object", properties: { a: { type: "boolean" }, b: { type: "integer" } }, required: ["b"] },
    "x",
  );
  assert.match(strict?.rules ?? "", /x\d ::= "\\"a\\": " x\d ", " x\d\n/, "b must follow a");
});
