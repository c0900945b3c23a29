// `hum undo` for events on a server of calendars: what was added is gone, what was changed or removed is as it was, and what
// somebody else changed since stays.

import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import type { DavCalendar } from "../src/device/calendar/accounts.ts";
import { createCalendar } from "../src/device/calendar/calendar.ts";
import { createScripted } from "../src/model/scripted.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import { openRoom } from "./contract/device.ts";
import { openCalendarServer, skipWithoutCalendarServer } from "./fixtures/calendar-server.ts";
import { openPlace } from "./fixtures/cli-kit.ts";
import { say } from "./fixtures/machine.ts";
import { serve } from "./fixtures/serve.ts";

const skip = skipWithoutCalendarServer();
const server = skip ? null : await openCalendarServer();
after(() => server?.[Symbol.asyncDispose]());

const toText = (uid: string, title: string, ...more: string[]): string =>
  [
    ...["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Test//EN", "BEGIN:VEVENT", `UID:${uid}`],
    ...["DTSTAMP:20261001T000000Z", "DTSTART:20271103T090000Z", "DTEND:20271103T100000Z", `SUMMARY:${title}`],
    ...[...more, "X-COLOUR:blue", "END:VEVENT", "END:VCALENDAR", ""],
  ].join("\r\n");

type Step = [operation: string, args: Record<string, unknown>];

let number = 0;

/** A home with a calendar on the server, in which there are a dentist and a holiday. */
async function openWork() {
  const place = await openPlace();
  const calendar = await server!.make(`undo-${++number}`);
  await server!.put(calendar, "dentist.ics", toText("dentist-1", "Dentist"));
  await server!.put(calendar, "holiday.ics", toText("holiday-1", "Holiday"));
  server!.addTo(place.home);
  const { name, ...account } = calendar;
  await writeFile(join(place.home, "calendar.json"), JSON.stringify({ [name]: account }));
  await mkdir(join(place.home, "programs", "planner"), { recursive: true });
  await writeFile(
    join(place.home, "programs", "planner", "PROGRAM.md"),
    '---\nname: planner\ndescription: Plans.\ntools: ["calendar.*", done]\n---\nPlan.\n',
  );
  return {
    ...{ calendar, place },
    hum: (...args: string[]) => place.inside(args).ended,
    /** Lets an entity do this in the calendar. */
    async plan(...steps: Step[]) {
      const model = createScripted((_request, index) => {
        const step = steps[index];
        if (!step) return say("done", "", "It is so.");
        const call = { name: `calendar.${step[0]}`, args: { arguments: JSON.stringify(step[1]) } };
        return fenceForm.render(call as never).slice(fenceForm.begin.length);
      });
      const task = "Put a visit into my calendar, move dentist-1 and take holiday-1 out.";
      const asked = place.inside(["ask", task, "--program", "planner"], {
        overrides: { openModel: async () => model },
      });
      const { code, out } = await asked.ended;
      assert.equal(code, 0, asked.err());
      return out + asked.err();
    },
    /** Titles and starts of all events on the server. */
    async titles() {
      const texts = await server!.read(calendar.name);
      return texts
        .map((text) => `${/SUMMARY:(.*)\r/.exec(text)?.[1]} ${/DTSTART.*T(\d\d)/.exec(text)?.[1]}`)
        .sort();
    },
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
}

const visit: Step = ["create", { title: "Visit", start: "2027-11-05T10:00Z" }];
const move: Step = ["change", { id: "dentist-1", start: "2027-11-03T11:00Z" }];
const drop: Step = ["remove", { id: "holiday-1" }];

test("[D8] what was added, changed and removed is taken back together, and done again", {
  skip,
}, async () => {
  await using work = await openWork();
  const before = await work.titles();
  assert.deepEqual(before, ["Dentist 09", "Holiday 09"]);
  const shown = await work.plan(visit, move, drop, ["change", { id: "dentist-1", title: "Dentist!" }]);
  assert.match(shown, /\+ "Visit" \(calendar undo-\d+\)/);
  const done = ["Dentist! 11", "Visit 10"];
  assert.deepEqual(await work.titles(), done);

  const undone = await work.hum("undo");
  assert.equal(undone.code, 0, undone.out + undone.err);
  assert.match(undone.out, /^Took back 3 changes of planner \(pid 1\)\./);
  assert.match(undone.out, /^ {2}- "Visit" \(calendar undo-\d+\)$/m);
  assert.match(undone.out, /^ {2}~ "Dentist!?" \(calendar undo-\d+\)$/m);
  assert.match(undone.out, /^ {2}\+ "Holiday" \(calendar undo-\d+\)$/m);
  assert.deepEqual(await work.titles(), before);
  assert.match((await server!.read(work.calendar.name)).join(""), /X-COLOUR:blue[\s\S]*X-COLOUR:blue/);
  assert.match((await work.hum("calendar", "undo", "--list")).out, /removed +Visit/);

  const again = await work.hum("undo", "1");
  assert.match(again.out, /^Brought back 3 changes/);
  assert.deepEqual(await work.titles(), done);
  assert.equal((await work.hum("undo", "1")).code, 0);
  assert.deepEqual(await work.titles(), before);
});

test("[D8] what somebody else changed since stays, and it is said; with --force it goes, and is kept", {
  skip,
}, async () => {
  await using work = await openWork();
  await work.plan(visit, move, drop);
  await server!.put(work.calendar, "dentist.ics", toText("dentist-1", "Dentist of Kim"));
  const left = await work.hum("undo");
  assert.equal(left.code, 1);
  assert.match(left.out, /^Took back 2 changes/);
  assert.match(left.out, /left alone: "Dentist" \(calendar undo-\d+\) \(it was changed since\)/);
  assert.deepEqual(await work.titles(), ["Dentist of Kim 09", "Holiday 09"]);
  const forced = await work.hum("undo", "1", "--force");
  assert.equal(forced.code, 0, forced.out + forced.err);
  assert.deepEqual(await work.titles(), ["Dentist 09", "Holiday 09"]);
  assert.match((await work.hum("undo", "1")).out, /^Brought back 3 changes/);
  assert.deepEqual(await work.titles(), ["Dentist of Kim 09", "Visit 10"]);
});

test("[D8] nobody is told of an undo: what others take part in by now stays, also with --force", {
  skip,
}, async () => {
  await using work = await openWork();
  await work.plan(move);
  const guests = ["ORGANIZER:mailto:ada@example.org", "ATTENDEE:mailto:cleo@example.org"];
  await server!.put(work.calendar, "dentist.ics", toText("dentist-1", "Dentist", ...guests));
  const left = await work.hum("undo", "1", "--force");
  assert.equal(left.code, 1);
  assert.match(left.out, /left alone: .* \(cleo@example\.org take part, and would be told\)/);
  assert.match((await server!.read(work.calendar.name)).join(""), /ATTENDEE:mailto:cleo/);
});

test("[D8] what a calendar that is forgotten holds stays, and it is said", { skip }, async () => {
  await using work = await openWork();
  await work.plan(visit);
  await work.hum("calendar", "rm", work.calendar.name);
  const left = await work.hum("undo");
  assert.equal(left.code, 1);
  assert.match(left.out, /left alone: "Visit" .*the calendar undo-\d+ is not known any more/);
  assert.equal((await work.titles()).length, 3);
});

test("[C3] what is brought back after a crash over the change of somebody else can be undone", {
  skip,
}, async () => {
  await using room = await openRoom();
  const calendar: DavCalendar = await server!.make(`undo-${++number}`);
  server!.addTo(room.home);
  await server!.put(calendar, "dentist.ics", toText("dentist-1", "Dentist"));
  const device = createCalendar({ home: room.home, blobs: room.blobs, contacts: [], calendars: [calendar] });
  const { change } = device.operations;
  const args = change!.args.parse({ id: "dentist-1", title: "Moved" });
  const prepared = await change!.prepare!(args, room.context());
  await server!.put(calendar, "dentist.ics", toText("dentist-1", "Dentist of Kim"));
  const [brought, ...others] = (await change!.recover!(prepared, room.context())) ?? [];
  assert.deepEqual(others, []);
  assert.equal(brought?.kind, "event");
  assert.match(String(await room.blobs.get(brought.before!)), /Dentist of Kim/);
});

test("[K4] an event that is there though its answer was lost, or the call stopped, is told and can be undone", {
  skip,
}, async () => {
  await using room = await openRoom();
  const calendar: DavCalendar = await server!.make(`undo-${++number}`);
  server!.addTo(room.home);
  let taken = () => {};
  // Passes all on; the answer to a change never comes back.
  await using proxy = await serve(async (request, response) => {
    const body: Buffer[] = [];
    for await (const part of request) body.push(part as Buffer);
    const { host: _host, connection: _connection, ...headers } = request.headers as Record<string, string>;
    const answer = await fetch(new URL(request.url ?? "", server!.url), {
      ...{ method: request.method ?? "GET", headers },
      ...(body.length > 0 ? { body: Buffer.concat(body) } : {}),
    });
    const text = Buffer.from(await answer.arrayBuffer());
    if (request.method === "PUT" || request.method === "DELETE") {
      taken();
      return void response.destroy();
    }
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(text);
  });
  const behind = { ...calendar, url: calendar.url.replace(server!.url, `${proxy.base}/`) };
  const device = createCalendar({ home: room.home, blobs: room.blobs, contacts: [], calendars: [behind] });
  const call = (operation: string, args: object, signal?: AbortSignal) => {
    const one = device.operations[operation]!;
    return one.run(one.args.parse(args), room.context({ key: operation, ...(signal ? { signal } : {}) }));
  };
  const made = await call("create", { title: "Visit", start: "2027-11-05T10:00Z" });
  assert.equal(made.ok, true, made.text);
  assert.equal(made.changes?.[0]?.title, "Visit");

  const stop = new AbortController();
  taken = () => stop.abort();
  const { uid } = made.data as { uid: string };
  const gone = await call("remove", { id: uid }, stop.signal);
  assert.deepEqual(
    gone.changes?.map(({ path, after }) => [path, after]),
    [[`calendar:${behind.name}/${uid}`, null]],
  );
  assert.deepEqual(await server!.read(calendar.name), []);
});
