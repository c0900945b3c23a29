// Patterns of hosts, case by case: what a grant of a place opens, and what only looks like it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { matchHost, toExact } from "../src/device/match.ts";

test("[L4] a pattern of hosts opens what it says and nothing that only looks like it", () => {
  for (const [pattern, host, expected] of [
    ["example.org", "example.org", true],
    ["example.org", "example.org:80", true],
    ["example.org", "example.org:443", true],
    ["example.org", "example.org:8080", false],
    ["example.org", "example.org:800", false],
    ["example.org:8443", "example.org:8443", true],
    ["example.org:8443", "example.org", false],
    ["example.org:8443", "example.org:443", false],
    ["example.org:443", "example.org", false],
    ["example.org:443", "example.org:80", false],
    ["example.org", "other.org", false],
    ["example.org", "a.example.org", false],
    ["*", "anything.org", true],
    ["*", "anything.org:443", true],
    ["*", "anything.org:8080", false],
    ["*:8080", "anything.org:8080", true],
    ["*:8080", "anything.org", false],
    ["*.example.org", "a.example.org", true],
    ["*.example.org", "b.a.example.org:443", true],
    ["*.example.org", "a.example.org:8080", false],
    ["*.example.org:8080", "a.example.org:8080", true],
    ["*.example.org", "example.org", false],
    ["*.example.org", ".example.org", false],
    ["*.example.org", "a.example.org.evil.example", false],
    ["*.example.org", "aexample.org", false],
    ["*example.org", "aexample.org", false],
    ["a.*", "a.example.org", false],
    ["*.example.org", "*.a.example.org", true],
    ["EXAMPLE.org", "example.ORG", true],
    ["example.org.", "example.org", true],
    ["example.org", "example.org.:443", true],
    ["example.org", "example.org..", false],
    ["[::1]", "[::1]:80", true],
    ["[::1]:8080", "[::1]:8080", true],
    ["[::1]", "[::1]:8080", false],
    ["[::1]", "[::2]", false],
    // What is no host is only itself.
    ["a:b", "A:B", true],
    ["a", "a:b", false],
    ["a", "a:80x", false],
    ["a:80x", "a", false],
    ["a", "a:80:80", false],
    ["a", "x[a]", false],
    ["", "a", false],
  ] as const)
    assert.equal(matchHost(pattern, host), expected, `${pattern} for ${host}`);
});

test("[L4] the approval of one address opens that address, and its name only for the ports of the web", () => {
  assert.deepEqual(toExact(null), []);
  assert.deepEqual(toExact("a.example:80"), ["a.example:80", "a.example"]);
  assert.deepEqual(toExact("a.example:443"), ["a.example:443", "a.example"]);
  assert.deepEqual(toExact("A.example.:443"), ["A.example.:443", "a.example"]);
  assert.deepEqual(toExact("a.example:8080"), ["a.example:8080"]);
  assert.deepEqual(toExact("a.example"), ["a.example"]);
  assert.deepEqual(toExact("[::1]:80"), ["[::1]:80", "[::1]"]);
  assert.deepEqual(toExact("mcp:shop"), ["mcp:shop"]);
});
