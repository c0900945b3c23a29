// What Hum says of itself in rows, posts and topics is said in the language of the person: in English as the server says it, in
// Chinese without an English word of its own. Names, places and words of others stay as they are.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createInstance, type i18n } from "i18next";
import { toUntrusted } from "../../os/src/device/label.ts";
import { judge, type Request } from "../../os/src/device/policy.ts";
import type { Approval } from "../../os/src/entity/events.ts";
import { type PostView, toPost, toWish } from "../../os/src/entity/post.ts";
import { type Reason, toWhy } from "../../os/src/entity/reason.ts";
import type { JournalRecord } from "../../os/src/journal/journal.ts";
import type { ProcessRow } from "../../os/src/workplace/contract.ts";
import { firstChannels } from "../../os/src/workplace/first-channels.ts";
import { toAbout } from "../src/chat/view/about.ts";
import { type Known, toRowWhy } from "../src/control/view/row-why.ts";
import { toShownTitle } from "../src/inbox/view.ts";
import { toApprovalWords, toOwnWords, toReason } from "../src/post/own-words.ts";

async function open(language: "en" | "zh"): Promise<i18n["t"]> {
  const texts = JSON.parse(readFileSync(new URL(`../src/i18n/${language}.json`, import.meta.url), "utf8"));
  const one = createInstance();
  await one.init({
    ...{ lng: language, fallbackLng: false, resources: { [language]: { translation: texts } } },
    interpolation: { escapeValue: false },
  });
  return one.t;
}

const [english, chinese] = [await open("en"), await open("zh")];

/** Latin words of a text, without those of others. */
const foreign = (text: string, others: readonly string[] = []): string[] =>
  others.reduce((left, other) => left.replaceAll(other, ""), text).match(/[a-z]{2,}/gi) ?? [];

test("the topics of the first channels are Hum's words; those that a person wrote stay", () => {
  for (const channel of firstChannels) {
    assert.equal(toAbout(channel, english), channel.about);
    assert.deepEqual(foreign(toAbout(channel, chinese)), []);
  }
  assert.equal(toAbout({ id: "general", about: "Only cats." }, chinese), "Only cats.");
  assert.equal(toAbout({ id: "mine", about: firstChannels[0].about }, chinese), firstChannels[0].about);
});

test("the title of a row of the inbox", () => {
  for (const [kind, name, place, title] of [
    ["result", "clerk", "Put the photos in order", "clerk in Put the photos in order"],
    ["question", "Lost in time", "work in progress", "Lost in time in work in progress"],
    ["approval", "clerk", "http.get", "clerk: http.get"],
  ] as const) {
    assert.equal(toShownTitle({ kind, name, place }, english), title);
    const shown = toShownTitle({ kind, name, place }, chinese);
    const others = [name, place];
    assert.deepEqual(foreign(shown, others), [], shown);
  }
});

test("why a process does not run, in both languages", () => {
  const base = {
    pid: 1,
    name: "guide",
    paused: false,
    waiting: null,
    outcome: null,
    shown: "queued",
    why: "",
  };
  const approval = { what: "http.get", why: "it cannot be undone", reasons: [{ kind: "undone" }] };
  const question = { pid: 1, needsYou: true, kind: "question", text: "123?" };
  const known = (more: object) =>
    ({ halted: false, approvals: {}, inbox: {}, processes: {}, ...more }) as unknown as Known;
  const rows: [row: object, known: object, english: string][] = [
    [{ why: "guide is queued: its turn comes." }, {}, "guide is queued: its turn comes."],
    [{}, { halted: true }, "guide stands still: everything is stopped."],
    [{ paused: true }, {}, "guide is paused."],
    [
      { waiting: { on: "approval", id: "a" } },
      { approvals: { a: approval } },
      "guide waits for a yes to http.get: it cannot be undone",
    ],
    [
      { waiting: { on: "message", until: null } },
      { inbox: { q: question } },
      "guide waits for an answer: 123?",
    ],
    [{ waiting: { on: "child", pid: 2 } }, { processes: { 2: { name: "clerk" } } }, "guide waits for clerk."],
    [{ outcome: { kind: "killed", text: "" } }, {}, "guide has ended: killed"],
  ];
  for (const [row, more, text] of rows) {
    const full = { ...base, ...row } as unknown as ProcessRow;
    assert.equal(toRowWhy(full, known(more), { t: english, language: "en" }), text);
    const shown = toRowWhy(full, known(more), { t: chinese, language: "zh" });
    assert.deepEqual(foreign(shown, ["guide", "clerk", "http.get"]), [], shown);
  }
});

/** Why the policy asks, of one call after the other. */
function reasons(): Reason[][] {
  const window = toUntrusted("mail:bob@works.example");
  const hidden = { ...window, readers: ["this home"] };
  const held = [{ operation: "*", grantedBy: "Ada" }];
  const call = { operation: "mail.send", host: null, hash: "", now: 0 };
  const to = {
    name: "to",
    role: "who",
    text: 'eve@evil.example") and "others',
    label: window,
    named: false,
  } as const;
  const own = { ...to, label: { ...window, origins: [] } };
  const text = { ...to, name: "text", role: "content", text: "see https://evil.example/x" } as const;
  const inline = { ...text, text: "see data:text/html,x" } as const;
  const calls: Omit<Request, "operation" | "hash" | "now">[] = [
    { effect: "irreversible", host: null },
    { effect: "physical", host: null },
    { effect: "reversible", private: true, host: null },
    { effect: "egress", host: null },
    { effect: "egress", host: "evil.example:443" },
    { effect: "irreversible", host: null, args: [to, text] },
    { effect: "irreversible", host: null, args: [inline] },
    { effect: "irreversible", host: null, args: [own] },
    { effect: "egress", host: "evil.example:443", args: [{ ...text, label: hidden }] },
    {
      effect: "irreversible",
      host: null,
      allowed: true,
      args: [{ ...text, label: { ...hidden, readers: ["Kim"] } }],
    },
  ];
  return calls.map((one) => {
    const verdict = judge({ ...call, ...one }, { capabilities: held, shares: [], label: window });
    assert.equal(verdict.do, "ask", JSON.stringify(one));
    return verdict.do === "ask" ? verdict.reasons : [];
  });
}

const kinds: Record<Reason["kind"], true> = {
  ...{ undone: true, moves: true, private: true, reaches: true, named: true, carries: true },
  ...{ foreign: true, doubt: true, budget: true },
};
const budgets: Reason[] = (["tokens", "activeMs", "deviceCalls", "children"] as const).map((part) => ({
  ...{ kind: "budget", name: "guide", part, used: 480, of: 500 },
}));

test("[A7] why something waits for a yes: every reason that there is, in both languages", () => {
  const others = ["mail:bob@works.example", "evil.example:443", "Kim", "text", "to", "clerk", "guide"];
  const values = ['"eve@evil.example\\") and \\"others"', '"see https://evil.example/x"', "evil.example"];
  const all = [...reasons(), [{ kind: "doubt", name: "clerk" } as const], budgets];
  for (const why of all) {
    assert.equal(toReason(why, english), toWhy(why));
    assert.deepEqual(foreign(toReason(why, chinese), [...values, ...others]), [], toReason(why, chinese));
  }
  const seen = new Set(all.flat().map((one) => one.kind));
  assert.deepEqual([...seen].sort(), Object.keys(kinds).sort());
  const nobody: Reason[] = [{ kind: "carries", readers: [], place: null }];
  assert.equal(toReason(nobody, english), toWhy(nobody));
  assert.deepEqual(foreign(toReason(nobody, chinese)), []);
});

test("a value of a stranger stays a value: no text, no name of a text and no end of its quotes is read in it", () => {
  const named = (value: string): Reason[] => [
    { kind: "named", argument: "to", values: [value], origins: [value] },
  ];
  for (const value of [
    'a"; and it cannot be undone; and b',
    "{{name}} $t(told.expired)",
    "<b>bold</b> &amp;",
  ]) {
    const shown = toReason(named(value), chinese);
    assert.equal(shown, `to（${JSON.stringify(value)}）不是可信的人指定的，可能来自 ${value}`);
    assert.equal(toReason(named(value), english), toWhy(named(value)));
  }
});

test("[A7] an approval of an old journal is shown as it was written", () => {
  const why = "it cannot be undone";
  assert.equal(toApprovalWords({ why }, chinese), why);
  const { told } = toWish({ name: "guide" }, { kind: "effect", what: "http.get", why });
  assert.equal(toOwnWords({ told, text: "" }, chinese), "guide 请求批准 http.get：it cannot be undone");
  assert.deepEqual(toWish({ name: "guide" }, { kind: "budget", what: "budget.tokens", why }), {});
});

test("every line of the kernel, as it makes it", () => {
  const entity = (pid: number, name: string, parent: number | null = null) =>
    ({
      pid,
      name,
      parent,
      thread: "t",
      program: name,
      endedSeq: 7,
      changed: [],
      used: {},
      children: [],
    }) as never;
  const view: PostView = {
    entities: new Map([
      [1, entity(1, "guide")],
      [2, entity(2, "clerk", 1)],
    ]),
    work: {
      channels: new Map(),
      threads: new Map([["t", { id: "t", channel: "general", owner: "Ada", pids: [1, 2] }]]),
      people: new Map(),
    },
  };
  const ask: Approval = {
    ...{
      id: "a",
      pid: 1,
      kind: "effect",
      what: "http.get",
      why: "it cannot be undone",
      reasons: [{ kind: "undone" }],
      payload: {},
      hash: "",
    },
    ...{ askedAt: 0, expiresAt: 1 },
  };
  const [spent] = budgets as [Reason];
  const forBudget = { ...ask, kind: "budget", what: "budget.tokens", why: toWhy([spent]), reasons: [spent] };
  const answered = { id: "a", pid: 1, by: "Ada" };
  const settled = { id: "p", channel: "general", thread: "t", want: "" };
  const unbegun = { what: "unbegun", name: "clerk", words: "its program is wrong" };
  const failing = { what: "failing", name: "guide", other: "5", words: "its program is wrong" };
  const lines: [type: string, data: object, same?: false][] = [
    ["entity.spawned", { pid: 2, parent: 1, name: "clerk", task: "sort the list" }],
    ["entity.ended", { pid: 1, outcome: { kind: "killed", text: "killed by Ada", by: "Ada" } }],
    ...(["stuck", "mute", "spent"] as const).map((what): [string, object, false] => [
      "entity.ended",
      {
        pid: 1,
        outcome: {
          kind: "failed",
          text: "why",
          told: { what, name: "guide", other: "Ada", words: "its program is wrong" },
        },
      },
      false,
    ]),
    [
      "post.settled",
      {
        ...settled,
        why: "hum resume --all",
        told: { what: "halted", name: "clerk", words: "hum resume --all" },
      },
      false,
    ],
    ["approval.asked", ask],
    ["approval.asked", forBudget],
    ...["approved", "denied", "expired"].map(
      (answer) => ["approval.answered", { ...answered, answer }] as [string, object],
    ),
    ["post.settled", { ...settled, why: "clerk could not begin: its program is wrong", told: unbegun }],
    [
      "post.settled",
      { ...settled, why: "Nobody could be reached; write again.", told: { what: "unreached" } },
    ],
    ["talk.stopped", { pid: 1, with: 2 }],
    [
      "message.sent",
      { id: "m", to: "Ada", from: "hum", pid: 1, text: "guide (pid 1) stopped", told: failing },
      false,
    ],
  ];
  for (const [type, data, same = true] of lines) {
    const post = toPost(
      { seq: 7, at: 0, index: 0, stream: "", type, data } as unknown as JournalRecord,
      view,
    );
    assert.ok(post?.told, type);
    const own = toOwnWords(post, english);
    if (same) assert.equal(own, post.text);
    assert.doesNotMatch(own, /told\.|\{\{/);
    const words = ["sort the list", "its program is wrong", "guide", "clerk", "Ada", "http.get"];
    assert.deepEqual(foreign(toOwnWords(post, chinese), words), [], toOwnWords(post, chinese));
  }
  assert.equal(
    toApprovalWords(forBudget, chinese),
    "guide 已用 480/500（词元）；批准则再给同样多，拒绝则结束它",
  );
  const outcome = { kind: "killed", text: "killed by Ada" };
  const record = { seq: 7, at: 0, index: 0, stream: "", type: "entity.ended", data: { pid: 1, outcome } };
  const old = toPost(record as unknown as JournalRecord, view);
  assert.deepEqual([old?.text, old?.told], ["guide was stopped: killed by Ada", undefined]);
  assert.equal(toOwnWords({ text: "As it was written." }, chinese), "As it was written.");
});
