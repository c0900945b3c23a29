// The device `calendar`, on a file and against a real CalDAV server: the same events, the same words, the former always kept.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import type { CalendarAccount } from "../src/device/calendar/accounts.ts";
import { type CalendarOptions, createCalendar, openCalendar } from "../src/device/calendar/calendar.ts";
import { readChanges, undoChange } from "../src/device/calendar/past.ts";
import type { DeviceContext, DeviceResult } from "../src/device/device.ts";
import { toContact } from "../src/device/directory.ts";
import { openRoom, type Room, testDevice } from "./contract/device.ts";
import { openCalendarServer, skipWithoutCalendarServer } from "./fixtures/calendar-server.ts";

const skip = skipWithoutCalendarServer();
const server = skip ? null : await openCalendarServer();
after(() => server?.[Symbol.asyncDispose]());

const toText = (...events: string[]): string =>
  `BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\n${events.map((one) => one.trim().replaceAll("\n", "\r\n")).join("\r\n")}\r\nEND:VCALENDAR\r\n`;
const dentist = `BEGIN:VEVENT
UID:dentist-1
DTSTAMP:20261001T000000Z
DTSTART:20261103T090000Z
DTEND:20261103T100000Z
SUMMARY:Dentist
LOCATION:Long Street 1
X-COLOUR:blue
BEGIN:VALARM
ACTION:DISPLAY
DESCRIPTION:Soon
TRIGGER:-PT15M
END:VALARM
END:VEVENT`;
const choir = `BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:choir-1
DTSTAMP:20261001T000000Z
DTSTART;TZID=Europe/Berlin:20261015T190000
DTEND;TZID=Europe/Berlin:20261015T203000
RRULE:FREQ=WEEKLY
SUMMARY:Choir
END:VEVENT`;
const team = `BEGIN:VEVENT
UID:team-1
DTSTAMP:20261001T000000Z
DTSTART:20261104T130000Z
DTEND:20261104T140000Z
SUMMARY:Team talk
ORGANIZER:mailto:bob@works.example
ATTENDEE:mailto:ada@example.org
ATTENDEE:mailto:cleo@example.org
END:VEVENT`;
const holiday = `BEGIN:VEVENT
UID:holiday-1
DTSTAMP:20261001T000000Z
DTSTART;VALUE=DATE:20261105
DTEND;VALUE=DATE:20261107
SUMMARY:Holiday
TRANSP:TRANSPARENT
END:VEVENT`;
const files = { dentist, choir, team, holiday };

const contacts = toContact("Cleo", ["cleo@example.org"]);
const zone = "Europe/Berlin";
let number = 0;

/** A calendar with these events: in a file, or on the server. */
async function make(
  kind: "file" | "caldav",
  room: Room,
  events: Record<string, string> = files,
): Promise<CalendarAccount> {
  if (kind === "file") {
    const path = join(room.base, "person", "own.ics");
    await mkdir(join(room.base, "person"), { recursive: true });
    await writeFile(path, toText(...Object.values(events)));
    return { name: "own", kind, path };
  }
  const calendar = await server!.make(`own-${++number}`);
  server!.addTo(room.home);
  for (const [name, event] of Object.entries(events))
    await server!.put(calendar, `${name}.ics`, toText(event));
  return calendar;
}

const create = async (kind: "file" | "caldav", room: Room, more: Partial<CalendarOptions> = {}) =>
  createCalendar({
    ...{ home: room.home, blobs: room.blobs, contacts, own: ["ada@example.org"], timeZone: zone },
    calendars: [await make(kind, room)],
    ...more,
  });

const cases = [
  {
    operation: "events",
    good: { from: "2026-11-03" },
    bad: [{ from: "soon" }, { from: "2026-13-01" }, { from: "03/04/2026" }, { from: "2026-11-03", text: "" }],
    failing: [
      { from: "2026-11-03", to: "2026-11-01" },
      { from: "2026-11-03", to: "2030-01-01" },
      { from: "2026-11-03", calendar: "none" },
    ],
  },
  {
    operation: "free",
    good: { from: "2026-11-03", to: "2026-11-05" },
    bad: [
      { from: 3 },
      { from: "2026-11-03", minutes: 0 },
      { from: "2026-11-03", dayStart: "25:00" },
      { from: "2026-11-03", dayStart: "18:00", dayEnd: "09:00" },
    ],
    failing: [{ from: "2026-11-03", calendar: "none" }],
  },
  {
    operation: "create",
    good: { title: "Visit", start: "3 November 2026 15:00" },
    bad: [{ title: "x" }, { title: "", start: "2026-11-03" }, { title: "x", start: "soon" }],
    failing: [
      { title: "x", start: "2026-11-03T15:00", end: "2026-11-03T14:00" },
      { title: "x", start: "2026-11-03", end: "2026-11-03T14:00" },
      { title: "x", start: "15:00" },
      { title: "x", start: "2020-11-03T15:00" },
    ],
  },
  {
    operation: "change",
    good: { id: "dentist-1", title: "Dentist, again" },
    bad: [{}, { id: "dentist-1", start: "x" }, { id: "dentist-1" }, { start: "15:00" }],
    failing: [
      { id: "none", title: "x" },
      { id: "team-1", title: "x" },
      { id: "choir-1", start: "2026-11-05T20:00" },
      { id: "dentist-1", end: "2026-11-03T09:00" },
      { event: "no such title", start: "15:00" },
    ],
  },
  {
    operation: "remove",
    good: { id: "dentist-1" },
    bad: [{}, { id: "" }],
    failing: [{ id: "none" }, { id: "team-1" }, { id: "dentist-1", occurrence: "2026-11-03T10:00" }],
  },
  {
    operation: "invite",
    good: { id: "dentist-1", event: "Dentist", guests: ["Cleo"] },
    bad: [
      { id: "dentist-1" },
      { id: "dentist-1", event: "Dentist", guests: ["zoe"] },
      { id: "dentist-1", event: "Dentist", guests: [] },
    ],
    failing: [
      { id: "none", event: "x", guests: ["cleo@example.org"] },
      { id: "dentist-1", event: "Other", guests: ["Cleo"] },
    ],
  },
  {
    operation: "change_with_guests",
    good: {
      id: "team-1",
      event: "Team talk",
      guests: ["bob@works.example", "Cleo"],
      start: "2026-11-04T16:00",
    },
    bad: [{ id: "team-1" }, { id: "team-1", event: "Team talk", guests: ["x"] }],
    failing: [
      { id: "team-1", event: "Team talk", guests: ["cleo@example.org"], title: "x" },
      { id: "none", event: "x", guests: ["cleo@example.org"], title: "x" },
    ],
  },
];
for (const kind of ["file", "caldav"] as const)
  testDevice(kind === "file" ? "calendar (file)" : "calendar (CalDAV)", {
    // The file lies in the folder that the contract looks at, so that its changes are seen to be true.
    create: async (room) => {
      if (kind === "caldav") return create(kind, room);
      const path = join(room.folder, "own.ics");
      await writeFile(path, toText(...Object.values(files)));
      return create(kind, room, { calendars: [{ name: "own", kind, path }] });
    },
    skip: kind === "caldav" && skip,
    cases,
  });

interface Lab {
  room: Room;
  calendar: CalendarAccount;
  call(operation: string, args: unknown, more?: Partial<DeviceContext>): Promise<DeviceResult>;
  /** All that lies in the calendar, without any code of Hum. */
  raw(): Promise<string>;
}

function both(title: string, work: (lab: Lab) => Promise<void>): void {
  for (const kind of ["file", "caldav"] as const)
    test(`${title} (${kind})`, { skip: kind === "caldav" && skip }, async () => {
      await using room = await openRoom();
      const calendar = await make(kind, room);
      const device = createCalendar({
        ...{ home: room.home, blobs: room.blobs, contacts, own: ["ada@example.org"], timeZone: zone },
        calendars: [calendar],
      });
      let calls = 0;
      await work({
        room,
        calendar,
        call: (name, args, more = {}) => {
          const operation = device.operations[name]!;
          return operation.run(operation.args.parse(args), room.context({ key: `call-${++calls}`, ...more }));
        },
        raw: async () =>
          calendar.kind === "file"
            ? readFile(calendar.path, "utf8")
            : (await server!.read(calendar.name)).join("\n"),
      });
    });
}

both(
  "events stand in the time of the person, repetitions over a change of the clocks too",
  async ({ call }) => {
    const week = await call("events", { from: "2026-11-02", to: "2026-11-08" });
    assert.equal(
      week.text,
      [
        "Tue 2026-11-03 10:00-11:00  Dentist [at Long Street 1]  id dentist-1",
        "Wed 2026-11-04 14:00-15:00  Team talk [with bob@works.example, ada@example.org, cleo@example.org]  id team-1",
        "Thu 2026-11-05 to 2026-11-06  Holiday  id holiday-1",
        "Thu 2026-11-05 19:00-20:30  Choir [repeats]  id choir-1",
      ].join("\n"),
    );
    assert.equal(week.label.integrity, "untrusted");
    assert.deepEqual(week.label.readers, ["this home"]);
    const summer = await call("events", { from: "2026-10-22" });
    assert.match(summer.text, /^Thu 2026-10-22 19:00-20:30 {2}Choir/);
    assert.equal(
      (await call("events", { from: "2026-11-02", to: "2026-11-08", text: "LONG street" })).data?.events,
      1,
    );
    assert.equal((await call("events", { from: "2026-11-10" })).text, "No events on Tue 2026-11-10.");
  },
);

both("free and busy: what is shown as free takes no time, and short gaps do not count", async ({ call }) => {
  const days = await call("free", { from: "2026-11-03", to: "2026-11-05", dayEnd: "17:00" });
  assert.equal(
    days.text,
    [
      "Tue 2026-11-03: busy 10:00-11:00; free 09:00-10:00, 11:00-17:00",
      "Wed 2026-11-04: busy 14:00-15:00; free 09:00-14:00, 15:00-17:00",
      "Thu 2026-11-05: busy never; free 09:00-17:00",
    ].join("\n"),
  );
  const long = await call("free", { from: "2026-11-03", dayEnd: "17:00", minutes: 90 });
  assert.match(long.text, /free 11:00-17:00$/);
});

both(
  "an event is made, moved, and taken back; what others wrote into it stays",
  async ({ call, raw, room, calendar }) => {
    const made = await call("create", {
      title: "Visit; with, signs\nand more",
      start: "3 November 2026 15:00",
      place: "Hall",
    });
    assert.equal(made.ok, true, made.text);
    assert.match(
      (await call("events", { from: "2026-11-03" })).text,
      /15:00-16:00 {2}Visit; with, signs and more \[at Hall\]/,
    );
    const moved = await call("change", { id: "dentist-1", start: "2026-11-03T11:30" });
    assert.equal(moved.ok, true, moved.text);
    assert.match(
      (await call("events", { from: "2026-11-03" })).text,
      /11:30-12:30 {2}Dentist \[at Long Street 1\]/,
    );
    assert.match(await raw(), /X-COLOUR:blue/);
    assert.match(await raw(), /BEGIN:VALARM/);
    const gone = await call("remove", { id: "dentist-1" });
    assert.equal(gone.ok, true, gone.text);
    assert.doesNotMatch(await raw(), /dentist-1/);

    const undo = async () => {
      const change = (await readChanges(room.home)).find((one) => one.uid === "dentist-1")!;
      const signal = AbortSignal.timeout(120_000);
      const store = await openCalendar(calendar, { home: room.home, blobs: room.blobs, key: "undo", signal });
      return undoChange(change, { store, blobs: room.blobs, home: room.home, now: 1 });
    };
    await undo();
    assert.match((await call("events", { from: "2026-11-03" })).text, /11:30-12:30 {2}Dentist/);
    await undo();
    assert.doesNotMatch(await raw(), /dentist-1/, "an undo of an undo does it again");
    await undo();
    await call("change", { id: "dentist-1", title: "Other" });
    const [, older] = (await readChanges(room.home)).filter((one) => one.uid === "dentist-1");
    const signal = AbortSignal.timeout(120_000);
    const store = await openCalendar(calendar, { home: room.home, blobs: room.blobs, key: "undo", signal });
    assert.deepEqual(await undoChange(older!, { store, blobs: room.blobs, home: room.home, now: 1 }), {
      why: "it was changed since",
    });
  },
);

both("one of several: moved or left out alone", async ({ call }) => {
  const at = { id: "choir-1", occurrence: "2026-11-05T19:00" };
  const moved = await call("change", { ...at, start: "2026-11-06T18:00" });
  assert.equal(moved.ok, true, moved.text);
  const days = async () =>
    (await call("events", { from: "2026-10-29", to: "2026-11-13", text: "choir" })).text
      .split("\n")
      .map((line) => line.slice(0, 26));
  assert.deepEqual(await days(), [
    "Thu 2026-10-29 19:00-20:30",
    "Fri 2026-11-06 18:00-19:30",
    "Thu 2026-11-12 19:00-20:30",
  ]);
  const left = await call("remove", { id: "choir-1", occurrence: "2026-11-12T19:00" });
  assert.equal(left.ok, true, left.text);
  assert.deepEqual(await days(), ["Thu 2026-10-29 19:00-20:30", "Fri 2026-11-06 18:00-19:30"]);
});

both("[D7] others are told only by operations that name them all", async ({ call, raw }) => {
  const before = await raw();
  const alone = await call("change", { id: "team-1", title: "Mine now" });
  assert.match(alone.text, /bob@works\.example take part, and would be told|take part, and would be told/);
  assert.equal((await call("remove", { id: "team-1" })).ok, false);
  const some = await call("change_with_guests", {
    id: "team-1",
    event: "Team talk",
    guests: ["Cleo"],
    title: "x",
  });
  assert.match(some.text, /bob@works\.example take part too: name all guests/);
  assert.equal(await raw(), before);
  const all = ["Cleo", "bob@works.example"];
  const told = await call("change_with_guests", {
    id: "team-1",
    event: "Team talk",
    guests: all,
    start: "2026-11-04T16:00",
  });
  assert.equal(told.ok, true, told.text);
  assert.deepEqual(told.egress?.map((one) => one.host).sort(), [
    "mail:bob@works.example",
    "mail:cleo@example.org",
  ]);
  const invited = await call("invite", { id: "dentist-1", event: "Dentist", guests: ["Cleo"] });
  assert.equal(invited.ok, true, invited.text);
  assert.deepEqual(
    invited.egress?.map((one) => one.host),
    ["mail:cleo@example.org"],
  );
  assert.match(await raw(), /ATTENDEE[^\r\n]*(?:\r?\n )?[^\r\n]*mailto:cleo@example\.org/);
  assert.equal((await call("change", { id: "dentist-1", title: "x" })).ok, false, "now others take part");
});

test("two at once: who comes second is told, and nothing is lost", { skip }, async () => {
  await using room = await openRoom();
  const calendar = await make("caldav", room);
  const open = () =>
    openCalendar(calendar, {
      home: room.home,
      blobs: room.blobs,
      key: "k",
      signal: AbortSignal.timeout(120_000),
    });
  const [first, second] = [await open(), await open()];
  const before = (await first.find("dentist-1"))!;
  await second.put("dentist-1", before.text.replace("Dentist", "Second"), await second.find("dentist-1"));
  await assert.rejects(
    first.put("dentist-1", before.text.replace("Dentist", "First"), before),
    /changed by somebody else/,
  );
  assert.match((await server!.read(calendar.name)).join(""), /SUMMARY:Second/);
});

test("a wrong password, another server and plain text to the world are said, without the password", {
  skip,
}, async () => {
  const { listCalendars, toDavUrl } = await import("../src/device/calendar/caldav.ts");
  const access = { url: server!.url, user: server!.user, password: () => "not-the-password" };
  await assert.rejects(listCalendars(access, AbortSignal.timeout(120_000)), (error: Error) => {
    assert.match(error.message, /does not take the user name or the password/);
    assert.doesNotMatch(error.message, /not-the-password/);
    return true;
  });
  assert.throws(() => toDavUrl("http://dav.example.org/"), /not encrypted/);
  assert.throws(() => toDavUrl("https://me:pw@dav.example.org/"), /no address/);
  const good = { ...access, password: () => server!.password };
  await server!.make("listed");
  const found = await listCalendars(good, AbortSignal.timeout(120_000));
  assert.ok(found.some((one) => one.title === "listed" && one.url.endsWith("/listed/")));
});
