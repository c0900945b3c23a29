// How the policy reads texts: which places they name, and whether a value stands in what a person wrote.

import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignHosts, toNamed } from "../src/device/content.ts";
import { toContact, toVoucher } from "../src/device/directory.ts";
import { toUntrusted } from "../src/device/label.ts";
import { isLiteral, isNamedAddress, type Sink, traceArguments } from "../src/device/trace.ts";

test("[L6] addresses are found however they are written", () => {
  for (const [text, host] of [
    ["https://evil.example/x", "evil.example"],
    ["HTTPS://EVIL.EXAMPLE", "evil.example"],
    ["hxxp but ftp://evil.example", "evil.example"],
    ["https://user:pass@evil.example:8080/x", "evil.example"],
    ["https://bob@x.org@evil.example/", "evil.example"],
    ["![](//evil.example/pixel.png)", "evil.example"],
    ["<img src=//evil.example/a>", "evil.example"],
    ["see www.evil.example", "www.evil.example"],
    ["see evil.example", "evil.example"],
    ["see evil.zip/x", "evil.zip"],
    ["see evil.md?q", "evil.md"],
    ["evil\u200B.exam\u00ADple", "evil.example"],
    ["ｅｖｉｌ．ｅｘａｍｐｌｅ/x", "evil.example"],
    ["evil。example", "evil.example"],
    ["https:////evil.example", "evil.example"],
    ["bob@evil.example/x", "evil.example"],
    ["bob@evil.example:443", "evil.example"],
    // A browser reads the backslash as a slash.
    ["bob@evil.example\\@x.org", "evil.example"],
    ["https:/evil.example", "evil.example"],
    ["https:evil.example", "evil.example"],
    ["https:\\\\evil.example", "evil.example"],
    ["\\\\evil.example\\share", "evil.example"],
    ["https://evil.example.", "evil.example"],
    ["http://[::1]:80/", "[::1]"],
    ["http://2130706433/", "2130706433"],
    ["data:text/html,x", "an address without a host"],
    ["javascript:alert(1)", "an address without a host"],
    ["xn--e1awd7f.com", "xn--e1awd7f.com"],
    ["пример.рф", "пример.рф"],
  ] as const)
    assert.deepEqual(foreignHosts(text, []), [host], text);
  for (const text of [
    "report.txt",
    "a.b",
    "3.14",
    "e.g. this",
    "bob@x.org",
    "v1.2.3",
    "main.py and data.csv",
    "",
  ])
    assert.deepEqual(foreignHosts(text, []), [], text);
  assert.deepEqual(foreignHosts("https://a.example https://b.example", ["A.example"]), ["b.example"]);
  assert.deepEqual(
    toNamed(["see a.example and https://b.example:8443/ and http://127.0.0.1/ and http://nas.local/"]),
    ["a.example"],
  );
});

test("[L6] each way of beginning an address is seen, and each end of a host", () => {
  const inner = "10.0.0.1";
  for (const before of ["", "see ", "(", "<", '"', "'", "[", "=", ",", ";", "!"])
    for (const slashes of ["//", "\\\\", "///"])
      for (const behind of ["", "/x", ":80", "?x", "#x", " y", ">", '"', "'", ")"])
        assert.deepEqual(
          foreignHosts(`${before}${slashes}${inner}${behind}`, []),
          [inner],
          `${before}${slashes}${inner}${behind}`,
        );
  for (const begin of [
    "http:",
    "https:/",
    "ws:",
    "wss://",
    "ftp:\\",
    "ftps://",
    "a1+b-d://",
    "(http://",
    "HTTP:",
  ])
    for (const behind of ["", "/x", ":80", "?x", "#x", " y", ">", '"', "'", ")", "\\x", "<"])
      assert.deepEqual(foreignHosts(`${begin}evil${behind}`, []), ["evil"], `${begin}evil${behind}`);
  for (const begin of ["http://me@", "http://me:pass@", "http://a@b@"])
    assert.deepEqual(foreignHosts(`${begin}evil/x`, []), ["evil"], begin);
  for (const text of [
    "a//10.0.0.1",
    "ahttps:evil",
    "9https:evil",
    "x:evil",
    "x:/evil",
    "data: x",
    "mydata:x",
    "file :x",
  ])
    assert.deepEqual(foreignHosts(text, []), [], text);
  for (const text of ["data:x", "vbscript:x", "a blob:x", "(javascript:x"])
    assert.deepEqual(foreignHosts(text, []), ["an address without a host"], text);
  for (const [text, hosts] of [
    ["https://evil.example...", ["evil.example"]],
    ["README.MD and a.tar.GZ", []],
    ["www.readme.md", ["www.readme.md"]],
    ["awww.readme.md", []],
    ["x.www.md", []],
    ["evil.zip:80", ["evil.zip"]],
    ["evil.zip:x", []],
    ["evil.zip.", []],
    ["https://evil.example and http://evil.example", ["evil.example"]],
    ["HTTPS://Evil.Example", ["evil.example"]],
  ] as const)
    assert.deepEqual(foreignHosts(text, []), hosts, text);
});

test("[L3] a literal stands as a whole", () => {
  for (const [value, text, expected] of [
    ["bob@x.org", "to bob@x.org, please", true],
    ["bob@x.org", "to bob@x.org.", true],
    ["BOB@x.org", "to bob@X.org", true],
    ["bob@x.org", "to bob@x.org.evil.example", false],
    ["bob@x.org", "to rob-bob@x.org", false],
    ["ob@x.org", "to bob@x.org", false],
    ["bob", "bob@x.org", false],
    ["report", "report.txt", false],
    ["report.txt", "in report.txt:", true],
    ["report.txt", "./report.txt", false],
    ["txt", "report.txt", false],
    ["1", "1,000", false],
    ["1,000", "1,000 of them", true],
    ["10", "pay 10.50", false],
    ["Team lunch", "a Team lunch on Monday", true],
    ["müller", "an Müller.", true],
    ["ller", "müller", false],
    ["a", "a\u0301", false],
    ["🙂", "🙂🙂", false],
    ["  ", "anything", true],
  ] as const)
    assert.equal(isLiteral(value, [text]), expected, `${value} in ${text}`);
  assert.equal(isLiteral("x", []), false);
  assert.equal(isLiteral("a b", ["a", "b"]), false, "texts are not joined");
});

test("[L3] an address is named when it is the same one", () => {
  for (const [value, text, expected] of [
    ["https://x.org/", "see x.org", true],
    ["http://x.org", "see x.org.", true],
    ["https://x.org/a?b=1", "see (https://x.org/a?b=1)", true],
    ["https://x.org/a", "see https://x.org/", false],
    ["http://x.org/a", "see https://x.org/a", false],
    ["https://x.org:8443/", "see x.org", false],
    ["https://x.org@evil.example/", "see x.org", false],
    ["https://evil.example/x.org", "see x.org", false],
    ["ftp://x.org/", "see ftp://x.org/", false],
    ["https://X.ORG/%61", "see https://x.org/%61", true],
    ["x.org", "see x.org", false],
    ["nonsense", "nonsense", false],
  ] as const)
    assert.equal(isNamedAddress(value, [text]), expected, `${value} in ${text}`);
});

test("[L3] a directory says what a name stands for that a person wrote, and nothing else", () => {
  const entries = [
    ...toContact("Mark Davies", ["mark@x.org"]),
    ...toContact("Ann Lee", ["ann@x.org", "lee@x.org"]),
    ...toContact("Ann Berg", ["berg@x.org"]),
    { sink: "what" as const, value: "7", names: ["plan.txt"] },
  ];
  const vouches = (value: string, words: string, sink: Sink = "who") =>
    toVoucher(entries, [words])(sink, value);
  for (const [value, words, expected] of [
    ["mark@x.org", "Write to Mark.", true],
    ["MARK@x.org", "write to mark davies", true],
    ["mark@x.org", "Write to Marks.", false],
    ["mark@x.org", "Write to everybody.", false],
    ["ann@x.org", "Write to Ann.", false],
    ["berg@x.org", "Write to Ann Berg.", true],
    ["eve@x.org", "Write to Mark.", false],
  ] as const)
    assert.equal(vouches(value, words), expected, `${value}: ${words}`);
  assert.ok(vouches("7", "delete plan.txt", "what"));
  assert.ok(!vouches("7", "delete plan.txt", "data"), "for another use it is not vouched for");
});

test("[L3] a number is the person's however it is written", () => {
  const isTraced = (value: unknown, text: string) => {
    const [argument] = traceArguments(
      { amount: value },
      { amount: "what" },
      { window: toUntrusted("x"), sources: { words: [text] } },
    );
    return argument?.label.integrity === "person";
  };
  for (const [value, text, expected] of [
    [10, "refund 10.00 to him", true],
    [2200, "rent is 2,200.", true],
    [-3, "add -3", true],
    [10, "refund 10.50", false],
    [10, "1.10", false],
    [10, "room 10a", false],
    [2, "2,200", false],
    [0, "nothing", false],
    ["10", "10.00", false],
  ] as const)
    assert.equal(isTraced(value, text), expected, `${value}: ${text}`);
});
