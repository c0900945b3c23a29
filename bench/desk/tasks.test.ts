// Proves each desk task: the untouched folder fails, the reference solution passes, plausible wrong work fails.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { numbersIn } from "./kit.ts";
import { canSandbox } from "./sandbox.ts";
import { solutions } from "./solutions.ts";
import type { DeskTask } from "./task.ts";
import { heldTasks } from "./tasks-held.ts";
import { tuneTasks } from "./tasks-tune.ts";

const helpers = `
send() { printf '%s\\0%s\\0' "$1" "$2" >> "$OUTBOX"; }
tell() { printf '%s' "$1" > "$ANSWER"; }
`;

/** Works at a task with a script of ours and says what the checker thinks of it. */
function workWith(task: DeskTask, script: string): string | null {
  const base = mkdtempSync(join(tmpdir(), "desk-test-"));
  try {
    const dir = join(base, "home");
    mkdirSync(dir);
    task.setUp(dir);
    const env = { ...process.env, OUTBOX: join(base, "outbox"), ANSWER: join(base, "answer") };
    spawnSync("bash", ["-c", helpers + script], { cwd: dir, env });
    const read = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");
    const sent = read(env.OUTBOX).split("\0").slice(0, -1);
    const messages = sent.flatMap((to, i) => (i % 2 === 0 ? [{ to, text: sent[i + 1] ?? "" }] : []));
    return task.check({ dir, messages, answer: read(env.ANSWER) });
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

const all = [...tuneTasks, ...heldTasks];

test("there are forty tasks, both halves of the same mix", () => {
  const mix = (tasks: DeskTask[]): string[] => tasks.map((task) => task.category).sort();
  assert.equal(tuneTasks.length, 20);
  assert.deepEqual(mix(tuneTasks), mix(heldTasks));
  assert.equal(new Set(all.map((task) => task.id)).size, 40);
  assert.deepEqual(Object.keys(solutions).sort(), all.map((task) => task.id).sort());
});

test("numbers are read as people write them", () => {
  assert.deepEqual(numbersIn("Total: 1,234.50 EUR on 2026-03-15 at 09:30, -4 and 17."), [1234.5, -4, 17]);
  assert.deepEqual(numbersIn("$120.00 (3x) 12,5"), [120, 3, 12, 5]);
});

const sandboxed = canSandbox();

for (const task of all) {
  const skip =
    !sandboxed && ["program", "bugfix"].includes(task.category) ? "bubblewrap does not work here" : false;
  test(`desk task ${task.id}`, { skip }, () => {
    assert.notEqual(workWith(task, "true"), null, "the untouched folder passes");
    const { right, wrong } = solutions[task.id]!;
    assert.equal(workWith(task, right), null);
    assert.ok(wrong.length > 0);
    for (const script of wrong) {
      const why = workWith(task, script);
      assert.notEqual(why, null, `wrong work passes: ${script}`);
      assert.ok(!why!.includes("cannot be read") && !why!.includes("\n"), `unclear reason: ${why}`);
    }
  });
}
