// What reaches a terminal: text of entities without control characters, a call as it streams, tables.

import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import type { Io } from "../src/cli/io.ts";
import { clean, cutLines, showAll, toAge, toLine, toShort, toSize, toTable } from "../src/cli/text.ts";
import { createView, toChangeLines, unfence } from "../src/cli/view.ts";
import type { JournalRecord } from "../src/journal/journal.ts";

test("no text makes a terminal do anything", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (text) => {
      for (const shown of [clean(text), showAll(text), toLine(text, 40), ...cutLines(text, 3)])
        assert.doesNotMatch(shown.replaceAll("\u200d", ""), /(?![\t\n])[\p{Cc}\p{Cf}]/u);
    }),
  );
  assert.equal(clean("a\u001b[31mred\u001b[0m\r\nb\u0007"), "ared\nb\\x07");
  assert.equal(showAll("pay \u202eelpoep"), "pay \\x202eelpoep", "the direction of writing cannot be turned");
});

test("a call loses its fences, however the text is cut into pieces", () => {
  const said = "I look.\n```bash\necho '`a` ``b``'\nhead -3 x\n```";
  const expected = "I look.\nbash\necho '`a` ``b``'\nhead -3 x";
  assert.equal(unfence(said), expected);
  assert.equal(unfence("```done\nAll is there.\n```"), "done\nAll is there.");
  assert.equal(unfence("just words"), "just words");
  fc.assert(
    fc.property(fc.array(fc.nat(said.length), { maxLength: 12 }), (cuts) => {
      const terminal = openTerminal();
      let at = 0;
      for (const cut of [...cuts.sort((a, b) => a - b), said.length]) {
        terminal.text(said.slice(at, cut));
        at = cut;
      }
      terminal.end();
      assert.equal(terminal.out().trimEnd(), `▸ ${expected.replaceAll("\n", "\n  ")}`);
    }),
  );
});

test("the words of done are not shown twice", () => {
  const terminal = openTerminal();
  for (const piece of ["All is", " there.\n`", "``do", "ne\nThe li", "st.\n```"]) terminal.text(piece);
  terminal.end();
  assert.equal(terminal.out(), "▸ All is there.\n");
});

test("an answer that is begun again starts on a new line", () => {
  const terminal = openTerminal();
  terminal.text("I lo");
  terminal.view.live({ type: "model", pid: 1, event: { type: "restart", why: "made room" } });
  terminal.text("I look.");
  terminal.end();
  assert.equal(terminal.out(), "▸ I lo\n  begun again: made room\n▸ I look.\n");
});

test("only what takes more than a second gets a status line, and it is wiped", async (t) => {
  t.mock.timers.enable({ apis: ["setInterval"] });
  const now = t.mock.method(performance, "now", () => 0);
  const terminal = openTerminal();
  terminal.view.status("reading 10 of 900 tokens");
  now.mock.mockImplementation(() => 900);
  t.mock.timers.tick(250);
  assert.equal(terminal.out(), "");
  now.mock.mockImplementation(() => 1_100);
  terminal.view.status("reading 20 of 900 tokens");
  t.mock.timers.tick(250);
  t.mock.timers.tick(250);
  assert.equal(terminal.out(), "… reading 20 of 900 tokens (1 s)", "drawn once while nothing changes");
  terminal.view.line("done");
  assert.equal(terminal.out(), "… reading 20 of 900 tokens (1 s)\r\u001b[Kdone\n");
});

test("the record of a call shows its output and files, without a terminal the call too", () => {
  const terminal = openTerminal({ live: false });
  terminal.view.record(
    record("turn.said", {
      pid: 1,
      bad: null,
      pages: [{ role: "assistant", text: "Now.\n```bash\nls\n```" }],
    }),
  );
  terminal.view.record(
    record("call.ended", {
      pid: 1,
      name: "bash",
      ok: true,
      pages: [{ text: `[exit code 0]\n${"line\n".repeat(30)}Files: new a.txt.` }],
      changes: [{ path: "/work/a.txt", before: null, after: "x" }],
    }),
  );
  const lines = terminal.out().split("\n");
  assert.deepEqual(lines.slice(0, 4), ["▸ Now.", "  bash", "  ls", "  line"]);
  assert.deepEqual(lines.slice(-3), ["  … 20 more lines", "  + a.txt", ""]);
});

test("changed files are told by sign and path within the folder", () => {
  const change = (path: string, before: string | null, after: string | null) => ({ path, before, after });
  assert.deepEqual(
    toChangeLines([change("/w/a", null, "1"), change("/w/b/c", "1", "2"), change("/x", "1", null)], "/w"),
    ["+ a", "~ b/c", "- /x"],
  );
  const many = Array.from({ length: 20 }, (_, i) => change(`/w/${i}`, null, "1"));
  assert.deepEqual(toChangeLines(many, "/w").at(-1), "… and 12 more");
});

test("numbers and tables as people read them", () => {
  assert.deepEqual(
    [toShort(999), toShort(9_999), toShort(12_345), toShort(1_234_567)],
    ["999", "9999", "12k", "1.2M"],
  );
  assert.deepEqual([toSize(999), toSize(1_500), toSize(1.1e9)], ["999 B", "1.5 kB", "1.1 GB"]);
  assert.deepEqual([toAge(59_000), toAge(61_000), toAge(7.3e6), toAge(2e8)], ["59s", "1m", "2h", "2d"]);
  assert.deepEqual(
    toTable(
      ["PID", "NAME"],
      [
        ["1", "Sue"],
        ["12", "Al"],
      ],
      [0],
    ),
    ["PID  NAME", "  1  Sue", " 12  Al"],
  );
});

const record = (type: string, data: object): JournalRecord =>
  ({ type, data, seq: 1, stream: "entity/1", index: 1, at: 0, hash: "" }) as JournalRecord;

function openTerminal(options: { live?: boolean } = {}) {
  const stderr = new PassThrough();
  let out = "";
  stderr.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const io = { stderr, live: options.live ?? true, color: false, width: () => 100 } as unknown as Io;
  const view = createView(io, () => ({ pid: 1, folder: "/work" }));
  return {
    view,
    text: (text: string) => view.live({ type: "model", pid: 1, event: { type: "text", text, tokens: 1 } }),
    end: () =>
      view.live({
        type: "model",
        pid: 1,
        event: { type: "end", reason: "stop", usage: { input: 0, cached: 0, output: 0 }, ms: 1 },
      }),
    out: () => {
      const rest = stderr.read();
      if (rest !== null) out += rest;
      return out;
    },
  };
}
