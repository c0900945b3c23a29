// The verdict itself: which of several capabilities grants a call and is spent, and what is said where a person is asked.

import assert from "node:assert/strict";
import { test } from "node:test";
import { type Authority, judge, type Request } from "../src/device/policy.ts";
import type { Argument } from "../src/device/trace.ts";
import type { Capability } from "../src/entity/authority.ts";
import { toRefusalWhy, toWhy } from "../src/entity/reason.ts";
import { homeReader, type Label, toLabel, toUntrusted } from "../src/memory/label.ts";

const stranger = toUntrusted("http:a.org");
const ask = (more: Partial<Request>): Request => ({
  ...{ operation: "net.do", effect: "irreversible", host: null, hash: "h", now: 1_000 },
  ...more,
});
const value = (name: string, text: string, more: Partial<Argument> = {}): Argument => ({
  ...{ name, role: "who", text, label: toLabel("person"), named: false },
  ...more,
});
const by = (capabilities: Partial<Capability>[], more: Partial<Authority> = {}): Authority => ({
  capabilities: capabilities.map((one) => ({ operation: "net.do", grantedBy: "Ada", ...one })),
  ...{ shares: [], label: toLabel("person") },
  ...more,
});
const why = (request: Partial<Request>, authority: Authority): string => {
  const verdict = judge(ask(request), authority);
  if (verdict.do === "run") return "run";
  return verdict.do === "ask" ? toWhy(verdict.reasons) : toRefusalWhy(verdict.refusal);
};

test("[L4] a refusal names what is held, each once", () => {
  assert.equal(why({}, by([])), "You may not use net.do. You hold no capabilities.");
  const others = by([{ operation: "a.b" }, { operation: "a.b" }, { operation: "c.d" }]);
  assert.equal(why({}, others), "You may not use net.do. You hold: a.b, c.d.");
  assert.equal(why({}, by([{ expires: 1_000 }])), "You may not use net.do. You hold no capabilities.");
  assert.equal(why({}, by([{ uses: 0 }])), "You may not use net.do. You hold no capabilities.");
});

test("[L3] what nobody trusted has named is told by argument, with its values and at most three origins", () => {
  const many: Label = { ...stranger, origins: ["http:a.org", "http:b.org", "http:c.org", "http:d.org"] };
  const args = [
    value("to", "eve@x.org", { label: many }),
    value("to", "bob@x.org", { label: stranger }),
    value("cc", "al@x.org", { label: { ...stranger, origins: [] } }),
    value("bcc", "kim@x.org"),
    value("body", "hello", { role: "content", label: stranger }),
  ];
  assert.equal(
    why({ args }, by([{ acts: true }])),
    'to ("eve@x.org", "bob@x.org") was named by nobody who is trusted and may come from http:a.org, http:b.org, http:c.org; ' +
      'and cc ("al@x.org") was named by nobody who is trusted',
  );
  const long = (length: number) =>
    why({ args: [value("to", "x".repeat(length), { label: stranger })] }, by([{ acts: true }]));
  assert.ok(long(80).includes(`"${"x".repeat(80)}"`));
  assert.ok(long(81).includes(`"${"x".repeat(79)}…"`));
});

test("[L3] an address is a value like another where something is done there, and a place where something is only asked for", () => {
  const args = [value("url", "https://y.org/", { role: "egress", label: stranger })];
  const at = by([{ acts: true, hosts: ["y.org"] }]);
  assert.match(why({ args, host: "y.org:443" }, at), /^url \("https:\/\/y\.org\/"\) was named by nobody/);
  assert.equal(why({ args, effect: "egress", host: "y.org:443" }, at), "run");
});

test("[L4] an address counts as named when all are; what else the call carries has no part in that", () => {
  const named = value("url", "https://y.org/", { role: "egress", named: true });
  const other = value("second", "https://z.org/", { role: "egress" });
  const note = value("note", "hi", { role: "content" });
  const from = { effect: "egress", host: "y.org:443" } as const;
  assert.equal(why({ ...from, args: [named, note] }, by([{}])), "run");
  assert.match(
    why({ ...from, args: [named, other] }, by([{}])),
    /^it reaches y\.org:443, and nobody granted that/,
  );
  assert.match(why({ ...from, args: [note] }, by([{}])), /nobody granted/);
  assert.match(why(from, by([{}])), /nobody granted/);
  assert.match(why({ effect: "egress", host: null, args: [named] }, by([{}])), /an unnamed place/);
});

test("[L5] for a person's yes it is not said what would be carried to nobody", () => {
  const label: Label = { ...toLabel("person"), readers: [homeReader] };
  const args = [value("to", "x", { label })];
  assert.equal(why({ args }, by([{}])), "it cannot be undone");
  assert.equal(why({ args, effect: "physical" }, by([{}])), "it moves something in the world");
  assert.match(
    why({ args, host: "y.org:443" }, by([{}])),
    /it may carry what only .* may read to y\.org:443/,
  );
  assert.equal(why({ args, host: "y.org:443" }, by([{ acts: true }])), "run");
  assert.equal(why({ args, host: "y.org:443", allowed: true }, by([{}])), "run");
  const carried = { args, effect: "egress", host: "y.org:443" } as const;
  assert.match(why(carried, by([{ hosts: ["y.org"] }])), /it may carry/);
  assert.equal(why(carried, by([{ hosts: ["y.org"], carries: true }])), "run");
});

test("[L6] a stranger's text names at most three places in the question, each once, and those that are known not at all", () => {
  const text = "see b.org, c.org, b.org, d.org, e.org and f.org";
  const args = [value("body", text, { role: "content", label: stranger })];
  const told = why({ args }, by([{ acts: true }]));
  assert.equal(told, "its text names b.org, c.org, d.org, which nobody trusted has named");
  const sources = { words: ["look at c.org"], vouches: (_sink: string, host: string) => host === "d.org" };
  const less = why({ args }, by([{ acts: true, hosts: ["b.org"] }], { sources }));
  assert.equal(less, "its text names e.org, f.org, which nobody trusted has named");
  assert.equal(why({ args, allowed: true }, by([{}])), "run");
  const person = [
    value("body", text, { role: "content" }),
    value("to", "b.org", { label: toLabel("kernel") }),
  ];
  assert.equal(why({ args: person }, by([{ acts: true }])), "run");
  const clean = [value("body", "no place", { role: "content", label: stranger })];
  assert.equal(why({ args: clean }, by([{ acts: true }], { sources: { words: [] } })), "run");
});

test("[A7] why it asks is told in facts, with the values of strangers cut", () => {
  const long = "x".repeat(81);
  const from: Label = { ...stranger, origins: ["http:a.org", "http:b.org", "http:c.org", "http:d.org"] };
  const secret: Label = { ...toLabel("person"), readers: ["Kim"] };
  const args = [
    value("to", long, { label: from }),
    value("body", "at b.org", { role: "content", label: secret }),
  ];
  const told = value("note", `at ${"y".repeat(90)}.org`, { role: "content", label: stranger });
  const cut = (text: string) => `${text.slice(0, 79)}…`;
  assert.deepEqual(judge(ask({ args: [...args, told] }), by([{ acts: true }])), {
    do: "ask",
    reasons: [
      {
        kind: "named",
        argument: "to",
        values: [cut(long)],
        origins: ["http:a.org", "http:b.org", "http:c.org"],
      },
      { kind: "carries", readers: ["Kim"], place: null },
      { kind: "foreign", places: [cut(`${"y".repeat(90)}.org`)] },
    ],
  });
  assert.deepEqual(judge(ask({ effect: "egress", host: "y.org:443" }), by([{}])), {
    do: "ask",
    reasons: [{ kind: "reaches", place: "y.org:443" }],
  });
  assert.deepEqual(judge(ask({}), by([{ operation: "a.b" }])), {
    do: "refuse",
    refusal: { kind: "unheld", operation: "net.do", held: ["a.b"] },
  });
});

test("[L4] private things are shown unasked when one of what is held was given for that", () => {
  const shown = { effect: "none", private: true } as const;
  const far = { label: stranger };
  assert.equal(why(shown, by([{}, { acts: true }], far)), "run");
  assert.match(why(shown, by([{}, {}], far)), /it shows what is private/);
  assert.equal(why(shown, by([{}])), "run");
  assert.equal(why({ effect: "none" }, by([{}], far)), "run");
});

test("[A5] what is spent is the grant that granted the call, and only one that has so many uses", () => {
  const spent = (request: Partial<Request>, capabilities: Partial<Capability>[]) => {
    const verdict = judge(ask(request), by(capabilities));
    assert.equal(verdict.do, "run");
    return verdict.do === "run" ? [verdict.spends, "spends" in verdict] : [];
  };
  const one = { grant: "one", uses: 1 };
  const two = { grant: "two", uses: 1, acts: true, hosts: ["y.org"] };
  assert.deepEqual(spent({}, [one, two]), ["two", true]);
  assert.deepEqual(spent({ effect: "reversible" }, [one, two]), ["one", true]);
  assert.deepEqual(spent({ effect: "egress", host: "y.org:443" }, [one, two]), ["two", true]);
  assert.deepEqual(spent({}, [{ grant: "free", acts: true }]), [undefined, false]);
  assert.deepEqual(spent({ allowed: true }, [one]), [undefined, false]);
  assert.deepEqual(spent({ effect: "none" }, [{ hosts: ["a.org", "a.org"] }]), [undefined, false]);
});
