// Where a value comes from: whether a person wrote it, however it is written there, and what counts as an address.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type Argument,
  isNamedAddress,
  namesIn,
  type Sink,
  traceArguments,
  untraced,
} from "../src/device/trace.ts";
import { toLabel, toUntrusted } from "../src/memory/label.ts";

const window = toUntrusted("http:x.org");

function trace(
  value: unknown,
  words: readonly string[],
  how: { role?: Sink; vouches?: (role: Sink, text: string) => boolean } = {},
): Argument[] {
  return traceArguments({ value }, how.role ? { value: how.role } : {}, {
    window,
    sources: { words, ...(how.vouches ? { vouches: how.vouches } : {}) },
  });
}
const named = (value: unknown, words: string) => trace(value, [words]).every((one) => one.named);

test("[L3] a number is found however a person writes it, and in no other number", () => {
  for (const [value, words] of [
    [1234567, "it is 1,234,567 in all"],
    [2200, "2,200"],
    [2200.55, "2,200.55"],
    [2200.5, "2,200.5 is it"],
    [10, "10.00"],
    [12.345, "12.345"],
    [-2200, "from -2,200 on"],
    [-5, "it was -5 outside"],
    [7, "7."],
    [7, "7, then"],
    [2200, "2,200, then"],
    [2200, "2,200."],
  ] as const)
    assert.ok(named(value, words), `${value} in "${words}"`);
  for (const [value, words] of [
    [234, "1,234"],
    [200, "2,200"],
    [2200, "12,2001"],
    [2200, "2,200,5"],
    [2200, "x2,200"],
    [2200, "2,200x"],
    [2200, "2,200/3"],
    [2200, "4/2,200"],
    [2200, "2,200-3"],
    [2200, "a_2,200"],
    [2200, "+2,200"],
    [5, "3.5"],
    [3, "3.5"],
    [5, "v5"],
    [5, "5th"],
    [5, "5/6"],
    [5, "6/5"],
    [5, "5-6"],
    [5, "6-5"],
    [5, "5_"],
    [5, "+5"],
    [55, "5"],
    [2200, "2.200,5"],
  ] as const)
    assert.ok(!named(value, words), `${value} in "${words}"`);
  assert.ok(trace(7, ["nothing here", "seven is 7"])[0]?.named, "one of the texts is enough");
  assert.ok(!trace("7.0", ["7"])[0]?.named, "a text is no number");
});

test("[L3] every value in a call is looked at: keys, members, numbers, yes and no; and nothing that is none", () => {
  const texts = (value: unknown) => trace(value, []).map(({ text }) => text);
  assert.deepEqual(texts({ a: ["b", 1, true], c: { d: null } }), ["a", "b", "1", "true", "c", "d"]);
  assert.deepEqual(texts(null), []);
  assert.deepEqual(texts(undefined), []);
  assert.deepEqual(
    texts(() => 1),
    [],
  );
  assert.deepEqual(texts([]), []);
  assert.deepEqual(
    trace(true, ["true"]).map((one) => one.named),
    [false],
    "a yes stands in no text",
  );
});

test("[L3] whoever is known vouches for a destination, never for a content or for what a person wrote anyway", () => {
  const asked: string[] = [];
  const vouches = (role: Sink, text: string) => {
    asked.push(`${role} ${text}`);
    return true;
  };
  const [known] = trace("ana@x.org", [], { role: "who", vouches });
  assert.deepEqual([known?.label, known?.named, known?.role], [toLabel("kernel"), false, "who"]);
  const [content] = trace("ana@x.org", [], { vouches });
  assert.deepEqual([content?.label, content?.role], [window, "content"]);
  const [written] = trace("ana@x.org", ["to ana@x.org"], { role: "who", vouches });
  assert.deepEqual([written?.label, written?.named], [toLabel("person"), true]);
  assert.deepEqual(asked, ["who ana@x.org"]);
  assert.deepEqual(untraced([known!, content!, written!]), [content]);
});

test("[L3] an address of the web counts as a whole: its port, its place and its scheme are part of it", () => {
  const egress = (value: string, words: string) => trace(value, [words], { role: "egress" })[0]?.named;
  assert.ok(egress("https://x.org/a", "see https://x.org/a."));
  assert.ok(egress("https://x.org/a", "(https://x.org/a)!?"));
  assert.ok(egress("HTTPS://x.org/a", "https://x.org/a"), "a scheme has no case");
  assert.ok(egress("https://x.org/", "look at x.org, please"));
  assert.ok(egress("http://x.org/", "look at x.org..."), "without a scheme either is meant");
  assert.ok(egress("https://x.org:8443/a", "look at x.org:8443/a"));
  assert.ok(!egress("https://x.org:844/a", "look at x.org:8443/a"));
  assert.ok(!egress("https://x.org/a", "https://x.org/ab"));
  assert.ok(!egress("http://x.org/a", "https://x.org/a"));
  assert.ok(!egress("https://x.org.evil.net/", "x.org"));
  assert.ok(!egress("https://x.org/", "mail to ana@x.org"), "the address of a mail is none of the web");
  assert.ok(!egress("x.org", "x.org"), "where a call goes is written whole");
  assert.ok(!egress("see https://x.org/", "https://x.org/"));
  assert.ok(!egress("https://", "https://"));
  assert.ok(!egress("https://x.org/", ""));
  assert.ok(
    !isNamedAddress("https://ana@x.org/", ["https://ana@x.org/"]),
    "a name in it hides where it goes",
  );
  assert.ok(!isNamedAddress("https://:word@x.org/", ["https://:word@x.org/"]));
  assert.ok(!isNamedAddress("https://ana:word@x.org/", ["https://ana:word@x.org/"]));
  assert.ok(!isNamedAddress("https://x.org:99999/", ["https://x.org:99999/"]), "no such port");
});

test("[L3] the names of hosts in a text, without those of this machine", () => {
  assert.deepEqual(namesIn("x.org and https://a.b.net/c, x.org again"), ["x.org", "a.b.net"]);
  assert.deepEqual(
    namesIn("http://10.0.0.1/ http://x.org:8080/ printer.local a.localhost b.internal c.home.arpa"),
    [],
  );
  assert.deepEqual(namesIn("http://localhost/ http://local/ http://internal/"), []);
  assert.deepEqual(namesIn("notlocal.org localhost.org my-local.net"), [
    "notlocal.org",
    "localhost.org",
    "my-local.net",
  ]);
  assert.deepEqual(namesIn("http://1.2.3.4x5/"), []);
  assert.deepEqual(namesIn("nothing at all"), []);
  assert.deepEqual(namesIn(""), []);
  assert.deepEqual(namesIn("-x.org a.b1 x.org?q x.org#h x.org\\p"), ["x.org"]);
});

test("[L3] an address to which the next sentence is glued is still named, and nothing else is", () => {
  const words = [
    "Post it to our website www.example.org.They have sent it, see https://a.example.net.Then go.",
  ];
  for (const [address, is] of [
    ["https://www.example.org", true],
    ["https://a.example.net/", true],
    ["https://www.example.org.they", true],
    ["https://example.org", false],
    ["https://www.example.org/They", false],
    ["https://a.example.net/Then", false],
  ] as const)
    assert.equal(isNamedAddress(address, words), is, address);
  // A name of two parts may be the beginning of a longer one, and so may one in small letters.
  for (const text of [
    "at www.example.org.Uk there",
    "at www.example.co.Com there",
    "at example.org.Then there",
    "at www.example.org.uk there",
    "www.example.org.Uk/a",
  ])
    assert.equal(isNamedAddress("https://www.example.org", [text]), false, text);
  assert.equal(isNamedAddress("https://www.example.co", ["at www.example.co.Com there"]), false);
  assert.equal(isNamedAddress("https://example.org", ["at example.org.Then there"]), false);
});

test("[L3] [L7] the name of a file is no place in the web, though there may be one of that name", () => {
  for (const [text, names] of [
    ["Read notes.md and main.py, then paint.txt.", []],
    ["Put it into a.b.zip", []],
    ["Read www.notes.md", ["www.notes.md"]],
    ["Read https://notes.md/", ["notes.md"]],
    ["Read notes.md/today", ["notes.md"]],
    ["Read example.org/guide/index.html or example.org/?of=list.csv", ["example.org"]],
    ["Read example.org:8080/list.csv", []],
    ["Read example.org", ["example.org"]],
  ] as const) {
    assert.deepEqual(namesIn(text), names, text);
    assert.equal(isNamedAddress("https://notes.md/", [text]), text.includes("https://notes.md/"), text);
  }
  // With a path behind it a name is an address, whatever the path ends in.
  assert.ok(isNamedAddress("https://example.org/a.pdf", ["Read example.org/a.pdf."]));
});
