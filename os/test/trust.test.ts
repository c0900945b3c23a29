// What the state keeps of trust, apart from the machine: whose words count, what is taken back, and the label of an end.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Capability } from "../src/entity/authority.ts";
import { covers } from "../src/entity/authority.ts";
import type { Entity, Pid } from "../src/entity/entity.ts";
import type { Events } from "../src/entity/events.ts";
import { noteWords, revoke, toEndLabel } from "../src/entity/trust.ts";
import { type Label, toLabel, toPrivate, toUntrusted } from "../src/memory/label.ts";

const toEntity = (more: Partial<Entity>): Entity =>
  ({
    pid: 1,
    children: [],
    capabilities: [],
    words: [],
    pages: [],
    gone: null,
    ...more,
  }) as unknown as Entity;

const hold = (...operations: string[]): Capability[] =>
  operations.map((operation) => ({ operation, grantedBy: "Kim" }));

test("[L8] what is taken back is gone for the whole tree, and for nobody else", () => {
  const tree = (pid: Pid, children: Pid[], ...operations: string[]) =>
    [pid, toEntity({ pid, children, capabilities: hold(...operations) })] as const;
  const all = () =>
    new Map<Pid, Entity>([
      tree(1, [2, 3], "mail.send", "mail.*", "files.read", "*"),
      tree(2, [4], "mail.send"),
      tree(3, [99], "mailbox.look", "files.read"),
      tree(4, [], "mail.send", "mail.read"),
      tree(5, [], "mail.send"),
    ]);
  const left = (entities: Map<Pid, Entity>) =>
    [...entities.values()].map((entity) => entity.capabilities.map((one) => one.operation));
  const one = all();
  revoke(one, 1, "mail.send");
  assert.deepEqual(left(one), [
    ["mail.*", "files.read", "*"],
    [],
    ["mailbox.look", "files.read"],
    ["mail.read"],
    ["mail.send"],
  ]);
  const device = all();
  revoke(device, 1, "mail.*");
  assert.deepEqual(left(device), [
    ["files.read", "*"],
    [],
    ["mailbox.look", "files.read"],
    [],
    ["mail.send"],
  ]);
  const below = all();
  revoke(below, 2, "*");
  assert.deepEqual(left(below), [
    ["mail.send", "mail.*", "files.read", "*"],
    [],
    ["mailbox.look", "files.read"],
    [],
    ["mail.send"],
  ]);
  const nobody = all();
  revoke(nobody, 77, "*");
  assert.deepEqual(left(nobody), left(all()));
});

test("[L8] a pattern covers what stands below it, and nothing that only begins like it", () => {
  for (const [pattern, operation, expected] of [
    ["*", "files.read", true],
    ["*", "*", true],
    ["files.read", "files.read", true],
    ["files.*", "files.read", true],
    ["files.*", "files.*", true],
    ["files.*", "filesystem.read", false],
    ["files.*", "files", false],
    ["files", "files.read", false],
    ["files.read", "files.*", false],
    ["files.read", "files.readme", false],
    ["f*", "files.read", false],
    ["files.*", "*", false],
  ] as const)
    assert.equal(covers(pattern, operation), expected, `${pattern} ${operation}`);
});

const said = (text: string, label: Label = toLabel("person"), sender?: number): Events["message.delivered"] =>
  ({ pid: 1, id: "m", from: "Kim", text, pages: [{ label }], ...(sender ? { sender } : {}) }) as never;

test("[L3] only what a person says is kept as a person's words, the last of very many", () => {
  const entity = toEntity({});
  noteWords(entity, said("to Bob"));
  noteWords(entity, said("to Eve", toLabel("entity"), 2));
  noteWords(entity, said("to Mallory", toUntrusted("client")));
  noteWords(entity, said("to Carol", toLabel("person"), 2));
  assert.deepEqual(entity.words, ["to Bob"]);
  const mixed = said("to Dan");
  mixed.pages = [{ label: toLabel("person") }, { label: toUntrusted("x") }] as never;
  noteWords(entity, mixed);
  assert.deepEqual(entity.words, ["to Bob"]);
  const much = 64 * 1024;
  noteWords(entity, said("a".repeat(much - 6)));
  assert.deepEqual(
    entity.words.map((text) => text.length),
    [6, much - 6],
  );
  noteWords(entity, said("b"));
  assert.deepEqual(
    entity.words.map((text) => text.length),
    [much - 6, 1],
  );
  noteWords(entity, said("c".repeat(much + 50)));
  assert.deepEqual(
    entity.words.map((text) => text.length),
    [much],
  );
});

test("[L1] the end of an entity carries all that it has ever seen, also what left its window", () => {
  const page = (label: Label) => ({ label, resident: false });
  const entity = toEntity({
    pages: [page(toLabel("person")), page(toUntrusted("file:a"))] as never,
    gone: { count: 1, label: toPrivate(toUntrusted("mail")) } as never,
  });
  assert.deepEqual(toEndLabel(entity, toUntrusted("host:b")), {
    integrity: "untrusted",
    origins: ["file:a", "host:b", "mail"],
    readers: ["this home"],
  });
  assert.deepEqual(toEndLabel(toEntity({}), undefined), toLabel("entity"));
  assert.deepEqual(toEndLabel(toEntity({}), toUntrusted("x")), toUntrusted("x"));
});
