// Events as people speak of them: by words of their titles, with days and times as they are said. What comes of it is always
// said with the day, so that a wrong one is seen.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { createCalendar } from "../src/device/calendar/calendar.ts";
import type { DeviceResult } from "../src/device/device.ts";
import { toContact } from "../src/device/directory.ts";
import { openRoom } from "./contract/device.ts";

const event = (uid: string, lines: readonly string[]): string =>
  ["BEGIN:VEVENT", `UID:${uid}`, "DTSTAMP:20261001T000000Z", ...lines, "END:VEVENT"].join("\r\n");
const events = [
  event("dentist-1", [
    "DTSTART:20261103T090000Z",
    "DTEND:20261103T100000Z",
    "SUMMARY:Dentist",
    "LOCATION:Long Street 1",
  ]),
  event("choir-1", [
    "DTSTART:20261015T180000Z",
    "DTEND:20261015T193000Z",
    "RRULE:FREQ=WEEKLY",
    "SUMMARY:Choir",
  ]),
  event("team-1", [
    ...["DTSTART:20261104T130000Z", "DTEND:20261104T140000Z", "SUMMARY:Team talk"],
    ...[
      "ORGANIZER:mailto:bob@works.example",
      "ATTENDEE:mailto:ada@example.org",
      "ATTENDEE:mailto:cleo@example.org",
    ],
  ]),
];
const calendar = `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n${events.join("\r\n")}\r\nEND:VCALENDAR\r\n`;

interface Lab {
  call(operation: string, args: unknown): Promise<DeviceResult>;
  raw(): Promise<string>;
}

/** A calendar in a file, on Sunday, 1 November 2026, eleven in Berlin. */
async function inLab(work: (lab: Lab) => Promise<void>): Promise<void> {
  await using room = await openRoom();
  const path = join(room.base, "person", "own.ics");
  await mkdir(join(room.base, "person"), { recursive: true });
  await writeFile(path, calendar);
  const device = createCalendar({
    ...{ home: room.home, blobs: room.blobs, own: ["ada@example.org"], timeZone: "Europe/Berlin" },
    ...{
      contacts: toContact("Cleo", ["cleo@example.org"]),
      calendars: [{ name: "own", kind: "file", path }],
    },
  });
  let calls = 0;
  await work({
    async call(name, args) {
      const operation = device.operations[name]!;
      const now = () => Date.parse("2026-11-01T10:00:00Z");
      return operation.run(operation.args.parse(args), room.context({ key: `call-${++calls}`, now }));
    },
    raw: () => readFile(path, "utf8"),
  });
}

test("an event is named by words of its title, and a time alone is one of its day", () =>
  inLab(async ({ call, raw }) => {
    const moved = await call("change", { event: "dentist", start: "16:30" });
    assert.match(moved.text, /^Changed "Dentist": Tue 2026-11-03 16:30-17:30 \(id dentist-1\)/);
    assert.equal(moved.label.integrity, "untrusted", "its title is what stood there");
    assert.match(
      (await call("change", { event: "Dentist", end: "18:00" })).text,
      /Tue 2026-11-03 16:30-18:00/,
    );
    assert.match(
      (await call("change", { id: "made-up", event: "dentist", minutes: 20 })).text,
      /16:30-16:50 \(id dentist-1\)/,
      "an id that is none is no harm where the title is right",
    );
    const none = await call("change", { event: "barber", start: "16:30" });
    assert.match(
      none.text,
      /No event is called "barber"\. These come next:\nTue 2026-11-03 16:30-16:50 {2}Dentist/,
    );
    assert.deepEqual(none.label.readers, ["this home"]);
    const guests = await call("change", { event: "team talk", start: "16:30" });
    assert.match(guests.text, /take part, and would be told\. Use calendar\.change_with_guests/);
    const gone = await call("remove", { event: "Choir" });
    assert.match(gone.text, /^Removed "Choir", the one of Thu 2026-11-05,/);
    const made = await call("create", { title: "Dentist visit", start: "Friday 10:00", minutes: 45 });
    assert.match(made.text, /^Put "Dentist visit": Fri 2026-11-06 10:00-10:45/);
    assert.equal(made.label.integrity, "entity");
    assert.match((await call("change", { event: "dent", title: "x" })).text, /Several events are called so/);
    assert.match(
      (await call("remove", { event: "dent", occurrence: "Friday" })).text,
      /^Removed "Dentist visit"/,
    );
    assert.doesNotMatch(await raw(), /Dentist visit/);
  }));

test("events are found by words, from today on, and what is not there is not all", () =>
  inLab(async ({ call }) => {
    const titles = async (args: object) =>
      [...(await call("events", args)).text.matchAll(/ {2}([^[\n]+?) (?:\[| id)/g)].map((one) =>
        one[1]!.trim(),
      );
    assert.deepEqual(await titles({ from: "Tuesday" }), ["Dentist"]);
    assert.deepEqual(await titles({ text: "street dentist" }), ["Dentist"]);
    assert.deepEqual(await titles({ text: "cleo" }), ["Team talk"]);
    assert.match(
      (await call("events", { from: "Tuesday", text: "barber" })).text,
      /Dentist.*\n\[none speaks of "barber"/,
    );
    assert.match((await call("events", { from: "next week" })).text, /Dentist.*Choir/s);
    assert.match((await call("free", {})).text, /^Sun 2026-11-01: busy never/);
  }));

test("how long it takes may stand for the end, and a new day in figures must not be past", () =>
  inLab(async ({ call, raw }) => {
    const made = async (more: object) =>
      (await call("create", { title: "Cut", start: "Friday 10:00", ...more })).text;
    for (const end of ["10:45", "45 minutes", "10:00+45", "+45 min", "2026-11-06 10:45"])
      assert.match(await made({ end }), /Fri 2026-11-06 10:00-10:45/, end);
    assert.match(await made({ end: "2 hours" }), /10:00-12:00/);
    assert.match(await made({}), /10:00-11:00/);
    const before = await raw();
    const wrong = await made({ start: "2026-10-06T10:00", end: "11:00" });
    assert.match(wrong, /^Tue 2026-10-06 is past: today is Sun 2026-11-01\. Write day and time in the words/);
    assert.equal(await raw(), before);
    assert.match(await made({ start: "6 October 2026 10:00" }), /Tue 2026-10-06 10:00-11:00, which is past/);
  }));

test("who takes part may be named with the title, and what would tell guests is shown as a call", () =>
  inLab(async ({ call, raw }) => {
    const before = await raw();
    for (const event of [
      "team talk with Cleo",
      "the talk with cleo@example.org",
      "my team talk on Wednesday",
    ]) {
      const asked = await call("change", { event, start: "16:30" });
      assert.match(
        asked.text,
        /change_with_guests and name all of them: \{"id":"team-1","event":"Team talk","guests":\["cleo@example\.org","bob@works\.example"\],"start":"16:30"\}$/,
        event,
      );
    }
    assert.match((await call("remove", { event: "team talk" })).text, /"remove":true\}$/);
    assert.match(
      (await call("change", { event: "zebra with Zoe", start: "16:30" })).text,
      /No event is called/,
    );
    const guests = { id: "team-1", event: "Team talk", guests: ["Cleo", "bob@works.example"] };
    await assert.rejects(
      call("change_with_guests", guests),
      /say what is to be other/,
      "nobody is told of nothing",
    );
    await assert.rejects(
      call("change_with_guests", { ...guests, start: "tomorrow 10:00" }),
      /write the day out/,
    );
    assert.equal(await raw(), before);
    const told = await call("change_with_guests", { ...guests, start: "Wed 4 November 2026 16:30" });
    assert.match(told.text, /^Changed "Team talk": Wed 2026-11-04 16:30-17:30/);
  }));
