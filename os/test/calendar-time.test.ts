// Times and repetitions of calendars: changes of the clocks, zones by name and by their own rules, exceptions, and rules of
// strangers that are made to take for ever.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { expand } from "../src/device/calendar/expand.ts";
import { expandApart } from "../src/device/calendar/expand-host.ts";
import { fromWritten, toClock, toDay, toInstant, toNextDay, toWall } from "../src/device/calendar/time.ts";

const at = (text: string): number => Date.parse(text);
const event = (...lines: string[]): string =>
  ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", ...wrap("e-1", lines), "END:VCALENDAR", ""].join("\r\n");
const wrap = (uid: string, lines: readonly string[]): string[] => [
  "BEGIN:VEVENT",
  `UID:${uid}`,
  ...lines,
  "END:VEVENT",
];
const starts = (text: string, from: string, to: string, zone = "Europe/Berlin"): string[] =>
  expand({ texts: [text], from: at(from), to: at(to), zone }).occurrences.map((one) =>
    new Date(one.start).toISOString(),
  );

test("a wall time and its moment belong together, in every zone and at every time", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at("2000-01-01"), max: at("2040-01-01") }),
      (zone, ms) => {
        const moment = ms - (ms % 1000);
        const back = toInstant(toWall(moment, zone), zone);
        // In the hour that comes twice the wall time means one of both.
        assert.ok(Math.abs(back - moment) <= 3_600_000);
        const { weekday: _a, ...wall } = toWall(moment, zone);
        const { weekday: _b, ...again } = toWall(back, zone);
        assert.deepEqual(again, wall);
      },
    ),
  );
});

test("what is written for a time is read as it is meant, or not at all", () => {
  const zone = "Europe/Berlin";
  assert.deepEqual(fromWritten("2026-11-03", zone), { at: at("2026-11-02T23:00Z"), day: true });
  assert.deepEqual(fromWritten("2026-07-03 10:00", zone), { at: at("2026-07-03T08:00Z"), day: false });
  assert.deepEqual(fromWritten("2026-11-03T10:00Z", zone), { at: at("2026-11-03T10:00Z"), day: false });
  assert.deepEqual(fromWritten("2026-11-03T10:00-05:00", zone), { at: at("2026-11-03T15:00Z"), day: false });
  for (const wrong of ["", "soon", "2026-02-30", "2026-11-03T25:00", "03.11.2026", "2026-11-03T10"])
    assert.equal(fromWritten(wrong, zone), null, wrong);
  // The night on which the clocks go forward: half past two is not there, and becomes half past three.
  assert.equal(toClock(fromWritten("2026-03-29T02:30", zone)!.at, zone), "03:30");
  assert.equal(toDay(toNextDay(at("2026-10-24T22:00Z"), zone), zone), "2026-10-26");
});

test("repetitions keep the wall time of their zone; exceptions take the place of what they replace", () => {
  const weekly = [
    "DTSTART;TZID=America/New_York:20261020T100000",
    "DURATION:PT1H",
    "RRULE:FREQ=WEEKLY;COUNT=4",
  ];
  assert.deepEqual(starts(event(...weekly), "2026-10-01", "2026-12-01"), [
    "2026-10-20T14:00:00.000Z",
    "2026-10-27T14:00:00.000Z",
    "2026-11-03T15:00:00.000Z",
    "2026-11-10T15:00:00.000Z",
  ]);
  const all = event(...weekly, "EXDATE;TZID=America/New_York:20261027T100000").replace(
    "END:VCALENDAR",
    `${wrap("e-1", ["RECURRENCE-ID;TZID=America/New_York:20261103T100000", "DTSTART:20261104T000000Z", "DTEND:20261104T010000Z"]).join("\r\n")}\r\nEND:VCALENDAR`,
  );
  assert.deepEqual(starts(all, "2026-10-01", "2026-12-01"), [
    "2026-10-20T14:00:00.000Z",
    "2026-11-04T00:00:00.000Z",
    "2026-11-10T15:00:00.000Z",
  ]);
  assert.deepEqual(starts(all, "2026-11-03T23:30Z", "2026-11-04T12:00Z"), ["2026-11-04T00:00:00.000Z"]);
  // A zone that only the calendar itself knows.
  const zone = [
    "BEGIN:VTIMEZONE",
    "TZID:Own",
    "BEGIN:STANDARD",
    "TZOFFSETFROM:+0300",
    "TZOFFSETTO:+0300",
    "DTSTART:19700101T000000",
    "END:STANDARD",
    "END:VTIMEZONE",
    "BEGIN:VEVENT",
  ].join("\r\n");
  const own = event("DTSTART;TZID=Own:20261103T100000", "DURATION:PT1H").replace("BEGIN:VEVENT", zone);
  assert.deepEqual(starts(own, "2026-11-03", "2026-11-04"), ["2026-11-03T07:00:00.000Z"]);
  assert.deepEqual(starts(event("DTSTART:20261103T100000"), "2026-11-03", "2026-11-04"), [
    "2026-11-03T09:00:00.000Z",
  ]);
  assert.deepEqual(starts(event("DTSTART;VALUE=DATE:20261103"), "2026-11-03T12:00Z", "2026-11-04"), [
    "2026-11-02T23:00:00.000Z",
  ]);
});

test("damaged and hostile events harm no other, and end in time", async () => {
  const good = wrap("good", ["DTSTART:20261103T100000Z", "SUMMARY:Good"]).join("\r\n");
  const hostile = [
    ["DTSTART:20260101T000000Z", "RRULE:FREQ=SECONDLY"],
    ["DTSTART:20260101T000000Z", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"],
    ["DTSTART:00010101T000000Z", "RRULE:FREQ=MINUTELY;BYHOUR=25"],
    ["DTSTART:20260101T000000Z", "RRULE:FREQ=DAILY;INTERVAL=0"],
    ["DTSTART:20260101T000000Z", "RRULE:FREQ=MONTHLY;BYDAY=6MO;BYSETPOS=400"],
    ["DTSTART:99999999T999999Z"],
    ["DTSTART:20261103T100000Z", "DTEND:20201103T100000Z"],
    ["SUMMARY:no time"],
    ["DTSTART:20261103T100000Z", "DURATION:P99999999999D"],
  ];
  const calendar = (events: string) =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${events}\r\nEND:VCALENDAR\r\n`;
  for (const lines of hostile) {
    const text = calendar(`${wrap("bad", lines).join("\r\n")}\r\n${good}`);
    const request = { texts: [text], from: at("2026-11-03"), to: at("2026-11-05"), zone: "UTC" };
    const found = await expandApart(request, AbortSignal.timeout(60_000), 20_000).catch(
      (error) => error as Error,
    );
    if (found instanceof Error) assert.match(found.message, /takes too/, lines.join(" "));
    else
      assert.ok(
        found.occurrences.some((one) => one.title === "Good"),
        lines.join(" "),
      );
  }
  const long = {
    texts: [calendar(wrap("bad", hostile[0]!).join("\r\n"))],
    from: 0,
    to: at("2100-01-01"),
    zone: "UTC",
  };
  await assert.rejects(expandApart(long, AbortSignal.timeout(60_000), 1), /takes too long/);
  const wrong = expand({
    texts: ["no calendar", "BEGIN:VCALENDAR", calendar(good)],
    from: 0,
    to: at("2100-01-01"),
    zone: "UTC",
  });
  assert.equal(wrong.damaged, 2);
  assert.equal(wrong.occurrences.length, 1);
});

test("a length without end is damage of that event only, also on a folded line", () => {
  const good = wrap("good", ["DTSTART:20261103T100000Z", "SUMMARY:Good"]).join("\r\n");
  for (const length of ["DURATION:PT184467440737095516161H", "DURATION:PT18446\r\n 7440737095516161H"]) {
    const bad = wrap("bad", ["DTSTART:20261103T100000Z", length]).join("\r\n");
    const text = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${bad}\r\n${good}\r\nEND:VCALENDAR\r\n`;
    const found = expand({ texts: [text], from: at("2026-11-01"), to: at("2026-12-01"), zone: "UTC" });
    assert.deepEqual([found.occurrences.length, found.damaged], [1, 1]);
  }
});

test("no text makes taking it apart throw", () => {
  const piece = fc.constantFrom(
    ...[
      "BEGIN:VCALENDAR",
      "END:VCALENDAR",
      "BEGIN:VEVENT",
      "END:VEVENT",
      "UID:a",
      "DTSTART:20261103",
      "RECURRENCE-ID:20261103",
    ],
    ...[
      "DTSTART;TZID=X:20261103T100000",
      "DTEND;VALUE=DATE:20261104",
      "RRULE:FREQ=DAILY;COUNT=3",
      "EXDATE:20261104",
      "ATTENDEE:mailto:",
      "\u0000",
      "X",
    ],
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 12 }), (lines) => {
      const found = expand({
        texts: [lines.join("\r\n")],
        from: at("2026-11-01"),
        to: at("2026-12-01"),
        zone: "UTC",
      });
      for (const one of found.occurrences) assert.ok(Number.isFinite(one.start) && one.end >= one.start);
    }),
    { numRuns: 500 },
  );
});
