// "Draw what we talked about", on the real embedded model: a conversation stands before the task, as in a thread, and the
// program `painter` draws it. What was said is compared with the scene inside the picture: how much of it is there, and how
// much is there that nobody spoke of. Then the picture is changed by words.
//
//   flock /tmp/model.lock node bench/senses/draw.ts [--out FOLDER] [--only N]
//
// One table to the terminal; the pictures go to FOLDER.

import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { describeScene } from "../../os/src/device/canvas/describe.ts";
import { fromSvgFile } from "../../os/src/device/canvas/picture-file.ts";
import { countOf, type SceneText } from "../../os/src/device/canvas/scene.ts";
import { toLabel } from "../../os/src/device/label.ts";
import { createEmbedded } from "../../os/src/model/embedded.ts";
import { startHum } from "../../os/src/start.ts";
import { talks } from "./talks.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string", default: "" },
    only: { type: "string", default: "" },
    model: { type: "string", default: "qwen2.5-coder-1.5b" },
  },
});
const taskMs = 5 * 60_000;

const shared = process.env.HUM_HOME ?? join(homedir(), ".hum");
const model = await createEmbedded({
  id: values.model,
  file: join(shared, "models", `${values.model}.gguf`),
  kvDir: join(tmpdir(), "hum-draw-kv"),
});
const home = mkdtempSync(join(tmpdir(), "hum-draw-"));
const hum = await startHum({
  home,
  openModel: async () => ({ ...model, info: model.info, close: async () => {} }),
});

/** Gives the painter one task in a folder and waits for its end. */
async function ask(task: string, folder: string, said: string | null) {
  const began = performance.now();
  const entity = await hum.spawner.start({
    task,
    owner: "Kim",
    program: "painter",
    folder,
    class: "interactive",
    context:
      said === null ? null : { text: `What was said before in "Talk":\n${said}`, label: toLabel("person") },
  });
  for await (const record of hum.ledger.journal.follow(0, AbortSignal.timeout(taskMs)))
    if (record.type === "entity.ended" && (record.data as { pid: number }).pid === entity.pid) break;
  return { entity, seconds: (performance.now() - began) / 1000 };
}

const sceneOf = (folder: string): SceneText | null => {
  const file = join(folder, "picture.svg");
  if (!existsSync(file)) return null;
  const scene = fromSvgFile(readFileSync(file, "utf8"));
  return typeof scene === "string" ? null : scene;
};

let [there, wanted, extra, changed, drawn] = [0, 0, 0, 0, 0];
const times: number[] = [];
for (const [index, talk] of talks.entries()) {
  if (values.only !== "" && Number(values.only) !== index + 1) continue;
  const folder = mkdtempSync(join(tmpdir(), "hum-drawn-"));
  const { entity, seconds } = await ask(talk.task, folder, talk.said);
  times.push(seconds);
  const scene = sceneOf(folder);
  if (scene) drawn++;
  const missed = Object.entries(talk.facts).filter(([, holds]) => !(scene && holds(scene)));
  wanted += Object.keys(talk.facts).length;
  there += Object.keys(talk.facts).length - missed.length;
  const strange = scene
    ? [...scene.animals, ...scene.things].map((one) => one.kind).filter((kind) => !talk.may.includes(kind))
    : [];
  extra += strange.length;
  console.log(
    `\n${index + 1}. ${talk.task}: ${entity.outcome?.kind}, ${seconds.toFixed(0)} s, ${entity.turn} turns`,
  );
  console.log(`   ${scene ? describeScene(scene) : `no picture: ${entity.outcome?.text}`}`);
  if (missed.length > 0) console.log(`   missed: ${missed.map(([name]) => name).join(", ")}`);
  if (strange.length > 0) console.log(`   nobody said: ${strange.join(", ")}`);
  if (values.out && scene) {
    mkdirSync(values.out, { recursive: true });
    copyFileSync(join(folder, "picture.png"), join(values.out, `talk-${index + 1}.png`));
  }
  if (scene) {
    const { seconds: more } = await ask("Make it night and add an owl", folder, null);
    const after = sceneOf(folder);
    const good =
      after?.time === "night" && countOf(after.animals, "owl") > 0 && after.setting === scene.setting;
    if (good) changed++;
    console.log(
      `   then "make it night and add an owl": ${good ? "done" : "not done"}, ${more.toFixed(0)} s`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
}
const median = [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
console.log(
  `\npictures ${drawn} of ${times.length}; facts on them ${there} of ${wanted}; things nobody spoke of ${extra}; changed by words ${changed} of ${drawn}; median ${median.toFixed(0)} s`,
);
await hum.stop();
await model.close();
rmSync(home, { recursive: true, force: true });
