// The index of posts: pages of long places, search, and that it is never a second truth.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createState, reduce } from "../src/entity/state.ts";
import { HumError } from "../src/error.ts";
import type { JournalRecord } from "../src/journal/journal.ts";
import { openWorkIndex } from "../src/workplace/workplace.ts";
import { createTestMachine, say, type TestMachine } from "./fixtures/machine.ts";

/** Written by many, as records of one channel. */
function* write(count: number, words?: readonly string[]): Generator<JournalRecord> {
  const common = { stream: "channel/general", at: 1, hash: "" };
  const made = { id: "general", kind: "channel", name: "general", about: "", members: [], by: "Hum" };
  yield { ...common, seq: 1, index: 1, type: "channel.created", data: made };
  for (let n = 1; n <= count; n++) {
    const data = {
      ...{
        id: `p${n}`,
        channel: "general",
        thread: null,
        by: `person ${n % 7}`,
        text: words?.[n - 1] ?? `word${n} and more`,
      },
      ...{
        mentions: [],
        files: words ? [{ path: `out/table-${n}.csv`, bytes: null }] : [],
        wants: [],
        key: null,
      },
    };
    yield { ...common, seq: n + 1, index: n + 1, type: "post.written", data };
  }
}

function fill(count: number, words?: readonly string[]) {
  const posts = openWorkIndex(":memory:");
  const state = createState();
  for (const record of write(count, words)) {
    reduce(state, record);
    posts.take(record, state);
  }
  return posts;
}

test("[W15] pages go forward, backward and around a post, without a gap and without a repetition", () => {
  const posts = fill(500);
  const names = (page: { posts: { id: string }[] }) => page.posts.map((post) => post.id);
  const last = posts.page("general", { limit: 10 });
  assert.deepEqual([last.before, last.after, last.total, last.first], [true, false, 500, 490]);
  const seen: string[] = [];
  for (let page = last; ; page = posts.page("general", { before: page.posts[0]?.seq ?? 0, limit: 37 })) {
    seen.unshift(...names(page));
    assert.equal(page.first, 500 - seen.length);
    if (!page.before) break;
  }
  assert.deepEqual(
    seen,
    Array.from({ length: 500 }, (_, i) => `p${i + 1}`),
  );
  const forward: string[] = [];
  for (let page = posts.page("general", { after: 0, limit: 41 }); ; ) {
    forward.push(...names(page));
    if (!page.after) break;
    page = posts.page("general", { after: page.posts.at(-1)?.seq ?? 0, limit: 41 });
  }
  assert.deepEqual(forward, seen);
  const around = posts.page("general", { around: 251, limit: 11 });
  assert.deepEqual([names(around)[5], around.posts.length, around.first], ["p250", 11, 244]);
  assert.deepEqual(names(posts.page("general", { around: 2, limit: 4 })), ["p1", "p2", "p3", "p4"]);
  assert.deepEqual(names(posts.page("general", { around: 9_999, limit: 2 })), ["p499", "p500"]);
  assert.deepEqual(names(posts.page("general", { before: 2 })), []);
  assert.deepEqual(posts.page("nowhere", {}), { posts: [], before: false, after: false, total: 0, first: 0 });
  posts.close();
});

test("[W15] a page of a place with very many posts is as long as one of a short place", () => {
  const posts = fill(20_000);
  const plans = [{}, { before: 10_000 }, { after: 10_000 }, { around: 10_000 }];
  for (const query of plans) assert.equal(posts.page("general", query).posts.length, 50);
  posts.close();
});

test("[W16] a search finds every word, also an unfinished one, whatever is typed", () => {
  const posts = fill(300);
  assert.deepEqual(
    posts.search("word123", 10).map((hit) => hit.post.id),
    ["p123"],
  );
  assert.equal(posts.search("word12", 20).length, 11);
  assert.equal(
    posts.search("and word7", 200).every((hit) => hit.excerpt.includes("and")),
    true,
  );
  // Narrowed, what is older than the newest of all is found too.
  const within = (channel?: string, author?: string) =>
    posts.search("more", 2, { channel, author }).map((hit) => hit.post.id);
  assert.deepEqual(
    [within(), within("general", "person 1"), within("elsewhere"), within("general", "nobody")],
    [["p300", "p299"], ["p295", "p288"], [], []],
  );
  for (const text of ['"', "AND", "NEAR(", "*", "'); DROP TABLE post", "", "💥"]) posts.search(text, 5);
  posts.close();
});

test("[W16] a search finds words within a sentence that has no spaces, and files by their names", () => {
  const posts = fill(3, ["请把销售总额写入文件", "总的来说，金额不对", "Größe: 3 合計 files"]);
  const found = (words: string) => posts.search(words, 10).map((hit) => hit.post.id);
  assert.deepEqual(
    ["销售", "总额", "总", "额写", "额总", "合計", "文件 销售", "grosse", "SALES"].map(found),
    [["p1"], ["p1"], ["p2", "p1"], ["p1"], [], ["p3"], ["p1"], [], []],
  );
  assert.deepEqual(found("grö"), ["p3"]);
  assert.deepEqual(found("table-2.csv"), ["p2"]);
  assert.match(posts.search("总额", 1)[0]?.excerpt ?? "", /总额/);
  posts.close();
});

const finish = () => say("done", "", "Done.");

const snapshotOf = ({ workplace }: TestMachine) => ({
  posts: workplace.posts({ channel: "general" }, {}).posts,
  inbox: workplace.inbox("Ada"),
  search: workplace.search("done", 10).map((hit) => hit.post.id),
});

async function talk(machine: TestMachine): Promise<string> {
  await machine.settle();
  const post = await machine.workplace.post("Ada", { channel: "general", text: "@clerk go" });
  await machine.run();
  const own = await machine.workplace.post("Ada", { channel: "general", text: "a mistake, done" });
  await machine.workplace.editPost("Ada", own.id, "no mistake, done @Ben");
  await machine.workplace.react("Ben", own.id, { emoji: "👍", on: true });
  await machine.workplace.react("Ada", own.id, { emoji: "👍", on: true });
  await machine.workplace.react("Ben", own.id, { emoji: "👍", on: false });
  const gone = await machine.workplace.post("Ben", { channel: "general", text: "to be deleted, done" });
  await machine.workplace.deletePost("Ben", gone.id);
  return post.id;
}

test("[W17] the index is made again when it is missing, damaged, ahead of the journal or behind it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hum-posts-"));
  const file = join(folder, "workplace.db");
  try {
    let machine = createTestMachine({ play: finish, programs: ["clerk"], posts: openWorkIndex(file) });
    await talk(machine);
    const truth = snapshotOf(machine);
    assert.equal(truth.posts.length, 3);
    assert.deepEqual(truth.posts[1]?.reactions, { "👍": ["Ada"] });
    assert.deepEqual([truth.posts[2]?.deleted, truth.posts[2]?.text], [true, ""]);
    assert.ok((truth.posts[1]?.editedAt ?? 0) > 0);
    const reopen = async (spoil: () => void) => {
      machine.workplace.close();
      spoil();
      machine = machine.crash({ posts: openWorkIndex(file) });
      await machine.settle();
      assert.deepEqual(snapshotOf(machine), truth);
    };
    await reopen(() => {});
    await reopen(() => rmSync(file));
    await reopen(() =>
      writeFileSync(file, "not a database at all, but long enough to be looked at".repeat(200)),
    );
    await reopen(() => {
      rmSync(file);
      const other = openWorkIndex(file);
      const state = createState();
      for (const record of write(5_000)) {
        reduce(state, record);
        other.take(record, state);
      }
      other.close();
    });
    machine.hum.ledger.snapshot();
    await reopen(() => rmSync(file));
    machine.workplace.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("[W18] only who wrote a post changes it, and a post with the same key is the same post", async () => {
  const machine = createTestMachine({ play: finish, programs: ["clerk"] });
  const root = await talk(machine);
  const { workplace } = machine;
  const [, own, gone] = workplace.posts({ channel: "general" }, {}).posts;
  const denied = (work: Promise<unknown>, code: "denied" | "conflict" | "bad-input" | "not-found") =>
    assert.rejects(work, (error) => HumError.is(error, code));
  await denied(workplace.editPost("Ben", own?.id ?? "", "mine"), "denied");
  await denied(workplace.deletePost("Ben", own?.id ?? ""), "denied");
  await denied(workplace.editPost("Ben", gone?.id ?? "", "again"), "conflict");
  await denied(workplace.post("Ada", { channel: "general", text: "  " }), "bad-input");
  await denied(workplace.post("Ada", { channel: "general", text: "x".repeat(50_000) }), "bad-input");
  await denied(workplace.post("Ada", { channel: "general", text: "x", files: ["../secret"] }), "bad-input");
  await denied(workplace.post("Ada", { channel: "nowhere", text: "x" }), "not-found");
  await denied(workplace.post("Ada", { thread: "nowhere", text: "x" }), "not-found");
  const before = machine.hum.ledger.state.entities.size;
  const wish = { thread: root, text: "@clerk once more", key: "k1" };
  const [one, two] = await Promise.all([workplace.post("Ada", wish), workplace.post("Ada", wish)]);
  const three = await workplace.post("Ada", wish);
  assert.deepEqual([one.id, one.id], [two.id, three.id]);
  await machine.run();
  assert.equal(machine.hum.ledger.state.entities.size, before + 1);
  assert.notEqual((await workplace.post("Ben", wish)).id, one.id);
});
