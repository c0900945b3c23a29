// Rooms import downwards only. boot.ts and start.ts put the rooms together and stand above them; only what talks to
// people and programs (workplace, sim, cli, index.ts) may stand above those.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src", import.meta.url));

/** Low to high. */
const order = [
  ...["journal", "memory", "entity", "model", "device", "syscall", "scheduler", "inbox"],
  ...["boot", "workplace", "sim", "cli", "index"],
];

/** Files directly in os/src that any room may import. */
const common = new Set(["error.ts", "limits.ts", "home.ts", "version.ts"]);

const roomOf = (path: string): string => {
  const name = relative(source, path);
  if (name === "boot.ts" || name === "start.ts") return "boot";
  if (name === "index.ts") return "index";
  return name.includes("/") ? (name.split("/")[0] as string) : "common";
};

function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g)].map(
    (match) => match[1] as string,
  );
  const urls = [...text.matchAll(/new URL\("(\.{1,2}\/[^"]+\.ts)"/g)].map((match) => match[1] as string);
  return [...found, ...urls].map((path) => resolve(dirname(file), path));
}

const files = readdirSync(source, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".ts"))
  .map((name) => join(source, name));

test("[K7] rooms import downwards only", () => {
  assert.ok(files.length > 60);
  const wrong: string[] = [];
  for (const file of files) {
    const room = roomOf(file);
    for (const target of importsOf(file)) {
      const other = roomOf(target);
      const name = relative(source, target);
      if (other === "common") {
        if (!common.has(name)) wrong.push(`${relative(source, file)} imports ${name}, which is not for all`);
      } else if (room === "common") wrong.push(`${relative(source, file)} is for all and imports ${name}`);
      else if (!order.includes(other) || !order.includes(room))
        wrong.push(`${relative(source, file)} or ${name} is in no room of the list`);
      else if (order.indexOf(other) > order.indexOf(room))
        wrong.push(`${relative(source, file)} imports ${name}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("[K7] a room has no file that says nothing at its head", () => {
  const silent = files.filter((file) => !/^(#!.*\n)?\/\//.test(readFileSync(file, "utf8")));
  assert.deepEqual(
    silent.map((file) => relative(source, file)),
    [],
  );
});

test("[D3] no side door: turns, calls and the scheduler touch no file, no network and no process themselves", () => {
  const doors =
    /from "node:(fs|fs\/promises|child_process|net|http|https|http2|dgram|tls|dns|worker_threads)"|\bfetch\(/;
  const wrong = files.filter(
    (file) => ["scheduler", "syscall"].includes(roomOf(file)) && doors.test(readFileSync(file, "utf8")),
  );
  assert.deepEqual(
    wrong.map((file) => relative(source, file)),
    [],
  );
});
