// The view models of conversations: rows, what an entity is saying, mentions, drafts, days.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Post, ProcessRow } from "../../os/src/workplace/contract.ts";
import { keepDraft, readDraft, type Shelf, toDraftName, toFreeName } from "../src/chat/view/drafts.ts";
import {
  findMention,
  findStranger,
  matchNames,
  type Name,
  takeName,
  toKnown,
} from "../src/chat/view/mention.ts";
import { countNew, type RowParts, step, toRows, toWalk } from "../src/chat/view/rows.ts";
import { toSpoken } from "../src/chat/view/spoken.ts";
import { toDoing, toLiving, toShownState, toUsedPart } from "../src/chat/view/task.ts";
import { daysBetween, toDay } from "../src/chat/view/when.ts";
import { type LiveEvent, takeLive } from "../src/store/live.ts";
import type { Pending } from "../src/store/outbox.ts";

const morning = new Date(2026, 10, 24, 9, 0).getTime();
const minute = 60_000;

const post = (seq: number, more: Partial<Post> = {}) =>
  ({
    ...{ id: `p${seq}`, seq, channel: "general", thread: null, kind: "text", text: `${seq}`, files: [] },
    ...{ from: { kind: "person", name: "Ada" }, at: morning + seq * minute, deleted: false, editedAt: null },
    ...more,
  }) as Post;
const by = (name: string, pid = 1) => ({
  from: { kind: "entity" as const, name, program: name, pid },
});

const parts = (posts: Post[], more: Partial<RowParts> = {}): RowParts => ({
  ...{ posts, whole: true, current: true, root: null, person: "Ada", seenAt: null, pending: [], live: [] },
  ends: () => false,
  ...more,
});
const shape = (given: RowParts) =>
  toRows(given).map((row) =>
    row.kind === "post"
      ? `${row.key}${row.head ? "*" : ""}`
      : row.kind === "pending"
        ? `pending${row.head ? "*" : ""}`
        : row.kind,
  );

test("posts of one author that follow closely stand together; another author, a gap, a thread or a day begin anew", () => {
  assert.deepEqual(shape(parts([post(1), post(2), post(3, by("scribe")), post(4, by("scribe"))])), [
    ...["begin", "day", "p1*", "p2", "p3*", "p4"],
  ]);
  assert.deepEqual(shape(parts([post(1), post(7)])), ["begin", "day", "p1*", "p7*"]);
  assert.deepEqual(shape(parts([post(1), post(2)], { ends: (one) => one.id === "p1" })), [
    ...["begin", "day", "p1*", "p2*"],
  ]);
  assert.deepEqual(shape(parts([post(1), post(2, { at: morning + 86_400_000 })])), [
    ...["begin", "day", "p1*", "day", "p2*"],
  ]);
  assert.deepEqual(shape(parts([post(1, by("scribe", 1)), post(2, by("scribe", 2))])), [
    ...["begin", "day", "p1*", "p2*"],
  ]);
});

test("quiet lines of the kernel never join a group", () => {
  const quiet = { kind: "status", from: { kind: "kernel", name: "Hum" } } as const;
  assert.deepEqual(shape(parts([post(1), post(2, quiet), post(3)])), ["begin", "day", "p1*", "p2*", "p3*"]);
});

test("the line before what is new stands before the first unseen post of somebody else", () => {
  const posts = [post(1), post(2), post(3), post(4, by("scribe")), post(5, by("scribe"))];
  assert.deepEqual(shape(parts(posts, { seenAt: 2 })), [
    "begin",
    "day",
    "p1*",
    "p2",
    "p3",
    "new",
    "p4*",
    "p5",
  ]);
  assert.ok(!shape(parts(posts, { seenAt: 5 })).includes("new"), "all was seen");
  assert.ok(!shape(parts(posts, { seenAt: null })).includes("new"), "never seen: all would be new");
  // Where the unseen ones begin before this stretch nobody knows the place of the line.
  assert.ok(!shape(parts(posts.slice(3), { seenAt: 2, whole: false })).includes("new"));
});

test("a stretch in the middle has no beginning, and nothing on its way or at work at its end", () => {
  const pending = [{ key: "k", at: morning + 2 * minute } as Pending];
  assert.deepEqual(shape(parts([post(1)], { whole: false, current: false, pending, live: [7] })), [
    "day",
    "p1*",
  ]);
  assert.deepEqual(shape(parts([post(1)], { pending, live: [7] })), [
    "begin",
    "day",
    "p1*",
    "pending",
    "live",
  ]);
});

test("a result takes the place of the row in which it was written, under the same key", () => {
  const before = toRows(parts([post(1)], { live: [7, 8] }));
  const result = post(2, { ...by("scribe", 7), kind: "result" });
  const after = toRows(parts([post(1), result], { live: [7, 8] }));
  assert.deepEqual(
    before.slice(2).map((row) => row.key),
    ["p1", "live/7", "live/8"],
  );
  assert.deepEqual(
    after.slice(2).map((row) => row.key),
    ["p1", "live/7", "live/8"],
  );
  assert.deepEqual(
    after.slice(2).map((row) => row.kind),
    ["post", "post", "live"],
  );
});

test("a thread begins with its first post, whose day is not said again", () => {
  const root = post(1);
  assert.deepEqual(shape(parts([post(2, by("scribe"))], { root })), ["root", "p2*"]);
});

test("j and k walk over posts, not over dividers or quiet lines, and stop at the ends", () => {
  const quiet = { kind: "status" } as const;
  const walk = toWalk(toRows(parts([post(1), post(2, quiet), post(3)])));
  assert.deepEqual(
    walk.map((one) => one.id),
    ["p1", "p3"],
  );
  assert.equal(step(walk, null, 1)?.id, "p3", "from nowhere to the newest");
  assert.equal(step(walk, "p3", -1)?.id, "p1");
  assert.equal(step(walk, "p1", -1)?.id, "p1");
  assert.equal(step([], null, 1), null);
});

test("what is new below counts words of others only", () => {
  const posts = [post(1, by("a")), post(2), post(3, by("a")), post(4, { kind: "status" })];
  assert.equal(countNew(posts, 1, "Ada"), 1);
  assert.equal(countNew(posts, 0, "Ada"), 2);
});

test("what an entity writes is read at every character: words for people are words, all else is a step", () => {
  const whole = "First I look.\n```bash\nhead -3 sales.csv\n```";
  for (let end = 0; end <= whole.length; end++) {
    const { words, thought } = toSpoken(whole.slice(0, end));
    assert.equal(words, "", `after ${end}`);
    assert.ok("First I look.".startsWith(thought), `after ${end}: ${thought}`);
  }
  assert.deepEqual(toSpoken(whole), {
    words: "",
    thought: "First I look.",
    step: { name: "bash", head: "", body: "head -3 sales.csv" },
  });
  assert.equal(toSpoken("Next.\n```done\nThere are **12**.\n- a").words, "There are **12**.\n- a");
  assert.equal(toSpoken("```say Ada\nIt is there.\n```").words, "It is there.");
  assert.deepEqual(toSpoken("```write list.txt\nmilk\n```").step, {
    name: "write",
    head: "list.txt",
    body: "milk",
  });
  assert.equal(toSpoken("```do").step, null, "half a name is no step yet");
});

test("a fence that ends is not shown, also while it is only begun", () => {
  assert.equal(toSpoken("```done\nAll good.\n`").words, "All good.");
  assert.equal(toSpoken("```done\nAll good.\n```").words, "All good.");
  assert.equal(toSpoken("```done\nUse `ls` here").words, "Use `ls` here");
});

test("the JSON form is read as well, with escapes that are cut in the middle", () => {
  const whole = `{"call": "done", "body": "One\\nsays \\"two\\" \\u00e9"}`;
  assert.equal(toSpoken(whole).words, 'One\nsays "two" é');
  for (let end = 0; end < whole.length; end++) {
    const { words } = toSpoken(whole.slice(0, end));
    assert.ok('One\nsays "two" é'.startsWith(words), `after ${end}: ${JSON.stringify(words)}`);
  }
  assert.deepEqual(toSpoken(`{"call": "bash", "body": "ls"}`).step, { name: "bash", head: "", body: "ls" });
});

const names: Name[] = [
  { name: "bookkeeper", kind: "entity", about: "" },
  { name: "scribe", kind: "entity", about: "" },
  { name: "Linus Wagner", kind: "person", about: "" },
  { name: "王芳", kind: "person", about: "" },
];

test("a mention is found at the caret only where one can stand", () => {
  assert.deepEqual(findMention("Hi @sc", 6), { at: 3, word: "sc" });
  assert.deepEqual(findMention("@", 1), { at: 0, word: "" });
  assert.deepEqual(findMention("请@王", 3), null, "as the server reads it: a letter stands before");
  assert.equal(findMention("me@example.org", 10), null);
  assert.equal(findMention("Hi @sc there", 12), null, "the caret is elsewhere");
  assert.deepEqual(findMention("Hi @sc there", 6), { at: 3, word: "sc" });
});

test("names that begin with the word come first, then those with a part that does", () => {
  assert.deepEqual(
    matchNames(names, "w").map((one) => one.name),
    ["Linus Wagner"],
  );
  assert.deepEqual(
    matchNames(names, "").map((one) => one.name),
    names.map((one) => one.name),
  );
  assert.deepEqual(matchNames(names, "王")[0]?.name, "王芳");
  assert.deepEqual(matchNames(names, "zz"), []);
});

test("what a person stopped did not fail, and who writes first words is at work", () => {
  const of = (state: "error" | "pending", more: object) =>
    toShownState(
      { id: "t", state, pid: 3 },
      { 3: { pid: 3, thread: "t", ended: false, ...more } as ProcessRow },
    );
  assert.equal(of("error", { ended: true, outcome: { kind: "killed", text: "" } }), "stopped");
  assert.equal(of("error", { ended: true, outcome: { kind: "failed", text: "" } }), "error");
  assert.equal(of("pending", { shown: "running", outcome: null }), "active");
  assert.equal(toShownState({ id: "t", state: "error", pid: 3 }, {}), "error");
});

test("a name that nobody has is told apart from those that are known", () => {
  const known = toKnown(names.map((one) => one.name));
  assert.equal(findStranger("@scribee sum the numbers", known), "scribee");
  assert.equal(findStranger("Hi @Scribe, ask @Linus Wagner and @王芳 at me@example.org", known), null);
  assert.equal(findStranger("Hi @", known), null);
});

test("a name that is taken replaces what was typed and leaves the caret behind one space", () => {
  assert.deepEqual(takeName("Hi @sc", { at: 3, word: "sc" }, "scribe"), { text: "Hi @scribe ", caret: 11 });
  const inside = takeName("Hi @sc there", { at: 3, word: "sc" }, "scribe");
  assert.deepEqual(inside, { text: "Hi @scribe there", caret: 11 });
  assert.equal(takeName("@sc, look", { at: 0, word: "sc" }, "scribe").text, "@scribe, look");
});

function toShelf(): Shelf & { kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, text) => void kept.set(name, text),
    removeItem: (name) => void kept.delete(name),
  };
}

test("a draft is kept with its key and files, an empty one is removed, and rubbish is no draft", () => {
  const shelf = toShelf();
  const draft = { text: "half a sen", key: "k1", files: [{ path: "a.csv", bytes: 3 }] };
  keepDraft(shelf, "c/general", draft);
  assert.deepEqual(
    readDraft(shelf, "c/general", () => "new"),
    draft,
  );
  assert.deepEqual(
    readDraft(shelf, "t/other", () => "new"),
    { text: "", key: "new", files: [] },
  );
  keepDraft(shelf, "c/general", { text: "", key: "k1", files: [] });
  assert.equal(shelf.kept.size, 0);
  for (const bad of ["", "{", "[]", '"x"', "null", '{"text":1}']) {
    shelf.kept.set(toDraftName("c/general"), bad);
    assert.equal(readDraft(shelf, "c/general", () => "new").text, "", bad);
  }
});

test("a shelf that is full does not stop anybody from writing", () => {
  const full: Shelf = {
    ...toShelf(),
    setItem() {
      throw new Error("QuotaExceededError");
    },
  };
  keepDraft(full, "c/general", { text: "words", key: "k", files: [] });
});

test("a file gets a name that nothing there has", () => {
  assert.equal(toFreeName("sales.csv", new Set()), "sales.csv");
  assert.equal(toFreeName("sales.csv", new Set(["sales.csv", "sales-2.csv"])), "sales-3.csv");
  assert.equal(toFreeName("README", new Set(["README"])), "README-2");
  assert.equal(toFreeName("../../etc/passwd", new Set()), "-..-etc-passwd");
  assert.equal(toFreeName("...", new Set()), "file");
});

const row = (more: Partial<ProcessRow>) =>
  ({
    ...{ pid: 1, ended: false, paused: false, waiting: null, shown: "running", thread: "t" },
    ...more,
  }) as ProcessRow;

test("what somebody does: a wait or a pause before all, else what comes from the model now", () => {
  const live = { thread: "t", text: "", whole: true, reading: null, running: null };
  assert.equal(toDoing(row({ paused: true }), { ...live, text: "x" }), "paused");
  assert.equal(toDoing(row({ waiting: { on: "approval", id: "a" } }), undefined), "approval");
  assert.equal(toDoing(row({}), { ...live, running: "bash" }), "step");
  assert.equal(toDoing(row({}), { ...live, text: "x" }), "writing");
  assert.equal(toDoing(row({}), undefined), "thinking");
  assert.equal(toDoing(row({ shown: "queued" }), undefined), "queued");
});

test("what is written is kept until it begins anew or ends, and is whole as far as it fits", () => {
  const event = (live: LiveEvent["live"]): LiveEvent => ({ type: "live", pid: 1, thread: "t", live });
  const one = takeLive(takeLive({}, event({ kind: "reset" })), event({ kind: "text", text: "Half" }));
  assert.deepEqual([one[1]?.text, one[1]?.whole], ["Half", true]);
  const long = takeLive(one, event({ kind: "text", text: "x".repeat(20_000) }));
  assert.deepEqual([long[1]?.text.length, long[1]?.whole], [20_000, false]);
  assert.equal(takeLive(long, event({ kind: "text", text: " more" }))[1]?.whole, false);
  const anew = takeLive(long, event({ kind: "reset" }));
  assert.deepEqual([anew[1]?.text, anew[1]?.whole], ["", true]);
  const read = takeLive(anew, event({ kind: "reading", done: 1, total: 2 }));
  assert.equal(takeLive(read, event({ kind: "text", text: "All" }))[1]?.reading, null);
  assert.deepEqual(takeLive(anew, event({ kind: "idle" })), {});
});

test("those who live in a thread, in order; and the largest part of a budget that is used", () => {
  const rows = {
    3: row({ pid: 3 }),
    1: row({ pid: 1 }),
    2: row({ pid: 2, ended: true }),
    4: row({ pid: 4, thread: "x" }),
  };
  assert.deepEqual(
    toLiving(rows, "t").map((one) => one.pid),
    [1, 3],
  );
  const used = {
    tokens: 10,
    budgetTokens: 100,
    activeMs: 50,
    budgetActiveMs: 100,
    deviceCalls: 0,
    budgetDeviceCalls: 0,
  };
  assert.equal(toUsedPart(row(used)), 0.5);
});

test("days: today and yesterday by the calendar, not by hours", () => {
  const late = new Date(2026, 10, 24, 23, 59).getTime();
  const early = new Date(2026, 10, 25, 0, 1).getTime();
  assert.equal(daysBetween(late, early), 1);
  assert.equal(toDay(late, early, "en"), "Yesterday");
  assert.equal(toDay(late, late, "en"), "Today");
  assert.match(toDay(new Date(2025, 0, 3).getTime(), early, "en"), /2025/);
  assert.equal(toDay(late, early, "zh"), "昨天");
});
