// Times as people say them, read from a known moment: Wednesday, 25 November 2026, ten past midnight in Berlin.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fromSpoken } from "../src/device/calendar/spoken.ts";
import { toClock, toDay } from "../src/device/calendar/time.ts";

const zone = "Europe/Berlin";
const now = Date.parse("2026-11-24T23:10:00Z");

/** `2026-11-27`, or with a time `2026-11-27 14:30`; a span with its last day. */
function read(text: string, more: { back?: boolean } = {}): string | null {
  const time = fromSpoken(text, { zone, now, ...more });
  if (!time) return null;
  const day = toDay(time.at, zone);
  if (time.clock) return toClock(time.at, zone);
  const last = time.until === undefined ? "" : ` to ${toDay(time.until - 1, zone)}`;
  return `${day}${time.day ? "" : ` ${toClock(time.at, zone)}`}${last}`;
}

test("a day is read as it is said, counted from today in the zone of the person", () => {
  const said = {
    today: "2026-11-25",
    Tomorrow: "2026-11-26",
    "in 3 days": "2026-11-28",
    Friday: "2026-11-27",
    "on friday": "2026-11-27",
    Wednesday: "2026-11-25",
    "7 December": "2026-12-07",
    "the 7th of January": "2027-01-07",
    "December 7, 2026": "2026-12-07",
    "7.12.2026": "2026-12-07",
    "2026-12-7": "2026-12-07",
    明天: "2026-11-26",
    星期五: "2026-11-27",
  };
  for (const [text, day] of Object.entries(said)) assert.equal(read(text), day, text);
  assert.equal(read("Monday", { back: true }), "2026-11-23");
  assert.equal(read("yesterday", { back: true }), "2026-11-24");
});

test("a time is read with its day, or alone", () => {
  const said = {
    "Friday 14:30": "2026-11-27 14:30",
    "tomorrow at 3pm": "2026-11-26 15:00",
    "Monday 7 December 2026 at 14:30": "2026-12-07 14:30",
    "2026-12-7 9:05": "2026-12-07 09:05",
    "15:00": "15:00",
    "3 pm": "15:00",
    "明天15:00": "2026-11-26 15:00",
  };
  for (const [text, time] of Object.entries(said)) assert.equal(read(text), time, text);
});

test("a week, a weekend and a month are the days that are left of them", () => {
  assert.equal(read("this week"), "2026-11-25 to 2026-11-29");
  assert.equal(read("next week"), "2026-11-30 to 2026-12-06");
  assert.equal(read("the weekend"), "2026-11-28 to 2026-11-29");
  assert.equal(read("next month"), "2026-12-01 to 2026-12-31");
});

test("what is no time, or may be two, is none", () => {
  for (const text of [
    "",
    "soon",
    "10",
    "03/04/2026",
    "2026-13-01",
    "2026-02-30",
    "May",
    "Friday to Sunday",
    "x Friday",
  ])
    assert.equal(read(text), null, text);
});
