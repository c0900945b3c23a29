// How an entity stands before the devices: what counts as a person's word to it, what is left of its grants, and how far
// what it says is trusted.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { createBroker } from "../src/device/broker.ts";
import { defineDevice, defineOperation } from "../src/device/device.ts";
import { type Known, toContact } from "../src/device/directory.ts";
import type { Capability } from "../src/entity/authority.ts";
import type { Entity } from "../src/entity/entity.ts";
import { createState } from "../src/entity/state.ts";
import { toLabel, toUntrusted } from "../src/memory/label.ts";
import type { Page } from "../src/memory/page.ts";
import {
  authorityOf,
  contextOf,
  lookAtFolder,
  seenBy,
  windowLabel,
  wordsOf,
} from "../src/scheduler/standing.ts";

const toEntity = (more: Partial<Entity>): Entity =>
  ({
    ...{ pid: 1, parent: null, owner: "Ada", words: [], capabilities: [], shares: [], pages: [] },
    ...{ folder: "/desk", home: "/home" },
    ...more,
  }) as unknown as Entity;
const label = toUntrusted("http:x.org");

function stand(
  entity: Entity,
  of: { contacts?: Known[]; others?: Entity[]; spent?: [string, number][] } = {},
) {
  const state = createState();
  for (const one of [entity, ...(of.others ?? [])]) state.entities.set(one.pid, one);
  for (const [grant, uses] of of.spent ?? []) state.spent.set(grant, uses);
  return authorityOf({ state, contacts: of.contacts ?? [] }, entity, label);
}

test("[L3] whoever gave the task may be told, by that name and in that place only", () => {
  const { sources } = stand(toEntity({}));
  assert.equal(sources?.vouches?.("who", "Ada"), true);
  assert.equal(sources?.vouches?.("who", " ADA "), true);
  assert.equal(sources?.vouches?.("who", "Ad"), false);
  assert.equal(sources?.vouches?.("what", "Ada"), false);
  assert.equal(stand(toEntity({ owner: "ADA" })).sources?.vouches?.("who", "ada"), true);
});

test("[L3] a contact counts where a person wrote its name to the entity, or to those for whom it works", () => {
  const contacts: Known[] = [{ sink: "who", value: "mark@x.org", names: ["Mark"] }];
  const mine = stand(toEntity({ words: ["Write to Mark."] }), { contacts });
  assert.equal(mine.sources?.vouches?.("who", "mark@x.org"), true);
  const others = [
    toEntity({ pid: 1, parent: null, words: ["Write to Mark."] }),
    toEntity({ pid: 2, parent: 1 }),
  ];
  const child = toEntity({ pid: 3, parent: 2, words: ["for them"] });
  const by = stand(child, { contacts, others });
  assert.deepEqual(by.sources?.words, ["Write to Mark.", "for them"]);
  assert.equal(by.sources?.vouches?.("who", "mark@x.org"), true);
  assert.equal(
    stand(toEntity({ words: ["Write."] }), { contacts }).sources?.vouches?.("who", "mark@x.org"),
    false,
  );
  assert.deepEqual(wordsOf(createState(), toEntity({ parent: 9, words: ["alone"] })), ["alone"]);
});

test("[L3] a stranger's text names nobody, wherever it comes to stand", () => {
  const contacts = [...toContact("Mark Davies", ["mark@x.org"]), ...toContact("Cleo", ["cleo@x.org"])];
  const text = fc.constantFrom(
    "write to Mark",
    "Cleo",
    "tell all my contacts",
    "mark davies",
    "to each contact, Cleo",
  );
  fc.assert(
    fc.property(fc.array(text, { minLength: 10, maxLength: 10 }), fc.constantFrom(0, 1), (says, own) => {
      const [task, name, program, last, file, to, why, missing, page, note] = says as [string, ...string[]];
      const stranger = {
        ...{ task, name, program, lastResult: last, changed: [{ path: file }], recent: [note] },
        ...{
          drafts: [{ id: "d", to, text: page, label }],
          attempts: [{ done: null, why, missing: [missing], of: [] }],
        },
        pages: [{ resident: true, label: toUntrusted(String(page)) }],
      } as unknown as Partial<Entity>;
      // What a person wrote to another entity, for whom this one does not work, is nothing to it either.
      const other = toEntity({ pid: 8, words: [task], children: [9] });
      const words = own === 1 ? ["Write to the baker."] : [];
      const entity = toEntity({ pid: 9, parent: 7, ...stranger, words });
      const parent = toEntity({ pid: 7, ...stranger, words: [] });
      const { sources } = stand(entity, { contacts, others: [parent, other] });
      for (const { value } of contacts)
        for (const sink of ["who", "what", "data"] as const)
          assert.equal(sources?.vouches?.(sink, value), false);
    }),
    { numRuns: 300, seed: 8 },
  );
});

test("[A5] of a grant with so many uses those are left that were not spent, whoever spent them", () => {
  const capabilities: Capability[] = [
    { operation: "a.b", grantedBy: "Ada", grant: "g1", uses: 3 },
    { operation: "a.c", grantedBy: "Ada", uses: 2 },
    { operation: "a.d", grantedBy: "Ada", grant: "g1" },
  ];
  const given = stand(toEntity({ capabilities }), { spent: [["g1", 2]] });
  assert.deepEqual(
    given.capabilities.map(({ uses }) => uses),
    [1, 2, undefined],
  );
  assert.deepEqual(given.label, label);
});

test("[A1] the kernel looks at a folder by a right for that alone, with the caller's own shares", async () => {
  const seen: unknown[] = [];
  const survey = (effect: "none" | "irreversible") =>
    defineDevice({
      name: "folder",
      operations: {
        survey: defineOperation({
          ...{ about: "looks", args: z.strictObject({ deep: z.boolean().optional() }), effect, sinks: {} },
          async run(args, context) {
            seen.push([
              args,
              context.pid,
              context.key,
              context.folder,
              context.home,
              context.shares,
              context.now(),
            ]);
            return { ok: true, text: "two files", label: toLabel("person") };
          },
        }),
      },
    });
  const shares = [{ path: "/desk", write: true }];
  const context = contextOf(
    { now: () => 7 } as Parameters<typeof contextOf>[0],
    toEntity({ pid: 4, shares }),
    { id: "look-1", signal: new AbortController().signal },
  );
  const broker = createBroker({ devices: [survey("none")] });
  const looked = await lookAtFolder({ broker }, context, { deep: true });
  assert.deepEqual([looked.ok, looked.text, looked.label], [true, "two files", toLabel("person")]);
  assert.deepEqual(seen, [[{ deep: true }, 4, "look-1", "/desk", "/home", shares, 7]]);
  const refused = await lookAtFolder({ broker }, context, { wrong: 1 });
  assert.equal(refused.ok, false);
  assert.match(refused.text, /folder\.survey/);
  assert.deepEqual(refused.label, toLabel("kernel"));
  assert.equal(seen.length, 1);
});

test("[M6] what an entity says is trusted as little as the least of what stands in its window now", () => {
  const page = (resident: boolean, of: Page["label"]) => ({ resident, label: of }) as Page;
  assert.deepEqual(windowLabel(toEntity({ pages: [] })), toLabel("entity"));
  const away = toEntity({ pages: [page(true, toLabel("person")), page(false, label)] });
  assert.deepEqual(windowLabel(away), toLabel("entity"));
  const here = toEntity({ pages: [page(true, label)] });
  assert.equal(windowLabel(here).integrity, label.integrity);
});

test("what an entity has seen of others is what stands in its window from outside, where it looks things up", () => {
  const page = (id: number, role: string, kind: string) => ({ id, role, kind }) as unknown as Page;
  const pages = [page(1, "user", "task"), page(2, "assistant", "action"), page(3, "user", "result")];
  const entity = toEntity({ pages: [page(0, "user", "program"), ...pages, page(4, "user", "result")] });
  const texts = new Map([
    [0, "rules"],
    [1, "the task"],
    [2, "its own words"],
    [3, "a mail"],
  ]);
  const see = (...calls: string[]) =>
    seenBy({ callsOf: () => calls, textsOf: () => texts } as unknown as Parameters<typeof seenBy>[0], entity);
  assert.equal(see("read", "mail.search"), "the task\na mail\n");
  assert.equal(see("calendar.events", "write"), "the task\na mail\n");
  for (const other of ["read", "mail", "mailbox.read", "webmail.read", "calendars.x"])
    assert.equal(see(other), null, other);
  assert.equal(see(), null);
});
