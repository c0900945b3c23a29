// Grants by plan, exactly: which capability follows from which words, for how long, and from whom.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { createBroker } from "../src/device/broker.ts";
import { defineDevice, defineOperation, type Effect } from "../src/device/device.ts";
import { planGrants } from "../src/inbox/plan.ts";
import { planMs } from "../src/limits.ts";
import { toLabel } from "../src/memory/label.ts";

const operation = (effect: Effect, sinks: Record<string, "who" | "egress">, askedBy?: readonly string[]) =>
  defineOperation({
    ...{ about: "Does it.", args: z.record(z.string(), z.unknown()), effect, sinks },
    ...(askedBy ? { askedBy } : {}),
    run: async () => ({ ok: true, text: "", label: toLabel("kernel") }),
  });

const operations = createBroker({
  now: () => 0,
  devices: [
    defineDevice({
      name: "net",
      operations: {
        get: operation("egress", { url: "egress" }),
        // What goes to one place only names none, and what only looks goes nowhere.
        ping: operation("egress", {}),
        look: operation("none", { url: "egress" }),
        post: operation("irreversible", { to: "who" }, ["send", "e-mail", "c++"]),
      },
    }),
  ],
}).operations();

const plan = (...words: string[]) => planGrants(words, { operations, owner: "Kim", now: 1_000 });
const common = { grantedBy: "Kim", expires: 1_000 + planMs };

test("[L7] a place that is named may be read, by what reads places, for a time", () => {
  assert.deepEqual(plan("Look at https://a.example/x, then at b.example."), [
    { operation: "net.get", hosts: ["a.example", "b.example"], ...common },
  ]);
  assert.deepEqual(plan("Look at it."), []);
  assert.deepEqual(plan(), []);
});

test("[L7] an effect is granted by its words, each of them whole and in any case", () => {
  const granted = [{ operation: "net.post", acts: true, ...common }];
  for (const text of ["Send it.", "please SEND", "(send)", "an e-mail to Bob", "in C++ to Bob"])
    assert.deepEqual(plan(text), granted, text);
  assert.deepEqual(plan("Look.", "Then send it."), granted);
  for (const text of ["Sender", "resend it", "sending", "exmail", "c+", "cc", "sénd", "send2", ""])
    assert.deepEqual(plan(text), [], text);
});
