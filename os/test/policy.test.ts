// The policy by its clauses: what grants an effect, which values are a person's, what may leave, and what a text may name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { attenuate, passOn } from "../src/device/attenuate.ts";
import { createBroker, type Decision } from "../src/device/broker.ts";
import { type Device, defineDevice, defineOperation, type Effect } from "../src/device/device.ts";
import { homeReader, type Label, toLabel, toPrivate, toUntrusted } from "../src/device/label.ts";
import type { Authority } from "../src/device/policy.ts";
import type { Sink } from "../src/device/trace.ts";
import type { Capability } from "../src/entity/authority.ts";
import { planGrants } from "../src/inbox/plan.ts";

const page = toUntrusted("host:evil.example");

function device(
  name: string,
  operations: Record<
    string,
    {
      effect: Effect;
      sinks: Record<string, Sink>;
      more?: { private?: boolean; askedBy?: string[]; reaches?: string };
    }
  >,
): Device {
  const any = z.record(z.string(), z.unknown());
  return defineDevice({
    name,
    operations: Object.fromEntries(
      Object.entries(operations).map(([operation, { effect, sinks, more = {} }]) => [
        operation,
        defineOperation({
          ...{ about: "Does it.", args: any, effect, sinks, ...more },
          run: async () => ({ ok: true, text: "done", label: toLabel("kernel") }),
        }),
      ]),
    ),
  });
}

const broker = createBroker({
  devices: [
    device("mail", {
      send: {
        effect: "irreversible",
        sinks: { to: "who", attach: "data" },
        more: { askedBy: ["send", "reply"] },
      },
      read: { effect: "none", sinks: {}, more: { private: true } },
      sort: { effect: "reversible", sinks: { folder: "what" } },
    }),
    device("web", {
      get: { effect: "egress", sinks: { url: "egress" } },
      post: { effect: "irreversible", sinks: { url: "egress" } },
    }),
    device("arm", { move: { effect: "physical", sinks: { to: "what" } } }),
  ],
  now: () => 1_000,
});

const held = (...capabilities: Partial<Capability>[]): Capability[] =>
  capabilities.map((one) => ({ operation: "*", grantedBy: "Kim", ...one }));

interface Case {
  args: Record<string, unknown>;
  label?: Label;
  words?: string[];
  capabilities?: Capability[];
  known?: string[];
}

function decide(name: string, one: Case): Decision {
  const authority: Authority = {
    capabilities: one.capabilities ?? held({ acts: true }),
    shares: [],
    label: one.label ?? page,
    sources: { words: one.words ?? [], vouches: (_sink, value) => (one.known ?? []).includes(value) },
  };
  return broker.decide({ pid: 1, name, args: one.args }, authority);
}

function assertAsks(decision: Decision, ...why: RegExp[]): void {
  assert.ok(decision.do === "ask", JSON.stringify(decision));
  for (const one of why) assert.match(decision.why, one);
}

const assertRuns = (decision: Decision) => assert.equal(decision.do, "run", JSON.stringify(decision));

test("[L3] where an effect goes must come from a person, a directory, or a window without strangers", () => {
  const args = { to: "bob@x.org", body: "Hi." };
  assertAsks(
    decide("mail.send", { args }),
    /^to \("bob@x\.org"\) was named by nobody who is trusted and may come from host:evil\.example$/,
  );
  assertRuns(decide("mail.send", { args, words: ["Please send bob@x.org the total."] }));
  assertRuns(decide("mail.send", { args, known: ["bob@x.org"] }));
  assertRuns(decide("mail.send", { args, label: toLabel("entity") }));
  assertAsks(
    decide("mail.send", { args: { to: ["bob@x.org", "eve@evil.example"] }, words: ["to bob@x.org"] }),
    /^to \("eve@evil\.example"\)/,
  );
  assertAsks(
    decide("mail.send", { args: { ...args, attach: ["keys.txt"] }, words: ["to bob@x.org"] }),
    /^attach \("keys\.txt"\)/,
  );
  assertAsks(
    decide("mail.send", { args: { to: { "eve@evil.example": "bob@x.org" } }, words: ["to bob@x.org"] }),
    /eve@evil/,
  );
  assertAsks(decide("mail.send", { args: { to: true }, words: ["true"] }), /^to \("true"\)/);
  assertRuns(decide("mail.send", { args: { to: "", attach: [] } }));
});

test("[L3] a place that something is written to is looked at like a person who is written to", () => {
  const post = (url: string, words: string[]) => decide("web.post", { args: { url, text: "x" }, words });
  assertRuns(post("https://a.example/x", ["post it to https://a.example/x"]));
  assertAsks(post("https://b.example/x", ["post it to https://a.example/x"]), /^url \("https:\/\/b\.example/);
});

test("[L4] the grant of a host is for the web, not for other schemes", () => {
  const capabilities = held({ hosts: ["a.example"] });
  for (const url of ["ftp://a.example/", "ws://a.example/", "file://a.example/x", "nonsense"])
    assertAsks(
      decide("web.get", { args: { url }, label: toLabel("entity"), capabilities }),
      /an unnamed place/,
    );
});

test("[L4] an address is named by what a person wrote, not by a window of people's words", () => {
  for (const integrity of ["kernel", "person"] as const)
    assertAsks(
      decide("web.get", {
        args: { url: "https://a.example/" },
        label: toLabel(integrity),
        capabilities: held({}),
      }),
      /nobody granted/,
    );
});

test("[L3] no sink is trusted because of its name", () => {
  for (const name of ["__proto__", "constructor", "toString"]) {
    const args = JSON.parse(`{"to":"bob@x.org","${name}":"eve@evil.example"}`) as Record<string, unknown>;
    assertRuns(decide("mail.send", { args, words: ["bob@x.org"] }));
  }
});

test("[L4] what cannot be undone needs a grant: the person's words or a person's yes", () => {
  const args = { to: "bob@x.org", body: "Hi." };
  const words = ["Send it to bob@x.org"];
  assertAsks(decide("mail.send", { args, words, capabilities: held({}) }), /^it cannot be undone$/);
  assertAsks(
    decide("arm.move", { args: { to: "left" }, label: toLabel("entity"), capabilities: held({}) }),
    /^it moves something in the world$/,
  );
  assertRuns(decide("arm.move", { args: { to: "left" }, words: ["go left"] }));
  assertAsks(
    decide("mail.send", { args: { to: "eve@evil.example" }, words, capabilities: held({}) }),
    /^it cannot be undone; and to \("eve/,
  );
  assertRuns(decide("mail.sort", { args: { folder: "anything" }, capabilities: held({}) }));
});

test("[L4] private things are shown unasked to a window without strangers, or when they were asked for", () => {
  assertRuns(decide("mail.read", { args: {}, label: toLabel("entity"), capabilities: held({}) }));
  assertRuns(decide("mail.read", { args: {} }));
  assertAsks(decide("mail.read", { args: {}, capabilities: held({}) }), /shows what is private/);
});

test("[L4] a capability for some values, for some time, for some uses is for nothing else", () => {
  const args = { to: "bob@x.org", body: "Hi." };
  const clean = toLabel("entity");
  const only = (more: Partial<Capability>) => held({ operation: "mail.send", acts: true, ...more });
  assertRuns(
    decide("mail.send", { args, label: clean, capabilities: only({ args: { to: ["bob@x.org"] } }) }),
  );
  assert.equal(
    decide("mail.send", {
      args: { to: ["bob@x.org", "eve@x.org"] },
      label: clean,
      capabilities: only({ args: { to: ["bob@x.org"] } }),
    }).do,
    "refuse",
  );
  assert.equal(
    decide("mail.send", { args, label: clean, capabilities: only({ expires: 1_000 }) }).do,
    "refuse",
  );
  assertRuns(decide("mail.send", { args, label: clean, capabilities: only({ expires: 1_001 }) }));
  assert.equal(
    decide("mail.send", { args, label: clean, capabilities: only({ uses: 0, grant: "g" }) }).do,
    "refuse",
  );
  const counted = decide("mail.send", { args, label: clean, capabilities: only({ uses: 1, grant: "g" }) });
  assert.ok(counted.do === "run");
  assert.equal(counted.spends, "g");
  const free = decide("mail.send", { args, label: clean, capabilities: only({ grant: "g" }) });
  assert.ok(free.do === "run" && free.spends === undefined, "without a number nothing is counted");
  // Arguments that are not there are no others.
  assertRuns(
    decide("mail.send", { args: { body: "x" }, label: clean, capabilities: only({ args: { to: ["a"] } }) }),
  );
});

test("[L5] what only this home may read leaves where a person said, and nowhere else", () => {
  const secret = toPrivate(page);
  assert.deepEqual(secret, { ...page, readers: [homeReader] });
  const url = "https://a.example/x";
  const granted = held({ hosts: ["a.example"] });
  assertRuns(decide("web.get", { args: { url }, capabilities: granted }));
  assertAsks(
    decide("web.get", { args: { url }, label: secret, capabilities: granted }),
    /^it may carry what only this home may read to a\.example:443$/,
  );
  assertAsks(
    decide("web.get", { args: { url: "https://b.example/" }, label: secret, capabilities: granted }),
    /^it reaches b\.example:443, and nobody granted that; and it may carry/,
  );
  assertRuns(
    decide("web.get", {
      args: { url },
      label: secret,
      capabilities: held({ hosts: ["a.example"], carries: true }),
    }),
  );
  // An address that a person wrote carries nothing but what the person wrote.
  assertRuns(
    decide("web.get", { args: { url }, label: secret, capabilities: held({}), words: [`Read ${url}.`] }),
  );
  assertAsks(
    decide("web.get", {
      args: { url: `${url}?q=1` },
      label: secret,
      capabilities: held({}),
      words: [`Read ${url}.`],
    }),
    /nobody granted/,
  );
  // Other readers are not this home: no grant speaks for them.
  const theirs: Label = { ...page, readers: ["Ada"] };
  assertAsks(
    decide("web.get", {
      args: { url },
      label: theirs,
      capabilities: held({ hosts: ["a.example"], carries: true }),
    }),
    /only Ada may read/,
  );
  assertAsks(
    decide("web.get", { args: { url }, label: { ...page, readers: [] }, capabilities: granted }),
    /only nobody may read/,
  );
  assertRuns(
    decide("web.get", { args: { url }, label: { ...page, readers: ["a.example"] }, capabilities: granted }),
  );
  // A message that a person asked for takes along what it is about.
  assertRuns(
    decide("mail.send", {
      args: { to: "bob@x.org", body: "the total" },
      label: secret,
      words: ["send it to bob@x.org"],
    }),
  );
});

test("[L6] a text made from strangers' words names no place that nobody trusted has named", () => {
  const words = ["Send bob@x.org the link to www.good.example/a"];
  const send = (body: string, more: Partial<Case> = {}) =>
    decide("mail.send", { args: { to: "bob@x.org", body }, words, ...more });
  assertAsks(
    send("Look: https://evil.example/x"),
    /^its text names evil\.example, which nobody trusted has named$/,
  );
  assertRuns(send("Look: https://www.good.example/other"));
  assertRuns(send("The report is in report.txt."));
  assertRuns(send("Look: https://evil.example/x", { label: toLabel("entity") }));
  assertRuns(send("Look: https://evil.example/x", { known: ["evil.example"] }));
  assertRuns(
    send("Look: https://evil.example/x", { capabilities: held({ acts: true, hosts: ["evil.example"] }) }),
  );
  assertAsks(
    decide("mail.send", { args: { to: "bob@x.org", more: [{ deep: "www.evil.example" }] }, words }),
    /evil\.example/,
  );
});

test("[L7] what a person asks for becomes grants: places that are named, effects that are asked for", () => {
  const plan = (words: string) =>
    planGrants([words], { operations: broker.operations(), owner: "Kim", now: 0 }).map(
      ({ operation, hosts, acts }) => `${operation} ${hosts?.join() ?? ""}${acts ? "acts" : ""}`,
    );
  assert.deepEqual(plan("Summarise my mails."), []);
  assert.deepEqual(plan("Send a summary to bob@x.org."), ["mail.send acts"]);
  assert.deepEqual(plan("Resend? sender? replying?"), []);
  assert.deepEqual(plan("Read https://a.example/x and b.example, and REPLY."), [
    "mail.send acts",
    "web.get a.example,b.example",
  ]);
  assert.deepEqual(
    plan("Read http://127.0.0.1:8080/ and http://localhost/ and http://10.0.0.1/ and http://box.local/"),
    [],
  );
});

test("[L8] what is passed on is a part, keeps its origin, and can be no more", () => {
  const parent = held(
    { operation: "mail.*", acts: true, grant: "g", uses: 3, expires: 50, args: { to: ["a", "b"] } },
    { operation: "web.get", hosts: ["*.x.org"], carries: true },
  );
  assert.deepEqual(passOn(parent, ["mail.send", "web.*", "files.*"], "pid 1"), [
    {
      operation: "mail.send",
      grantedBy: "pid 1",
      acts: true,
      args: { to: ["a", "b"] },
      expires: 50,
      uses: 3,
      grant: "g",
    },
    { operation: "web.get", grantedBy: "pid 1", hosts: ["*.x.org"], carries: true },
  ]);
  assert.deepEqual(passOn(parent, ["mail.send", "mail.send"], "p").length, 1);
  assert.deepEqual(passOn([], ["mail.send"], "p"), []);
  const cut = (wish: Partial<Capability>) => attenuate(parent, held({ operation: "mail.send", ...wish }));
  assert.deepEqual(cut({ args: { to: ["b", "c"], body: ["x"] }, uses: 9 })[0], {
    ...{
      operation: "mail.send",
      grantedBy: "Kim",
      args: { to: ["b"], body: ["x"] },
      expires: 50,
      uses: 3,
      grant: "g",
    },
  });
  assert.deepEqual(cut({ args: { to: ["c"] } }), [], "nothing is left of it");
  assert.equal(cut({})[0]?.acts, undefined, "what was not wished for is not given");
  assert.equal(
    attenuate(held({ operation: "mail.send" }), held({ acts: true, carries: true }))[0]?.acts,
    undefined,
  );
});
