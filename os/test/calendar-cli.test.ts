// `hum calendar …` as people meet it: files and servers, what is kept, and taking back what an entity changed.

import assert from "node:assert/strict";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, test } from "node:test";
import { createScripted } from "../src/model/scripted.ts";
import { fenceForm } from "../src/syscall/fence.ts";
import { openCalendarServer, skipWithoutCalendarServer } from "./fixtures/calendar-server.ts";
import { openPlace } from "./fixtures/cli-kit.ts";

const skip = skipWithoutCalendarServer();
const server = skip ? null : await openCalendarServer();
after(() => server?.[Symbol.asyncDispose]());

test("a file: add, ls, test, a change by an entity, undo, rm", async () => {
  await using place = await openPlace();
  const hum = (...args: string[]) => place.inside(args).ended;
  assert.match((await hum("calendar", "ls")).out, /No calendars\. `hum calendar add --help`/);
  const added = await hum("calendar", "add", "own.ics");
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /^Added own: .*own\.ics has 0 events in the next four weeks\./);
  assert.match(
    (await hum("calendar", "add", "own.ics", "--name", "own")).err,
    /There is a calendar own already/,
  );
  assert.match((await hum("calendar", "add", "notes.txt")).err, /no calendar: its name ends with \.ics/);
  await writeFile(join(place.folder, "bad.ics"), "not a calendar");
  assert.match((await hum("calendar", "add", "bad.ics")).err, /is no calendar in the iCalendar format/);
  assert.match((await hum("calendar", "undo")).err, /Nothing was changed/);

  await mkdir(join(place.home, "programs", "planner"), { recursive: true });
  await writeFile(
    join(place.home, "programs", "planner", "PROGRAM.md"),
    '---\nname: planner\ndescription: Plans.\ntools: ["calendar.*", done]\n---\nPlan.\n',
  );
  const make = { title: "Visit", start: new Date(Date.now() + 86_400_000).toISOString().slice(0, 16) };
  const model = createScripted((_request, index) => {
    const call =
      index === 0
        ? { name: "calendar.create", args: { arguments: JSON.stringify(make) } }
        : { name: "done", args: { answer: "It is there." } };
    return fenceForm.render(call as never).slice(fenceForm.begin.length);
  });
  const asked = place.inside(["ask", "Put a visit into my calendar.", "--program", "planner"], {
    overrides: { openModel: async () => model },
  });
  assert.equal((await asked.ended).code, 0, asked.err());
  const file = join(place.folder, "own.ics");
  assert.match(await readFile(file, "utf8"), /SUMMARY:Visit/);
  assert.match((await hum("calendar", "test", "own")).out, /has 1 event in the next four weeks/);
  assert.match(
    (await hum("calendar", "undo", "--list")).out,
    /^CHANGE +WHEN +CALENDAR +WHAT +TITLE\n[0-9a-f]{8} .* own +made +Visit/,
  );
  assert.match((await hum("calendar", "undo")).out, /^Removed "Visit" in own\./);
  assert.doesNotMatch(await readFile(file, "utf8"), /Visit/);
  assert.match((await hum("calendar", "undo")).out, /^Made "Visit" in own\./);
  assert.match((await hum("calendar", "undo", "ffffffff")).err, /no change ffffffff/);
  assert.match((await hum("calendar", "rm", "own")).out, /^Removed own\./);
  assert.match(await readFile(file, "utf8"), /Visit/, "a calendar that is forgotten is not touched");
});

test("a server: its calendars are found, the password is kept once and forgotten with the last", {
  skip,
}, async () => {
  await using place = await openPlace();
  await server!.make("work");
  await server!.make("family");
  const args = ["calendar", "add", server!.url, "--user", server!.user];
  assert.match((await place.inside(["calendar", "add", server!.url]).ended).err, /Give --user/);
  assert.match(
    (await place.inside(["calendar", "add", "http://dav.example.org/", "--user", "a"]).ended).err,
    /not encrypted/,
  );
  const typed = place.inside(args, { interactive: true });
  await typed.sees("(not shown): ");
  typed.type(server!.password);
  const added = await typed.ended;
  assert.equal(added.code, 0, added.err);
  assert.match(added.out, /^Added family: .*\/family\/ has 0 events/m);
  assert.match(added.out, /^Added work: /m);
  assert.doesNotMatch(added.out + added.err, new RegExp(server!.password));
  assert.doesNotMatch(
    await readFile(join(place.home, "calendar.json"), "utf8"),
    new RegExp(server!.password),
  );
  const keyring = async () =>
    Object.keys(JSON.parse(await readFile(join(place.home, "keyring.json"), "utf8")));
  assert.equal((await keyring()).length, 1);
  assert.equal((await place.inside(["calendar", "rm", "work"]).ended).code, 0);
  assert.equal((await keyring()).length, 1);
  assert.equal((await place.inside(["calendar", "rm", "family"]).ended).code, 0);
  assert.equal((await keyring()).length, 0);
});
