// The broker: what runs, what is asked, what is refused; approvals hold for one payload; authority never grows.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { z } from "zod";
import { attenuate } from "../src/device/attenuate.ts";
import { createBroker, type Decision, hashPayload, toCanonical } from "../src/device/broker.ts";
import {
  type Device,
  type DeviceResult,
  defineDevice,
  defineOperation,
  type Effect,
} from "../src/device/device.ts";
import { type Label, toLabel } from "../src/device/label.ts";
import { covers, matchHost } from "../src/device/match.ts";
import { type Authority, judge } from "../src/device/policy.ts";
import type { Capability } from "../src/entity/authority.ts";

const done: DeviceResult = { ok: true, text: "done", label: toLabel("kernel") };
const op = (effect: Effect, run = async () => done) =>
  defineOperation({
    about: "Does it.",
    args: z.strictObject({ to: z.string(), times: z.number().int().default(1) }),
    effect,
    sinks: {},
    run,
  });
const devices: Device[] = [
  defineDevice({
    name: "box",
    operations: {
      look: op("none"),
      put: op("reversible"),
      burn: op("irreversible"),
      lift: op("physical"),
      break: op("none", async () => {
        throw new Error("broken inside");
      }),
    },
  }),
  defineDevice({
    name: "http",
    operations: {
      get: defineOperation({
        about: "Gets.",
        args: z.strictObject({ url: z.string() }),
        effect: "egress",
        sinks: { url: "egress" },
        run: async (_args, { hosts }) => ({ ...done, data: { hosts: [...(hosts ?? [])] } }),
      }),
    },
  }),
];
const broker = createBroker({ devices, now: () => 1_000 });
const by = (capabilities: Partial<Capability>[], more: Partial<Authority> = {}): Authority => ({
  capabilities: capabilities.map((one) => ({ operation: "*", grantedBy: "Ada", ...one })),
  shares: [],
  label: toLabel("entity"),
  ...more,
});
const context = {
  ...{ pid: 1, key: "k", folder: "/", home: "/", shares: [], now: () => 0 },
  signal: new AbortController().signal,
};
const decide = (name: string, args: unknown, authority: Authority) =>
  broker.decide({ pid: 1, name, args }, authority);

/** The hosts that a device is told with a decided call. */
async function hostsOf(decision: Decision): Promise<unknown> {
  assert.ok(decision.do === "run");
  return (await broker.perform(decision.pass, context)).data?.hosts;
}

test("without a capability nothing runs, and the answer says what is held", () => {
  const refused = decide("box.look", { to: "x" }, by([{ operation: "files.*" }, { operation: "http.get" }]));
  assert.deepEqual(refused, { do: "refuse", why: "You may not use box.look. You hold: files.*, http.get." });
  assert.equal(decide("box.look", { to: "x" }, by([])).do, "refuse");
  assert.equal(decide("box.look", { to: "x" }, by([{ expires: 1_000 }])).do, "refuse");
  assert.equal(decide("box.look", { to: "x" }, by([{ expires: 1_001 }])).do, "run");
  assert.match(
    (decide("box.eat", {}, by([{}])) as { why: string }).why,
    /There is no box\.eat\. There are: box\.look/,
  );
});

test("bad arguments are refused in one readable line", () => {
  const refused = decide("box.look", { to: 1, times: "x", extra: true }, by([{}]));
  assert.equal(refused.do, "refuse");
  const { why } = refused as { why: string };
  assert.ok(!why.includes("\n"));
  assert.match(why, /^box\.look: argument to: .*string.*; argument times: .*number/);
});

test("effects: none and reversible run, irreversible and physical ask", () => {
  const put = decide("box.put", { to: "x" }, by([{}]));
  assert.ok(put.do === "run");
  assert.deepEqual(put.args, { to: "x", times: 1 });
  for (const name of ["box.burn", "box.lift"]) {
    const asked = decide(name, { to: "x" }, by([{}]));
    assert.ok(asked.do === "ask");
    assert.deepEqual(asked.payload, { name, args: { to: "x", times: 1 } });
    const approved = by([{}], { approved: asked.hash });
    assert.equal(decide(name, { to: "x" }, approved).do, "run");
    assert.equal(
      decide(name, { times: 1, to: "x" }, approved).do,
      "run",
      "the order of arguments does not matter",
    );
    assert.equal(decide(name, { to: "x " }, approved).do, "ask", "one changed byte asks again");
    assert.equal(decide("box.burn", { to: "x", times: 2 }, approved).do, "ask");
    assert.equal(
      decide(name, { to: "x" }, by([], { approved: asked.hash })).do,
      "refuse",
      "a yes is not a capability",
    );
  }
});

test("egress: only to granted hosts, and only what they may read", async () => {
  const url = "https://api.example.org/x?q=1";
  assert.equal(decide("http.get", { url }, by([{}])).do, "ask");
  assert.equal(decide("http.get", { url }, by([{ hosts: ["example.org"] }])).do, "ask");
  assert.deepEqual(await hostsOf(decide("http.get", { url }, by([{ hosts: ["*.example.org"] }]))), [
    "*.example.org",
  ]);
  const secret: Label = { integrity: "entity", origins: [], readers: ["Ada"] };
  const asked = decide("http.get", { url }, by([{ hosts: ["*.example.org"] }], { label: secret }));
  assert.ok(asked.do === "ask" && asked.why.includes("only Ada may read"));
  const approved = decide("http.get", { url }, by([{}], { label: secret, approved: asked.hash }));
  assert.deepEqual(await hostsOf(approved), ["api.example.org:443", "api.example.org"]);
  // An address that a person wrote opens that place and no other.
  const named = by([{}], { label: secret, sources: { words: [`Read ${url}.`] } });
  assert.deepEqual(await hostsOf(decide("http.get", { url }, named)), [
    "api.example.org:443",
    "api.example.org",
  ]);
  assert.equal(decide("http.get", { url: "nonsense" }, by([{ hosts: ["*"] }])).do, "ask");
  // Hosts of a capability for something else do not count.
  assert.equal(decide("http.get", { url }, by([{}, { operation: "files.*", hosts: ["*"] }])).do, "ask");
});

test("host patterns", () => {
  for (const [pattern, host, expected] of [
    ["example.org", "example.org:443", true],
    ["example.org", "example.org:80", true],
    ["example.org", "example.org:8080", false],
    ["example.org:8080", "example.org:8080", true],
    ["example.org:8080", "example.org:443", false],
    ["EXAMPLE.org", "example.ORG.:443", true],
    ["*.example.org", "example.org:443", false],
    ["*.example.org", "badexample.org:443", false],
    ["*.example.org", "a.b.example.org:443", true],
    ["example.org", "example.org.evil.com:443", false],
    ["*", "anything:443", true],
    ["*", "anything:22", false],
    ["[::1]:8080", "[::1]:8080", true],
  ] as const)
    assert.equal(matchHost(pattern, host), expected, `${pattern} ${host}`);
});

test("a throw inside a device is a failed result", async () => {
  const decision = decide("box.break", { to: "x" }, by([{}]));
  assert.ok(decision.do === "run");
  const result = await broker.perform(decision.pass, context);
  assert.equal(result.ok, false);
  assert.match(result.text, /broken inside/);
  assert.throws(() => broker.operation("box.eat"), { code: "not-found" });
  assert.throws(() => createBroker({ devices: [...devices, ...devices] }), { code: "bug" });
});

test("canonical JSON: equal values, equal texts", () => {
  assert.equal(toCanonical({ b: [1, { d: null, c: "x" }], a: undefined }), '{"b":[1,{"c":"x","d":null}]}');
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (args) => {
      const turned = Object.fromEntries(Object.entries(args).reverse());
      assert.equal(hashPayload({ name: "n", args }), hashPayload({ name: "n", args: turned }));
      assert.deepEqual(JSON.parse(toCanonical(args)), JSON.parse(JSON.stringify(args)));
    }),
  );
});

const capability = fc.record(
  {
    operation: fc.constantFrom("*", "files.*", "files.read", "http.*", "http.get", "box.burn"),
    hosts: fc.subarray(["*", "*.a.org", "x.a.org", "y.a.org", "b.org", "b.org:8080"]),
    expires: fc.integer({ min: 0, max: 5 }),
    grantedBy: fc.constant("p"),
  },
  { requiredKeys: ["operation", "grantedBy"] },
) as fc.Arbitrary<Capability>;

test("property: a child never may what its parent may not", () => {
  fc.assert(
    fc.property(
      fc.array(capability, { maxLength: 4 }),
      fc.array(capability, { maxLength: 4 }),
      (parent, wanted) => {
        const child = attenuate(parent, wanted);
        for (const operation of ["files.read", "files.write", "http.get", "box.burn"])
          for (const host of ["x.a.org:443", "y.a.org:443", "b.org:8080", "b.org:443", "c.org:80"])
            for (let now = 0; now < 6; now++) {
              const effect = operation === "http.get" ? "egress" : "none";
              const may = (capabilities: readonly Capability[]) =>
                judge(
                  { operation, effect, host, hash: "", now },
                  { capabilities, shares: [], label: toLabel("entity") },
                ).do;
              const rank = { refuse: 0, ask: 1, run: 2 };
              assert.ok(rank[may(child)] <= rank[may(parent)], `${operation} ${host} ${now}`);
              assert.ok(rank[may(child)] <= rank[may(wanted)]);
            }
      },
    ),
    { numRuns: 300 },
  );
  assert.ok(
    covers("files.*", "files.read") &&
      !covers("files.*", "filesystem.read") &&
      !covers("files", "files.read"),
  );
});

test("[A4] a pass of nobody, or of another broker, opens nothing", async () => {
  const other = createBroker({ devices });
  const context = { pid: 1, key: "1.1" } as Parameters<typeof broker.perform>[1];
  const pass = { name: "box.look", args: { to: "x", times: 1 } };
  await assert.rejects(async () => broker.perform(pass, context), /box\.look that was not decided/);
  await assert.rejects(async () => broker.prepare(pass, context), /box\.look that was not decided/);
  const decision = other.decide({ pid: 1, name: "box.look", args: { to: "x" } }, by([{}]));
  assert.equal(decision.do, "run");
  if (decision.do !== "run") return;
  await assert.rejects(async () => broker.perform(decision.pass, context), /not decided/);
  assert.equal(await other.prepare(decision.pass, context), null, "it notes nothing before");
  assert.equal((await other.perform(decision.pass, context)).text, "done");
  assert.ok(Object.isFrozen(decision.pass) && Object.isFrozen(decision.pass.args));
});

test("[A4] what is plugged in comes and goes; what is fixed stays, and its names are not taken", async () => {
  const own = createBroker({ devices });
  const plug = (name: string, run = async () => done) =>
    defineDevice({ name, operations: { do: op("none", run) } });
  assert.deepEqual(own.plug([plug("mail"), plug("box")]), ["box"]);
  assert.deepEqual(
    [...own.operations().keys()].filter((name) => name.endsWith(".do")),
    ["mail.do"],
  );
  assert.equal(own.operation("mail.do").device, "mail");
  assert.deepEqual(own.plug([plug("cal")]), []);
  assert.deepEqual(
    [...own.operations().keys()].filter((name) => name.endsWith(".do")),
    ["cal.do"],
  );
  assert.ok(own.operations().has("box.look"));
  assert.throws(
    () => own.operation("mail.do"),
    /There is no operation mail\.do\. There are: box\.look, box\.put.*cal\.do\./,
  );
  const gone = own.decide({ pid: 1, name: "mail.do", args: { to: "x" } }, by([{}]));
  assert.equal(gone.do, "refuse");
  assert.match(gone.do === "refuse" ? gone.why : "", /There is no mail\.do\. There are: box\.look, box\.put/);
  assert.throws(() => createBroker({ devices: [plug("a"), plug("a")] }), /two devices define a\.do/);
});

test("[A4] what an operation noted before is what it recovers from, without a host that is open", async () => {
  const seen: unknown[] = [];
  const noting = defineOperation({
    ...{
      about: "notes",
      args: z.strictObject({ in: z.strictObject({ deep: z.array(z.string()) }) }),
      effect: "reversible",
      sinks: {},
    },
    async prepare(args) {
      return { was: args.in.deep };
    },
    async recover(prepared, { hosts }) {
      seen.push(prepared, hosts);
      return [];
    },
    run: async (args, _context, prepared) => ({ ...done, data: { args, prepared } }),
  });
  const own = createBroker({
    devices: [defineDevice({ name: "pad", operations: { note: noting, look: op("none") } })],
  });
  const context = { pid: 1, key: "1.1" } as Parameters<typeof own.perform>[1];
  const decision = own.decide({ pid: 1, name: "pad.note", args: { in: { deep: ["a"] } } }, by([{}]));
  assert.equal(decision.do, "run");
  if (decision.do !== "run") return;
  const inside = decision.pass.args.in as { deep: string[] };
  assert.ok(Object.isFrozen(inside) && Object.isFrozen(inside.deep), "to the last member");
  const prepared = await own.prepare(decision.pass, context);
  assert.deepEqual(prepared, { was: ["a"] });
  const result = await own.perform(decision.pass, context, prepared ?? undefined);
  assert.deepEqual(result.data, { args: { in: { deep: ["a"] } }, prepared: { was: ["a"] } });
  assert.deepEqual(await own.recover("pad.note", { was: ["a"] }, context), []);
  assert.deepEqual(seen, [{ was: ["a"] }, []]);
  assert.equal(await own.recover("pad.look", {}, context), undefined, "what has nothing to recover");
  const wrong = own.decide({ pid: 1, name: "pad.note", args: { in: { deep: [1] } } }, by([{}]));
  assert.match(wrong.do === "refuse" ? wrong.why : "", /^pad\.note: argument in\.deep\.0: /);
  const none = own.decide({ pid: 1, name: "pad.note", args: 7 }, by([{}]));
  assert.match(none.do === "refuse" ? none.why : "", /^pad\.note: the arguments: /);
});

test("[A3] a host is what the argument that is the way out names, or the one place that an operation reaches", () => {
  const reach = (more: object, args: object, hosts: string[]) => {
    const get = defineOperation({
      ...{ about: "gets", args: z.looseObject({}), effect: "egress" as const, run: async () => done },
      ...(more as { sinks: Record<string, never> }),
    });
    const own = createBroker({ devices: [defineDevice({ name: "net", operations: { get } })] });
    const authority = by([{ operation: "net.get", hosts }], {
      label: toLabel("person"),
      sources: { words: [] },
    });
    return own.decide({ pid: 1, name: "net.get", args }, authority).do;
  };
  const sinks = { text: "data", url: "egress" };
  assert.equal(reach({ sinks }, { url: "https://x.org/a" }, ["x.org"]), "run");
  assert.equal(reach({ sinks }, { url: "http://x.org/a" }, ["x.org"]), "run");
  assert.notEqual(reach({ sinks }, { url: "https://y.org/a" }, ["x.org"]), "run");
  assert.notEqual(reach({ sinks }, { text: "https://x.org/a", url: "https://y.org" }, ["x.org"]), "run");
  for (const url of ["ftp://x.org/", "xhttps://x.org/", "httpsx://x.org/", "x.org", "", 7, "https://"])
    assert.notEqual(reach({ sinks }, { url }, ["x.org"]), "run", String(url));
  assert.equal(reach({ sinks: {}, reaches: "mail.x.org" }, {}, ["mail.x.org"]), "run");
  assert.notEqual(reach({ sinks: {}, reaches: "mail.x.org" }, {}, ["x.org"]), "run");
});

test("equal payloads have equal texts, and others do not", () => {
  assert.equal(toCanonical({ b: 1, a: [1, { d: null, c: undefined }] }), '{"a":[1,{"d":null}],"b":1}');
  assert.equal(toCanonical(undefined), "null");
  assert.equal(toCanonical({ a: 1, B: 2, b: 3 }), '{"B":2,"a":1,"b":3}');
  assert.equal(toCanonical("x"), '"x"');
});
