// `hum calendar …`: the calendars of the person as a device: files of the iCalendar format, and CalDAV servers. What entities
// changed in them is taken back with `hum calendar undo`.

import { existsSync, realpathSync } from "node:fs";
import { resolve } from "node:path";
import type { Command } from "commander";
import { keepSecret } from "../../device/account/keyring.ts";
import type { CalendarAccount } from "../../device/calendar/accounts.ts";
import { HumError } from "../../error.ts";
import { makeHome } from "../../home.ts";
import { takeSecret } from "../account.ts";
import { watchInterrupt } from "../interrupt.ts";
import { homeOf, type Io, say, sayJson, tell } from "../io.ts";
import { reloadDevices } from "../reload.ts";
import type { Context } from "../run.ts";
import { clean, count, toTable, toTime } from "../text.ts";

interface AddOptions {
  name?: string;
  user?: string;
  passwordFile?: string;
}

const loadAccounts = () => import("../../device/calendar/accounts.ts");

/** Adds the commands of calendars. */
export function addCalendar(program: Command, context: Context): void {
  const { io } = context;
  const calendar = program
    .command("calendar")
    .description("Calendars that entities may read and write: add, list, try, remove, undo.")
    .addHelpText(
      "after",
      `
Examples:
  hum calendar add ~/own.ics
  hum calendar add https://dav.example.org/ --user ada@example.org
  hum ask "When am I free on Friday?" --program clerk
  hum calendar undo

Invitations ask you, unless you named in the task whom they go to.`,
    );
  addAdd(calendar, context);
  calendar
    .command("ls")
    .description("List the calendars.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const all = await readAll(homeOf(io));
      if (options.json) return sayJson(io, all);
      if (all.length === 0) return say(io, "No calendars. `hum calendar add --help` says how to add one.");
      const rows = all.map((one) => [one.name, one.kind, one.kind === "file" ? one.path : one.url]);
      for (const line of toTable(["NAME", "KIND", "WHERE"], rows)) say(io, clean(line));
    });
  calendar
    .command("test")
    .description("Read a calendar, and say what is there.")
    .argument("[name]", "which; all unless told")
    .action(async (name: string | undefined) => {
      const home = homeOf(io);
      const wanted = name === undefined ? await readAll(home) : [await findOne(home, name)];
      if (wanted.length === 0)
        throw new HumError(
          "not-found",
          "There is no calendar. `hum calendar add --help` says how to add one.",
        );
      for (const one of wanted) say(io, await tryCalendar(context, one));
    });
  calendar
    .command("rm")
    .description("Forget a calendar; nothing is deleted in it.")
    .argument("<name>", "which")
    .action(async (name: string) => {
      const { calendarAccounts } = await loadAccounts();
      const home = homeOf(io);
      const gone = await findOne(home, name);
      await calendarAccounts.keep(home, name, null);
      const left = await readAll(home);
      if (gone.kind === "caldav" && !left.some((one) => one.kind === "caldav" && one.key === gone.key))
        keepSecret(home, gone.key, null);
      await reloadDevices(context);
      say(io, `Removed ${name}.`);
    });
  addUndo(calendar, context);
}

const readAll = async (home: string): Promise<CalendarAccount[]> => {
  const { calendarAccounts } = await loadAccounts();
  return (await calendarAccounts.read(home)) as CalendarAccount[];
};

const findOne = async (home: string, name: string): Promise<CalendarAccount> => {
  const { calendarAccounts } = await loadAccounts();
  return (await calendarAccounts.find(home, name)) as CalendarAccount;
};

function addAdd(calendar: Command, context: Context): void {
  const { io } = context;
  calendar
    .command("add")
    .description("Add a calendar file, or all calendars of a CalDAV server.")
    .argument("<place>", "a file (made when it is not there), or the address of a server")
    .option("--name <name>", "what it is called here; its own name unless told")
    .option("--user <name>", "as whom to log in to a server")
    .option("--password-file <file>", "a file of yours (mode 0600) whose first line is the password")
    .action(async (place: string, options: AddOptions) => {
      const { home } = makeHome(homeOf(io));
      const added = /^https?:\/\//i.test(place)
        ? await addServer(context, { home, place, options })
        : [await addFile(io, { home, place, options })];
      await reloadDevices(context);
      for (const one of added) say(io, `Added ${one.name}: ${await tryCalendar(context, one)}`);
    });
}

interface Adding {
  home: string;
  place: string;
  options: AddOptions;
}

async function addFile(io: Io, { home, place, options }: Adding): Promise<CalendarAccount> {
  const { calendarAccounts } = await loadAccounts();
  const typed = place.startsWith("~/") ? `${io.env.HOME ?? "~"}${place.slice(1)}` : place;
  const whole = resolve(io.cwd, typed);
  const path = existsSync(whole) ? realpathSync(whole) : whole;
  if (!/\.(ics|ical|ifb)$/i.test(path))
    throw new HumError("bad-input", `${place} is no calendar: its name ends with .ics.`);
  const name = await toFreeName(
    home,
    options.name ?? path.slice(path.lastIndexOf("/") + 1).replace(/\.\w+$/, ""),
    options,
  );
  const { openFileStore } = await import("../../device/calendar/file-store.ts");
  await openFileStore(path, null as never, "").read({ from: 0, to: 0 });
  const account = { kind: "file" as const, path };
  await calendarAccounts.keep(home, name, account);
  return { ...account, name };
}

async function addServer(context: Context, { home, place, options }: Adding): Promise<CalendarAccount[]> {
  const { io } = context;
  const { listCalendars, toDavUrl } = await import("../../device/calendar/caldav.ts");
  const { calendarAccounts } = await loadAccounts();
  const url = toDavUrl(place);
  const { user } = options;
  if (!user) throw new HumError("bad-input", "Give --user NAME: as whom to log in to the server.");
  const { secret, at } = await takeSecret(context, `${user} at ${new URL(url).host}`, options.passwordFile);
  const interrupt = watchInterrupt(io);
  try {
    tell(io, `Looking at ${new URL(url).host} …`);
    const access = { url, user, password: () => secret };
    const found = await interrupt.race(listCalendars(access, interrupt.signal));
    if (found.length === 0) throw new HumError("not-found", `${url} has no calendar for ${user}.`);
    const key = `calendar:${user}@${new URL(url).host}`;
    if (!("file" in at)) keepSecret(home, key, secret);
    const added: CalendarAccount[] = [];
    for (const one of found) {
      const wanted = found.length === 1 ? (options.name ?? one.title) : `${options.name ?? ""} ${one.title}`;
      const name = await toFreeName(home, wanted, found.length === 1 ? options : {});
      const account = { kind: "caldav" as const, url: one.url, user, secret: at, key };
      await calendarAccounts.keep(home, name, account);
      added.push({ ...account, name });
    }
    return added;
  } finally {
    interrupt.end();
  }
}

/** A name that no other calendar has. Throws `conflict` when the person chose one that another has. */
async function toFreeName(home: string, wanted: string, { name }: AddOptions): Promise<string> {
  const { calendarAccounts } = await loadAccounts();
  const taken = new Set((await readAll(home)).map((one) => one.name));
  if (name !== undefined) {
    calendarAccounts.checkName(name);
    if (taken.has(name))
      throw new HumError("conflict", `There is a calendar ${name} already: give this one another --name.`);
    return name;
  }
  const plain =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 24) || "calendar";
  for (let i = 1; ; i++) {
    const one = i === 1 ? plain : `${plain}-${i}`;
    if (!taken.has(one)) return calendarAccounts.checkName(one);
  }
}

/** Reads the next four weeks; what was found, as a sentence. */
async function tryCalendar({ io }: Context, calendar: CalendarAccount): Promise<string> {
  const { openCalendar } = await import("../../device/calendar/calendar.ts");
  const { expandApart } = await import("../../device/calendar/expand-host.ts");
  const interrupt = watchInterrupt(io);
  try {
    const from = Date.now();
    const span = { from, to: from + 28 * 86_400_000 };
    const { signal } = interrupt;
    const store = await openCalendar(calendar, {
      home: homeOf(io),
      blobs: null as never,
      key: "look",
      signal,
    });
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    const texts = await interrupt.race(store.read(span));
    const { occurrences, damaged } = await interrupt.race(expandApart({ texts, ...span, zone }, signal));
    const wrong = damaged > 0 ? `; ${count(damaged, "event")} cannot be read` : "";
    return `${calendar.kind === "file" ? calendar.path : calendar.url} has ${count(occurrences.length, "event")} in the next four weeks${wrong}.`;
  } finally {
    interrupt.end();
  }
}

function addUndo(calendar: Command, context: Context): void {
  const { io } = context;
  calendar
    .command("undo")
    .description(
      "Take back a change in a calendar; without a name the newest. Taking back twice does it again.",
    )
    .argument("[change]", "which, see --list")
    .option("--list", "list the changes, the newest first")
    .action(async (wanted: string | undefined, options: { list?: boolean }) => {
      const { readChanges, undoChange } = await import("../../device/calendar/past.ts");
      const { openCalendar } = await import("../../device/calendar/calendar.ts");
      const { createBlobs } = await import("../../device/blobs.ts");
      const home = homeOf(io);
      const changes = await readChanges(home);
      if (options.list) {
        const rows = changes
          .slice(0, 50)
          .map((one) => [one.id, toTime(one.at), one.calendar, toWhat(one), clean(one.title)]);
        if (rows.length === 0) return say(io, "Nothing was changed in a calendar yet.");
        for (const line of toTable(["CHANGE", "WHEN", "CALENDAR", "WHAT", "TITLE"], rows)) say(io, line);
        return;
      }
      const change = wanted === undefined ? changes[0] : changes.find((one) => one.id === wanted);
      if (!change)
        throw new HumError(
          "not-found",
          wanted === undefined
            ? "Nothing was changed in a calendar yet."
            : `There is no change ${wanted}. \`hum calendar undo --list\` lists them.`,
        );
      const all = await readAll(home);
      const found = all.find((one) => one.name === change.calendar);
      if (!found) throw new HumError("not-found", `The calendar ${change.calendar} is not known any more.`);
      const blobs = await createBlobs(home);
      const signal = AbortSignal.timeout(undoMs);
      const store = await openCalendar(found, { home, blobs, key: `undo-${change.id}`, signal });
      const done = await undoChange(change, { store, blobs, home, now: Date.now() });
      if ("why" in done)
        throw new HumError("conflict", `"${clean(change.title)}" stays as it is: ${done.why}.`);
      say(
        io,
        `${toWhat(done.made ?? change).replace(/^./, (first) => first.toUpperCase())} "${clean(change.title)}" in ${found.name}.`,
      );
    });
}

/** A change is given up after so long. */
const undoMs = 60_000;

const toWhat = ({ before, after }: { before: string | null; after: string | null }): string =>
  before === null ? "made" : after === null ? "removed" : "changed";
