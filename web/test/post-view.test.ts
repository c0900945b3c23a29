// The words of a post in pieces, what its links say, when it is folded, and what is shown of its files.

import assert from "node:assert/strict";
import { test } from "node:test";
import { toFileKind, toFileThread, toName, toNumberColumns, toTable } from "../src/post/files.ts";
import { toLinkView } from "../src/post/links.ts";
import { toOrigins } from "../src/post/origins.ts";
import { isPlain, toCodePieces, toFolded, toPieces } from "../src/post/pieces.ts";

const shape = (text: string, mentions: string[] = []) =>
  toPieces(text, mentions).map((piece) =>
    piece.kind === "text" ? piece.text : `<${piece.kind} ${piece.name}>`,
  );

test("names are mentions only when the server knows them, and words with # are channels", () => {
  assert.deepEqual(shape("@Clerk ask @nobody in #general, please", ["clerk"]), [
    ...["<mention Clerk>", " ask @nobody in ", "<channel general>", ", please"],
  ]);
  assert.deepEqual(shape("a@clerk.org x#general /#general &#35;", ["clerk"]), [
    "a@clerk.org x#general /#general &#35;",
  ]);
  assert.deepEqual(shape("@张三 你好", ["张三"]), ["<mention 张三>", " 你好"]);
});

test("what cannot be seen is marked, once for a run; what languages need is left", () => {
  assert.deepEqual(shape("invoice\u202efdp.exe a\u200bb"), [
    ...["invoice", "<mark RLO>", "fdp.exe a", "<mark ZWSP>", "b"],
  ]);
  assert.deepEqual(shape(`x${"\u{e0041}".repeat(40)}y`), ["x", "<mark U+E0041 +39>", "y"]);
  const kept = "👩‍👩‍👧 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} می‌خواهم e\u0301\n\ttwo";
  assert.deepEqual(shape(kept), [kept]);
  assert.deepEqual(
    toCodePieces("a #b @c\u2066").map((piece) => (piece.kind === "text" ? piece.text : piece.kind)),
    ["a ", "#b", " @c", "mark"],
  );
});

test("only words without any Markdown are drawn without its reader", () => {
  for (const text of ["Hello, Ada.\nAll is done: 3 of 4.", "@clerk look at #general!", "It's 5 o'clock"])
    assert.equal(isPlain(text), true, text);
  const marked = ["**a**", "`x`", "- one", "1. one", "# head", "a | b", "<b>", "https://a.b", "see www.a.b"];
  for (const text of [...marked, "    code", "mail me@a.org", "x\n===", "[a](b)", "> said"])
    assert.equal(isPlain(text), false, text);
});

test("a link says its host where its words do not, and only the web is a way out", () => {
  assert.deepEqual(toLinkView("https://a.org/x", "https://a.org/x"), { inside: false, host: null });
  assert.deepEqual(toLinkView("https://a.org/x", "a.org"), { inside: false, host: null });
  assert.deepEqual(toLinkView("https://evil.org/", "https://bank.org/"), { inside: false, host: "evil.org" });
  assert.deepEqual(toLinkView("https://bank.org@evil.org/", "bank.org"), { inside: false, host: "evil.org" });
  assert.deepEqual(toLinkView("https://a.org.evil.org/", "a.org"), { inside: false, host: "a.org.evil.org" });
  assert.deepEqual(toLinkView("mailto:a%40b.c", "write"), { inside: false, host: "a@b.c" });
  assert.deepEqual(toLinkView("#/c/general", "there"), { inside: true });
  for (const href of ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "/x", "#token=1", ""])
    assert.equal(toLinkView(href, "x"), null, href);
});

test("a long post is folded at the end of a line or word, a post that is hardly longer is not", () => {
  assert.equal(toFolded("short\n".repeat(30)), null);
  assert.equal(toFolded("short\n".repeat(60))?.split("\n").length, 24);
  const words = toFolded("word ".repeat(2000)) ?? "";
  assert.ok(words.endsWith("word…") && words.length <= 1_801);
  assert.ok((toFolded("x".repeat(9000)) ?? "").length <= 1_801);
});

test("files lie with the thread of their post", () => {
  assert.equal(toFileThread({ id: "p", thread: "t", channel: "c" }, false), "t");
  assert.equal(toFileThread({ id: "p", thread: null, channel: "c" }, false), "p");
  assert.equal(toFileThread({ id: "p", thread: null, channel: "dm-a-b" }, true), "dm-a-b");
  assert.deepEqual(toName("a/b/c.csv"), { folder: "a/b/", name: "c.csv" });
  assert.deepEqual(["x.CSV", "x.png", "README", "x.md", "x.svg", "x.zip"].map(toFileKind), [
    ...["table", "image", "text", "text", "text", "other"],
  ]);
});

test("a table is read as CSV is written, with any of its separators", () => {
  const most = { rows: 3, cells: 3 };
  assert.deepEqual(toTable('a,b\n"x ""y"", z","1\n2"\n', most), {
    rows: [
      ["a", "b"],
      ['x "y", z', "1\n2"],
    ],
    cut: false,
  });
  assert.deepEqual(toTable("a;b\r\n1;2", most).rows, [
    ["a", "b"],
    ["1", "2"],
  ]);
  assert.deepEqual(toTable("a\tb\tc\td\n", most), { rows: [["a", "b", "c"]], cut: true });
  assert.equal(toTable("a\n1\n2\n3\n", most).cut, true);
  const rows = [
    ["date", "amount"],
    ["3 Oct", "1,190.00"],
    ["9 Oct", "-249.90"],
  ];
  assert.deepEqual(toNumberColumns(rows), [false, true]);
});

test("files and programs of this machine are told from what is beyond it", () => {
  const here = ["terminal", "file:/h/threads/p5-1", "file:/h/threads/p5-1/in.csv", "file:/home/ada/a.txt"];
  assert.deepEqual(toOrigins(here), { outside: [], here: ["terminal", "./", "in.csv", "/home/ada/a.txt"] });
  const beyond = ["https://a.org/x", "mcp:notes", "terminal.evil.org", "profile:/x"];
  assert.deepEqual(toOrigins([...beyond, "terminal"]), { outside: beyond, here: ["terminal"] });
});
