// What stands in an approval can neither hide nor pose as the frame around it; only equal ones are answered together.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { ShownApproval } from "../../os/src/workplace/api.ts";
import { parseDiff } from "../src/control/view/diff.ts";
import { canAnswerTogether, sortApprovals, toGroups, toNextId, toScopes } from "../src/control/view/inbox.ts";
import { toCalls, toEscapedJson, toPayloadRows } from "../src/control/view/payload.ts";
import {
  countHidden,
  findMixedWords,
  reveal,
  revealLines,
  toPlain,
  toSafeLine,
} from "../src/control/view/reveal.ts";

const code = (point: number) => String.fromCodePoint(point);

test("bidi marks, zero width, controls, tags and odd spaces become visible marks", () => {
  const hostile = [
    0x202e, 0x2066, 0x200b, 0x200d, 0xfeff, 0x00, 0x1b, 0x7f, 0xe0041, 0xfe0f, 0x3164, 0xa0, 0x2028, 0xad,
  ];
  for (const point of hostile) {
    const pieces = reveal(`a${code(point)}b`);
    assert.equal(pieces.length, 3, `U+${point.toString(16)} is a mark of its own`);
    assert.equal(pieces[1]?.kind, "mark");
  }
  assert.equal(toPlain(reveal(`pay${code(0x202e)}001`)), "pay⟨RLO⟩001");
  assert.equal(countHidden(`a${code(0x200b)}\n\tb`), 1);
});

test("common text of every language stays as it is", () => {
  for (const text of [
    "rm -rf ./build",
    "请把文件整理好",
    "Ärger, naïve, Việt",
    "שלום",
    "مرحبا",
    "日本語のテキスト",
  ])
    assert.deepEqual(reveal(text), [{ kind: "text", text }]);
});

test("a pile of accents is broken up, so that it covers no other line", () => {
  const pile = `a${code(0x301).repeat(40)}`;
  assert.ok(reveal(pile).filter((piece) => piece.kind === "mark").length >= 38);
  assert.equal(
    reveal(code(0x301))[0]?.kind,
    "mark",
    "an accent without a letter does not stand on the frame",
  );
});

test("a lone surrogate and a private character are marks", () => {
  assert.equal(reveal("a\ud800")[1]?.kind, "mark");
  assert.equal(reveal(code(0xe000))[0]?.kind, "mark");
});

test("lines are numbered, and spaces at their ends and carriage returns are seen", () => {
  const lines = revealLines("one  \ntwo\r\n");
  assert.deepEqual(
    lines.map((line) => [line.number, toPlain(line.pieces)]),
    [
      [1, "one⟨··⟩"],
      [2, "two⟨CR⟩"],
      [3, ""],
    ],
  );
});

test("a line for a title is one line, whatever the text", () => {
  assert.equal(toSafeLine(`a\nb\tc${code(0x202e)}`), "a ⏎ b c⟨RLO⟩");
  assert.equal([...toSafeLine("x".repeat(500), 20)].length, 20);
});

test("words that mix alphabets which look alike are found", () => {
  assert.deepEqual(findMixedWords("visit pаypal.com and example.org"), ["pаypal"]);
  assert.deepEqual(findMixedWords("Привет мир, hello world"), []);
});

test("a payload is shown whole: every value with its path, texts by line, keys that cannot pose as paths", () => {
  const rows = toPayloadRows({
    name: "terminal.run",
    args: { command: "a\nb", n: 1, list: ["x"], none: [], "a.b": null },
  });
  assert.deepEqual(
    rows.map((row) => [row.path, row.kind, row.lines.map((line) => toPlain(line.pieces)).join("|")]),
    [
      ["name", "text", "terminal.run"],
      ["args.command", "text", "a|b"],
      ["args.n", "json", "1"],
      ["args.list[0]", "text", "x"],
      ["args.none", "json", "[]"],
      ['args["a.b"]', "json", "null"],
    ],
  );
});

test("escaped JSON has printable ASCII only and reads back as the same payload", () => {
  const payload = { text: `é${code(0x202e)}${code(0x1f600)}\n` };
  const text = toEscapedJson(payload);
  assert.match(text, /^[\n\x20-\x7e]*$/);
  assert.deepEqual(JSON.parse(text), payload);
});

function approval(id: string, part: Partial<ShownApproval> = {}): ShownApproval {
  return {
    id,
    pid: 1,
    kind: "effect",
    what: "http.get",
    why: "it reaches example.org, and nobody granted that",
    payload: {},
    hash: id,
    askedAt: 0,
    expiresAt: 1e12,
    name: "scout",
    program: "worker",
    thread: null,
    sources: [],
    diff: null,
    sink: "example.org",
    scopes: ["once"],
    ...part,
  };
}

test("approvals: what ends soon comes first, then the oldest", () => {
  const all = [
    approval("b", { askedAt: 5 }),
    approval("c", { expiresAt: 1_000 }),
    approval("a", { askedAt: 9 }),
  ];
  assert.deepEqual(
    sortApprovals(all, 0).map((one) => one.id),
    ["c", "b", "a"],
  );
});

test("only the same operation on the same sink is answered together; budgets and doubts never", () => {
  const same = [approval("a"), approval("b")];
  assert.ok(canAnswerTogether(same));
  assert.ok(!canAnswerTogether([approval("a"), approval("b", { sink: "evil.example" })]));
  assert.ok(!canAnswerTogether([approval("a"), approval("b", { what: "http.post" })]));
  assert.ok(!canAnswerTogether([approval("a", { kind: "in-doubt" }), approval("b", { kind: "in-doubt" })]));
  assert.ok(!canAnswerTogether([]));
  const groups = toGroups([...same, approval("c", { kind: "budget" }), approval("d", { kind: "budget" })]);
  assert.deepEqual(
    groups.map((group) => group.members.map((one) => one.id)),
    [["a", "b"], ["c"], ["d"]],
  );
});

test("a scope is offered when every selected one allows it", () => {
  const wide = approval("a", { scopes: ["once", "thread", "standing"] });
  assert.deepEqual(toScopes([wide]), ["once", "thread", "standing"]);
  assert.deepEqual(toScopes([wide, approval("b", { scopes: ["once", "thread"] })]), ["once", "thread"]);
});

test("the cursor goes to the next when one is answered", () => {
  assert.equal(toNextId(["a", "b", "c"], "b"), "c");
  assert.equal(toNextId(["a", "b"], "b"), "a");
  assert.equal(toNextId(["a"], "a"), null);
});

test("a diff is read with its line numbers, and a removed line of dashes is no head", () => {
  const text =
    "--- a/x.txt\n+++ b/x.txt\n@@ -1,3 +1,3 @@\n one\n--- two\n+2\n three\n\\ No newline at end of file\n";
  const [file] = parseDiff(text);
  assert.ok(file);
  assert.deepEqual([file.from, file.to, file.plus, file.minus], ["x.txt", "x.txt", 1, 1]);
  assert.deepEqual(
    file.hunks[0]?.lines.map((line) => [line.kind, line.text, line.old, line.new]),
    [
      ["same", "one", 1, 1],
      ["minus", "-- two", 2, null],
      ["plus", "2", null, 2],
      ["same", "three", 3, 3],
      ["note", "\\ No newline at end of file", null, null],
    ],
  );
});

test("several files, new and gone ones, and text that is no diff are all kept", () => {
  const text =
    "--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1 @@\n+a\n--- a/old.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-b\n";
  const files = parseDiff(text);
  assert.deepEqual(
    files.map((file) => [file.from, file.to, file.plus, file.minus]),
    [
      [null, "new.txt", 1, 0],
      ["old.txt", null, 0, 1],
    ],
  );
  const [plain] = parseDiff("Binary files differ");
  assert.equal(plain?.hunks[0]?.lines[0]?.text, "Binary files differ");
});

test("an approval is for several calls only where the kernel says so, not where an argument is called so", () => {
  const calls = [{ url: "https://a.example" }, { url: "https://b.example" }];
  assert.equal(toCalls({ kind: "effect", payload: { name: "http.get", calls } }), calls);
  assert.equal(toCalls({ kind: "effect", payload: { name: "http.get", args: { calls } } }), null);
  assert.equal(toCalls({ kind: "in-doubt", payload: { calls } }), null, "there the payload is the arguments");
});
