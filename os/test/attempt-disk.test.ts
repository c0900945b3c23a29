// Attempts on a real disk, with real programs in the real sandbox: what is taken back and brought back are files and
// folders with their contents.

import assert from "node:assert/strict";
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Past } from "../src/device/past.ts";
import { detectSandbox } from "../src/device/sandbox.ts";
import type { Entity } from "../src/entity/entity.ts";
import { undoEntity } from "../src/inbox/undo.ts";
import { createScripted } from "../src/model/scripted.ts";
import { startHum } from "../src/start.ts";
import { say } from "./fixtures/machine.ts";

const skip = (await detectSandbox()) ? false : "no sandbox on this machine";

/** Paths with contents and, for files, permissions. */
function treeOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => {
      const path = join(entry.parentPath, entry.name);
      const mode = (statSync(path).mode & 0o777).toString(8);
      return `${path.slice(folder.length + 1)} ${entry.isDirectory() ? "/" : `${mode} ${readFileSync(path, "utf8")}`}`;
    })
    .sort();
}

interface Ended {
  entity: Entity;
  /** What the folder held when the model was asked, by call. */
  seen: string[][];
  after: string[];
  undone: string[];
}

/** Does the task with these programs, one an attempt, and undoes it at the end. */
async function attempt(programs: readonly string[], attempts: number): Promise<Ended> {
  const base = realpathSync(mkdtempSync(join(tmpdir(), "hum-attempt-")));
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "hum-attempt-folder-")));
  for (const name of ["a.txt", "b.txt", "c.pdf"])
    writeFileSync(join(folder, name), `in ${name}`, { mode: 0o640 });
  const seen: string[][] = [];
  const model = createScripted(
    (_request, index) => {
      seen.push(treeOf(folder));
      return index % 2 === 0 ? say("python", "", programs[index / 2]) : say("done", "", `Done ${index}.`);
    },
    { attempts },
  );
  const hum = await startHum({ home: base, openModel: async () => model });
  try {
    const entity = await hum.inbox.task({ task: "Sort the files.", owner: "Kim", folder });
    await hum.dispatch.idle();
    const after = treeOf(folder);
    const { ledger, dispatch } = hum;
    await undoEntity(
      { ledger, dispatch, past: hum.past as Past },
      { pid: entity.pid, by: "Kim", force: false },
    );
    return { entity, seen, after, undone: treeOf(folder) };
  } finally {
    await hum.stop();
    for (const path of [base, folder]) rmSync(path, { recursive: true, force: true });
  }
}

const sort =
  "os.makedirs('texts/old')\nshutil.move('a.txt', 'texts')\nos.rename('b.txt', 'texts/old/b.txt')\nos.chmod('c.pdf', 0o600)";

test("[R2] [R3] [R4] without agreement the first result is made again, and an undo takes it back", {
  skip,
}, async () => {
  const programs = [sort, "os.remove('a.txt')\nopen('c.pdf', 'a').write('!')", "os.makedirs('x/y')"];
  const { entity, seen, after, undone } = await attempt(programs, 3);
  assert.deepEqual(entity.outcome, { kind: "done", text: "Done 1.", votes: { for: 1, of: 3 } });
  assert.deepEqual([seen[2], seen[4]], [seen[0], seen[0]]);
  assert.deepEqual(after, seen[1]);
  assert.ok(
    after.includes("texts/old/b.txt 640 in b.txt") && after.includes("c.pdf 600 in c.pdf"),
    after.join("\n"),
  );
  assert.deepEqual(undone, seen[0]);
});

test("[R3] [R4] two ways to the same files are the same result", { skip }, async () => {
  const other =
    "os.makedirs('texts/old')\nfor name in ['a.txt', 'b.txt']:\n    shutil.move(name, 'texts/old' if name[0] == 'b' else 'texts')";
  const { entity, seen, after, undone } = await attempt([sort, `${other}\nos.chmod('c.pdf', 0o600)`], 3);
  assert.deepEqual(entity.outcome?.votes, { for: 2, of: 2 });
  assert.deepEqual(after, seen[3]);
  assert.deepEqual(undone, seen[0]);
});
