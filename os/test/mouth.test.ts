// What Hum says in a talk: while it is written, never over the person, again after a noise, and not at all when it was thought
// over.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Post } from "../src/entity/conversation.ts";
import type { StreamEvent } from "../src/workplace/api.ts";
import { createAhead } from "../src/workplace/talk/ahead.ts";
import { createMouth } from "../src/workplace/talk/mouth.ts";
import type { TalkMessage } from "../src/workplace/talk/protocol.ts";

type Live = Extract<StreamEvent, { type: "live" }>["live"];

function openMouth() {
  const sent: TalkMessage[] = [];
  let time = 0;
  const mouth = createMouth({
    speech: {
      id: "played",
      voices: [],
      speak: async (text) => new Float32Array(text.length * 160).fill(0.2),
    },
    now: () => time,
    send: (message) => sent.push(message),
  });
  const settle = async () => {
    for (let i = 0; i < 20; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const from = { kind: "entity", name: "guide", program: "guide", pid: 7 } as Post["from"];
  return {
    ...{ mouth, sent, settle },
    pass(ms: number) {
      time += ms;
    },
    async write(live: Live, plain = true) {
      mouth.live({ type: "live", pid: 7, thread: "dm-1", live }, plain);
      await settle();
    },
    async post(text: string, id = "a1") {
      mouth.say({ id, text, from } as Post);
      await settle();
    },
    said: () => sent.flatMap((one) => (one.type === "say" ? [one.text] : [])),
    stops: () => sent.filter((one) => one.type === "stop").length,
  };
}

const text = (text: string): Live => ({ kind: "text", text });

test("an answer is read out of what is written: only what stands in its block, without the marks around it", () => {
  const all = "A question.\n```done\nIt is four. And\nthat is `all`.\n```";
  for (let size = 1; size < 9; size++) {
    const ahead = createAhead();
    let heard = "";
    for (let at = 0; at < all.length; at += size) heard += ahead.write(all.slice(at, at + size));
    assert.equal(heard, "It is four. And\nthat is `all`.", `pieces of ${size}`);
    assert.equal(ahead.body(), heard);
    assert.equal(ahead.write("\n```done\nmore\n"), "");
  }
  const open = createAhead();
  assert.equal(open.write("```bash\nls\n"), "");
  const cut = createAhead();
  assert.equal(cut.write("```done\nIt is") + cut.write(" four.") + cut.end(), "It is four.");
});

test("plain talk is spoken while it is written, and not a second time when its post is there", async () => {
  const { write, post, said, mouth } = openMouth();
  await write(text("A question.\n```done\nIt is fo"));
  assert.deepEqual(said(), []);
  await write(text("ur. The list"));
  assert.deepEqual(said(), ["It is four."]);
  await write(text(" is whole.\n```"));
  await write({ kind: "idle" });
  await post("It is four. The list is whole.");
  assert.deepEqual(said(), ["It is four.", "The list is whole."]);
  mouth.played();
  await post("And more.", "a2");
  assert.deepEqual(said().at(-1), "And more.");
});

test("whoever can act is not spoken ahead of, and what is thought over is not said", async () => {
  const { write, post, said, stops } = openMouth();
  await write(text("```done\nIt is four. Yes.\n```"), false);
  assert.deepEqual(said(), []);
  await write(text("```done\nIt is five. And so"));
  assert.deepEqual(said(), ["It is five."]);
  await write({ kind: "reset" });
  assert.equal(stops(), 1);
  await write(text("```bash\nls\n```"));
  await post("It is six.");
  assert.deepEqual(said(), ["It is five.", "It is six."]);
});

test("an answer that comes while the person speaks waits until the person has ended", async () => {
  const { mouth, write, post, said, settle } = openMouth();
  mouth.interrupt();
  await write(text("```done\nIt is four. Yes.\n```"));
  await write({ kind: "idle" });
  await post("It is four. Yes.");
  assert.deepEqual(said(), []);
  mouth.heard(true);
  await settle();
  assert.deepEqual(said(), ["It is four.", "Yes."]);
});

test("[V6] what a noise cut off is said again; what words cut off is told and not said again", async () => {
  const { mouth, post, said, settle } = openMouth();
  await post("It is done now. The total is four.");
  mouth.interrupt();
  mouth.stopped(200);
  await settle();
  mouth.heard(false);
  await settle();
  assert.deepEqual(said().slice(2), ["The total is four."]);
  assert.equal(mouth.takeNote(), "");
  mouth.interrupt();
  mouth.stopped(0);
  mouth.heard(true);
  await settle();
  assert.equal(said().length, 3);
  assert.match(mouth.takeNote(), /had not heard/);
  assert.equal(mouth.takeNote(), "");
});

test("a few words tell that it takes a moment, never into an answer and never twice at once", async () => {
  const { mouth, sent, post, said } = openMouth();
  await Promise.all([mouth.aside("One moment."), mouth.aside("One moment.")]);
  await mouth.aside("One moment.");
  assert.deepEqual(said(), ["One moment."]);
  assert.deepEqual(
    sent.map((one) => one.type === "say" && one.aside),
    [true],
  );
  await post("It is four.");
  mouth.played();
  await mouth.aside("One moment.");
  assert.deepEqual(said(), ["One moment.", "It is four.", "One moment."]);
  mouth.interrupt();
  assert.deepEqual(
    sent.map((one) => one.type),
    ["say", "say", "say", "stop"],
  );
});

test("Hum is soft at the first sign of a voice, only while it speaks", async () => {
  const { mouth, sent, post } = openMouth();
  mouth.soften();
  assert.equal(sent.length, 0);
  await post("It is four.");
  mouth.soften();
  assert.deepEqual(
    sent.map((one) => one.type),
    ["say", "soft"],
  );
});

test("an hour of answers leaves nothing behind", async () => {
  const { mouth, write, post, sent } = openMouth();
  for (let i = 0; i < 200; i++) {
    mouth.live({ type: "live", pid: i, thread: "dm-1", live: text("```done\nIt is") }, true);
    mouth.live({ type: "live", pid: i, thread: "dm-1", live: { kind: "reset" } }, true);
    await post("It is four.", `a${i}`);
    mouth.played();
  }
  await write({ kind: "idle" });
  await mouth.idle();
  assert.ok(sent.length >= 200);
});
