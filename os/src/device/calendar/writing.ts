// The operations of `calendar` that write. Those that concern the person alone are reversible: what was there is noted before,
// kept, and put back by a recovery, by `hum undo` or by `hum calendar undo`. An event with guests is another matter: servers tell guests of
// each change, so it is changed only by operations whose guests stand in the arguments.

import { createHash } from "node:crypto";
import { z } from "zod";
import { HumError } from "../../error.ts";
import { capture, compare, restorePrepared, toPrepared } from "../capture.ts";
import { type DeviceContext, defineOperation, type FileChange, type Operation } from "../device.ts";
import { done } from "../failure.ts";
import { toRecipient } from "../mail/compose.ts";
import { toOneLine } from "../mcp/text.ts";
import { calendarLimits } from "../sizes.ts";
import { type CalendarAccount, toOwn } from "./accounts.ts";
import type { CalendarParts } from "./calendar.ts";
import {
  addGuests,
  changeEvent,
  dropOccurrence,
  type EventFields,
  makeEvent,
  openEvent,
  othersOf,
} from "./edit.ts";
import { askedBy, calendarSchema, timeSchema } from "./looking.ts";
import { keepChange, keepText, putEvent, toEventChange } from "./past.ts";
import { fromWritten, toNextDay } from "./time.ts";

interface Fields {
  title?: string | undefined;
  start?: string | undefined;
  end?: string | undefined;
  place?: string | undefined;
  notes?: string | undefined;
}

interface Wanted extends Fields {
  id?: string;
  /** What the event is called now: what a person reads, and may have named. */
  event?: string;
  occurrence?: string | undefined;
  calendar?: string | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
type Operations = Record<string, Operation<any>>;

const text = z.string().max(calendarLimits.textChars);
const id = z.string().min(1).max(255).describe("the id of the event, as events shows it");
const event = z.string().min(1).max(500).describe("the title of that event, as events shows it");
const occurrence = timeSchema
  .optional()
  .describe("of an event that repeats: the start of the one that is meant");
const fields = {
  title: z.string().min(1).max(500),
  start: timeSchema,
  end: timeSchema.optional().describe("an hour after the start unless told; of whole days the last one"),
  place: text.optional(),
  notes: text.optional(),
};
const changes = { ...fields, title: fields.title.optional(), start: timeSchema.optional() };

/** Makes `create`, `change`, `remove`, `invite` and `change_with_guests`. */
export function createWriting(parts: CalendarParts): Operations {
  const guests = z.array(toRecipient(parts.contacts)).min(1).max(calendarLimits.guests);
  const own = { effect: "reversible" as const, outside: true, private: true, askedBy };
  const all = { effect: "irreversible" as const, askedBy: ["invite", "invitation", "invitations", "邀请"] };
  return {
    create: toOperation(parts, {
      ...own,
      about: 'Puts an event into the calendar of the person; {"title", "start", "end", "place", "notes"}.',
      args: z.strictObject({ ...fields, calendar: calendarSchema }),
      plan: (args: Wanted, { zone, now, key }) => {
        const uid = `hum-${createHash("sha256")
          .update(JSON.stringify([key, args]))
          .digest("hex")
          .slice(0, 32)}`;
        return { uid, edit: () => makeEvent(uid, toFields(args, zone), { zone, now }), said: "Put" };
      },
    }),
    change: toOperation(parts, {
      ...own,
      about: 'Changes an event that only the person takes part in; {"id", and what is to be other}.',
      args: z.strictObject({ id, ...changes, occurrence, calendar: calendarSchema }),
      sinks: { id: "what" },
      plan: (args: Wanted, { zone, now }) => ({
        uid: args.id!,
        edit: (before) => edit(before, args, { zone, now }),
        said: "Changed",
      }),
    }),
    remove: toOperation(parts, {
      ...own,
      about: 'Takes an event that only the person takes part in out of the calendar; {"id"}.',
      args: z.strictObject({ id, occurrence, calendar: calendarSchema }),
      sinks: { id: "what" },
      plan: (args: Wanted, { zone, now }) => ({
        uid: args.id!,
        edit: (before) => drop(before, args, { zone, now }),
        said: "Removed",
      }),
    }),
    invite: toOperation(parts, {
      ...all,
      about:
        'Invites people to an event; {"id", "event": its title, "guests": [addresses or names of contacts]}.',
      args: z.strictObject({ id, event, guests, calendar: calendarSchema }),
      sinks: { event: "data", guests: "who" },
      plan: (args: Wanted & { guests?: string[] }, { zone, now, calendar }) => ({
        uid: args.id!,
        edit: (before) => {
          const asked = { uid: args.id!, guests: args.guests ?? [], organizer: toOrganizer(parts, calendar) };
          return addGuests(need(before, args.id!), asked, { zone, now });
        },
        said: `Invited ${(args.guests ?? []).join(", ")} to`,
        adds: true,
      }),
    }),
    change_with_guests: toOperation(parts, {
      ...all,
      askedBy: [...all.askedBy, "reschedule", "postpone", "cancel"],
      about:
        'Changes or calls off an event with guests; {"id", "event": its title, "guests": all of them, and what is to be other}.',
      args: z.strictObject({
        id,
        event,
        guests,
        ...changes,
        remove: z.boolean().optional(),
        occurrence,
        calendar: calendarSchema,
      }),
      sinks: { event: "what", guests: "who" },
      plan: (args: Wanted & { guests?: string[]; remove?: boolean }, { zone, now }) => ({
        uid: args.id!,
        edit: (before) =>
          args.remove ? drop(before, args, { zone, now }) : edit(before, args, { zone, now }),
        said: args.remove ? "Called off" : "Changed",
      }),
    }),
  };
}

/** How long a server may take to tell whether a change whose answer was lost is there. */
const lookMs = 5_000;

interface Setting {
  zone: string;
  now: number;
  key: string;
  calendar: CalendarAccount;
}

interface Plan {
  uid: string;
  /** The text afterwards, null for none. */
  edit(before: string | null): string | null;
  said: string;
  /** It only adds guests: those who take part already need not be named. */
  adds?: boolean;
}

/** An operation that puts one event in the place of another. */
function toOperation<A extends Wanted & { guests?: string[] }>(
  parts: CalendarParts,
  {
    plan,
    ...one
  }: Pick<Operation<A>, "about" | "effect" | "askedBy"> & {
    args: z.ZodType;
    sinks?: Operation<A>["sinks"];
    outside?: boolean;
    private?: boolean;
    plan(args: A, setting: Setting): Plan;
  },
): Operation<A> {
  const { find, open, zone, blobs, home } = parts;
  const toPlan = (args: A, context: DeviceContext) => {
    const calendar = find(args.calendar);
    return {
      calendar,
      ...plan(args, { zone, now: context.now(), key: `${context.home}:${context.key}`, calendar }),
    };
  };
  return defineOperation<A>({
    sinks: {},
    ...one,
    args: one.args as z.ZodType<A>,
    async prepare(args, context) {
      try {
        const { calendar, uid } = toPlan(args, context);
        if (calendar.kind === "file") return await toPrepared(await capture([calendar.path], blobs), blobs);
        const before = await (await open(calendar, context)).find(uid);
        return {
          calendar: calendar.name,
          uid,
          before: before === null ? null : await blobs.put(before.text),
        };
      } catch (error) {
        return { failed: HumError.is(error) ? error.message : "the calendar cannot be reached" };
      }
    },
    run: (args, context) =>
      parts.attempt(context, async () => {
        const { calendar, uid, edit, said, adds = false } = toPlan(args, context);
        const store = await open(calendar, context);
        const before = await store.find(uid);
        const reached = before === null ? [] : othersOf(before.text, uid, toOwn(parts.own, calendar));
        checkTitle(before?.text ?? null, uid, args.event);
        checkGuests(reached, one.effect === "reversible" ? null : (args.guests ?? []), adds);
        const after = edit(before?.text ?? null);
        const title = titleOf(after ?? before?.text ?? "", uid);
        const again = () => open(calendar, { key: context.key, signal: AbortSignal.timeout(lookMs) });
        const { files, put } = await watch(calendar, parts, () =>
          putEvent(store, { uid, text: after, before }, again),
        );
        const event = {
          ...{ calendar: calendar.name, uid, title },
          before: before === null ? null : await blobs.put(before.text),
          after: await keepText(store, uid, { text: after, put, blobs }),
        };
        const { id: change } = await keepChange(home, { at: context.now(), ...event });
        // Whom it told cannot be made not to know it: that only `hum calendar undo` takes back.
        const isOwn = calendar.kind === "caldav" && one.effect === "reversible";
        const made = isOwn ? [toEventChange(event)] : files;
        const to = one.effect === "reversible" ? [] : [...new Set([...reached, ...(args.guests ?? [])])];
        return {
          ...done(`${said} "${title}" (id ${uid}). \`hum calendar undo ${change}\` takes it back.`, {
            uid,
            change,
          }),
          ...(made.length > 0 ? { changes: made } : {}),
          ...(to.length > 0
            ? {
                egress: to.map((guest) => ({ host: `mail:${guest}`, bytes: Buffer.byteLength(after ?? "") })),
              }
            : {}),
        };
      }),
    ...(one.effect === "reversible"
      ? {
          async recover(prepared, context) {
            if (prepared.captured) return await restorePrepared(prepared, blobs);
            if (typeof prepared.failed === "string") return [];
            const {
              calendar: name,
              uid,
              before,
            } = prepared as { calendar: string; uid: string; before: string | null };
            const calendar = find(name);
            const store = await open(calendar, context);
            const there = await store.find(uid);
            const bytes = before === null ? null : await blobs.get(before);
            const text = bytes?.toString() ?? null;
            if ((there?.text ?? null) === text) return [];
            const { files, put } = await watch(calendar, parts, () => store.put(uid, text, there));
            if (calendar.kind === "file") return files;
            const title = titleOf(text ?? there?.text ?? "", uid);
            return [
              toEventChange({
                ...{
                  calendar: name,
                  uid,
                  title,
                  before: there === null ? null : await blobs.put(there.text),
                },
                after: await keepText(store, uid, { text, put, blobs }),
              }),
            ];
          },
        }
      : {}),
  });
}

/** Does something to a calendar, and tells which file it changed. */
async function watch(
  calendar: CalendarAccount,
  { blobs }: Pick<CalendarParts, "blobs">,
  work: () => Promise<string | null>,
): Promise<{ files: FileChange[]; put: string | null }> {
  if (calendar.kind !== "file") return { files: [], put: await work() };
  const before = await capture([calendar.path], blobs);
  const put = await work();
  return { files: (await compare(before, blobs)).changes, put };
}

/** `named` are the guests that the arguments name; null where there must be none. */
function checkGuests(reached: readonly string[], named: readonly string[] | null, adds: boolean): void {
  if (named === null && reached.length > 0)
    throw new HumError(
      "conflict",
      `${reached.map((one) => toOneLine(one, 80)).join(", ")} take part, and would be told. Use calendar.change_with_guests and name all of them.`,
    );
  if (named === null || adds) return;
  const missing = reached.filter((one) => !named.some((guest) => guest.toLowerCase() === one));
  if (missing.length > 0)
    throw new HumError(
      "conflict",
      `${missing.map((one) => toOneLine(one, 80)).join(", ")} take part too: name all guests.`,
    );
}

/** The title that was named must be that of the event: it is what is traced, and what a person says yes to. */
function checkTitle(before: string | null, uid: string, named: string | undefined): void {
  if (named === undefined || before === null) return;
  const title = titleOf(before, uid);
  if (title.toLowerCase() !== toOneLine(named, 160).toLowerCase())
    throw new HumError("conflict", `The event ${toOneLine(uid, 255)} is called "${title}".`);
}

const toOrganizer = ({ own }: CalendarParts, calendar: CalendarAccount): string | null =>
  calendar.kind === "caldav" && calendar.user.includes("@") ? calendar.user : (own[0] ?? null);

function toFields({ title, start, end, place, notes }: Fields, zone: string): EventFields {
  const texts = { title, place, notes };
  const first = start === undefined ? null : fromWritten(start, zone)!;
  const last = end === undefined ? null : fromWritten(end, zone)!;
  if (first && last && first.day !== last.day)
    throw new HumError("bad-input", "start and end are both days, or both times.");
  const until = last ? (last.day ? toNextDay(last.at, zone) : last.at) : null;
  const begun = first?.at;
  const ends = until ?? (first ? (first.day ? toNextDay(first.at, zone) : first.at + 3_600_000) : undefined);
  if (begun !== undefined && ends !== undefined && ends <= begun)
    throw new HumError("bad-input", `${end} is not after ${start}.`);
  const allDay = first?.day ?? last?.day;
  return {
    ...texts,
    ...(begun === undefined ? {} : { start: begun }),
    ...(ends === undefined ? {} : { end: ends }),
    ...(allDay === undefined ? {} : { allDay }),
  };
}

function need(before: string | null, uid: string): string {
  if (before !== null) return before;
  throw new HumError("not-found", `There is no event ${toOneLine(uid, 255)}. List the events again.`);
}

const toMoment = (time: string | undefined, zone: string) =>
  time === undefined ? undefined : fromWritten(time, zone)!.at;

function edit(before: string | null, args: Wanted, context: { zone: string; now: number }): string {
  const uid = args.id!;
  const wanted = toFields(args, context.zone);
  if (args.start === undefined && args.end !== undefined)
    throw new HumError("bad-input", "Name start together with end.");
  const text = need(before, uid);
  // Without an end the event is as long as it was.
  const length = args.start !== undefined && args.end === undefined ? lengthOf(text, uid) : null;
  const moved =
    length === null || wanted.start === undefined ? wanted : { ...wanted, end: wanted.start + length };
  return changeEvent(text, { uid, occurrence: toMoment(args.occurrence, context.zone) }, moved, context);
}

function drop(before: string | null, args: Wanted, context: { zone: string; now: number }): string | null {
  const text = need(before, args.id!);
  const at = toMoment(args.occurrence, context.zone);
  return at === undefined ? null : dropOccurrence(text, { uid: args.id!, occurrence: at }, context);
}

function lengthOf(text: string, uid: string): number | null {
  const [event] = openEvent(text, uid).events;
  const [start, end] = ["dtstart", "dtend"].map((name) => event!.getFirstPropertyValue(name)) as [
    { isDate: boolean; toUnixTime(): number } | null,
    { toUnixTime(): number } | null,
  ];
  if (!start || !end || start.isDate) return null;
  return (end.toUnixTime() - start.toUnixTime()) * 1000;
}

function titleOf(text: string, uid: string): string {
  const { events } = openEvent(text, uid);
  return toOneLine(String(events[0]?.getFirstPropertyValue("summary") ?? ""), 160);
}
