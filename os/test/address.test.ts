// Which addresses are the public internet: the edges of each network that is not, in every notation.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isPublic } from "../src/device/address.ts";

/** The last address before a closed network, its first and its last, and the first one behind it. */
const edges: readonly [string, string, string, string][] = [
  ["", "0.0.0.0", "0.255.255.255", "1.0.0.0"],
  ["9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"],
  ["100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"],
  ["126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"],
  ["169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"],
  ["172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"],
  ["191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"],
  ["192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"],
  ["192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"],
  ["198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"],
  ["198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"],
  ["203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"],
  ["223.255.255.255", "224.0.0.0", "255.255.255.255", ""],
  ["", "::", "::1", ""],
  ["64:ff9a:ffff::", "64:ff9b::", "64:ff9b::ffff:ffff", "64:ff9b:0:0:0:1::"],
  ["64:ff9b:0:ffff::", "64:ff9b:1::", "64:ff9b:1:ffff:ffff:ffff:ffff:ffff", "64:ff9b:2::"],
  ["ff:ffff::", "100::", "100::ffff:ffff:ffff:ffff", "100:0:0:1::"],
  ["2000:ffff::", "2001::", "2001:0:ffff:ffff::", "2001:1::"],
  ["2001:db7:ffff::", "2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9::"],
  ["2001:ffff::", "2002::", "2002:ffff:ffff::", "2003::"],
  ["fbff:ffff::", "fc00::", "fdff:ffff::", "fe00::"],
  ["fe7f:ffff::", "fe80::", "febf:ffff::", ""],
  ["", "fec0::", "feff:ffff::", ""],
  ["", "ff00::", "ffff:ffff::", ""],
];

test("the edges of each network that is not the public internet", () => {
  for (const [before, first, last, behind] of edges) {
    for (const open of [before, behind]) if (open !== "") assert.equal(isPublic(open), true, open);
    for (const closed of [first, last]) assert.equal(isPublic(closed), false, closed);
  }
});

test("an IPv4 address in IPv6 clothes is the address inside, whatever the notation", () => {
  for (const inside of ["127.0.0.1", "10.1.2.3", "192.168.1.255", "169.254.169.254", "0.0.0.5"])
    for (const prefix of ["::ffff:", "::ffff:0:", "::", "0:0:0:0:0:ffff:", "::FFFF:"])
      assert.equal(isPublic(`${prefix}${inside}`), false, `${prefix}${inside}`);
  for (const open of ["::ffff:1.1.1.1", "::ffff:0:8.8.8.8", "::ffff:801:101", "::FFFF:93.184.216.34"])
    assert.equal(isPublic(open), true, open);
  // Only these clothes: the same numbers elsewhere in an address mean nothing.
  assert.equal(isPublic("2606:4700::ffff:7f00:1"), true);
  assert.equal(isPublic("1::ffff:7f00:1"), true);
});

test("what is no address is not public, and a zone changes nothing", () => {
  for (const text of [
    "",
    "localhost",
    "example.org",
    "1.2.3",
    "1.1.1.1.",
    " 1.1.1.1",
    "0x7f.1",
    "2130706433",
    "[::1]",
  ])
    assert.equal(isPublic(text), false, text);
  assert.equal(isPublic("fe80::1%eth0"), false);
  assert.equal(isPublic("2606:4700::1111%eth0"), true);
});
