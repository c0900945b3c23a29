// Whom a mail has told, as `done` is looked at: the names of a contact belong to each of its addresses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { defineDevice, defineOperation } from "../src/device/device.ts";
import { toContact } from "../src/device/directory.ts";
import { toLabel } from "../src/memory/label.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import { createTestMachine, inTurn, say, windowOf } from "./fixtures/machine.ts";

const post = defineDevice({
  name: "post",
  operations: {
    send: defineOperation<{ to: string }>({
      about: "sends a letter",
      args: z.object({ to: z.string() }),
      effect: "irreversible",
      sinks: { to: "who" },
      run: async ({ to }) => ({
        ...{ ok: true, text: "sent", label: toLabel("kernel") },
        egress: [{ host: `mail:${to}`, bytes: 1 }],
      }),
    }),
  },
});

test("[E4] a mail to any address of a contact has told whose it is", async () => {
  for (const to of ["ada@example.org", "x7@example.com"]) {
    const args = { arguments: JSON.stringify({ to }) };
    const machine = createTestMachine({
      play: inTurn(
        fenceForm.render({ name: "post.send", args }),
        say("done", "", "She knows that it is 12."),
      ),
      program: { tools: ["post.send", "done"] },
      contacts: toContact("Cleo Dunn", ["ada@example.org", "x7@example.com"]),
    });
    machine.hum.broker.plug([post]);
    await machine.start(`Tell Cleo that it is 12, by post.send to ${to}.`, {
      capabilities: [{ operation: "*", grantedBy: "Kim", acts: true }],
    });
    await machine.run(1_000);
    assert.equal(
      machine.hum.inbox.find(1).outcome?.kind,
      "done",
      windowOf(machine.requests.at(-1)!).slice(-300),
    );
    assert.equal(machine.requests.length, 2, to);
  }
});
