// The operations of `calendar` that write. Those that concern the person alone are reversible: what was there is noted before,
// kept, and put back by a recovery, by `hum undo` or by `hum calendar undo`. An event with guests is another matter: servers tell guests of
// each change, so it is changed only by operations whose guests stand in the arguments.

import { createHash } from "node:crypto";
import { z } from "zod";
import { HumError } from "../../error.ts";
import { capture, compare, restorePrepared, toPrepared } from "../capture.ts";
import { type DeviceContext, defineOperation, type FileChange, type Operation } from "../device.ts";
import { done } from "../failure.ts";
import { toRecipient, toSeveral } from "../mail/compose.ts";
import { toOneLine } from "../mcp/text.ts";
import { calendarLimits } from "../sizes.ts";
import { type CalendarAccount, toOwn } from "./accounts.ts";
import type { CalendarParts } from "./calendar.ts";
import { addGuests, makeEvent, othersOf } from "./edit.ts";
import { askedBy, calendarSchema, timeSchema, toCalendarLabel } from "./looking.ts";
import { findMeant } from "./meant.ts";
import { keepChange, keepText, putEvent, toEventChange } from "./past.ts";
import {
  checkPast,
  describeTime,
  drop,
  edit,
  need,
  timesOf,
  titleOf,
  toFields,
  type Wanted,
} from "./revise.ts";
import { fromLength, fromSpoken, toNamedDay } from "./spoken.ts";
import { fromWritten } from "./time.ts";

// biome-ignore lint/suspicious/noExplicitAny: operations of one device have different argument types
type Operations = Record<string, Operation<any>>;

const text = z.string().max(calendarLimits.textChars);
const id = z.string().min(1).max(255).describe("the id of the event, as events shows it");
const event = z.string().min(1).max(500).describe("the title of that event, as events shows it");
const occurrence = timeSchema
  .optional()
  .describe("of an event that repeats: the start of the one that is meant");
const endSchema = z
  .string()
  .max(40)
  .refine(
    (said) => fromSpoken(said, { zone: "UTC", now: 0 }) !== null || fromLength(said) !== null,
    'write a time such as 15:00, or leave it out and write how long it takes: "minutes": 45',
  );
const fields = {
  title: z.string().min(1).max(500),
  start: timeSchema,
  end: endSchema.optional().describe("an hour after the start unless told; of whole days the last one"),
  minutes: z.number().int().min(1).max(100_000).optional().describe("how long it is, instead of the end"),
  place: text.optional(),
  notes: text.optional(),
};
const changes = { ...fields, title: fields.title.optional(), start: timeSchema.optional() };
/** Of what others are told, and a person says yes to, the day must not depend on the day of the yes. */
const fixedTime = timeSchema
  .refine(
    (time) =>
      fromWritten(time, "UTC") !== null ||
      /\b\d{4}\b/.test(time) ||
      fromSpoken(time, { zone: "UTC", now: 0 })?.clock === true,
    "write the day out, such as 2026-11-03T10:00, or only a time of the same day, such as 15:00",
  )
  .optional();
const meant = {
  id: id.optional(),
  event: z.string().min(1).max(500).optional().describe("its title or words of it, instead of the id"),
};
const hasEvent = ({ id, event }: Wanted): boolean => id !== undefined || event !== undefined;
const isOther = ({
  id: _id,
  event: _event,
  occurrence: _one,
  calendar: _all,
  guests: _guests,
  ...other
}: Wanted & { guests?: unknown }): boolean => Object.values(other).some((value) => value !== undefined);
const whichOther = 'say what is to be other, such as "start"';
const whichEvent = 'say which event: {"event": words of its title}, or {"id"}';

/** Makes `create`, `change`, `remove`, `invite` and `change_with_guests`. */
export function createWriting(parts: CalendarParts): Operations {
  const guests = toSeveral(
    parts.contacts,
    toRecipient(
      parts.contacts,
      'An event to which nobody was invited is changed by calendar.change {"event", "start"}',
    ),
    { most: calendarLimits.guests },
  );
  const own = { effect: "reversible" as const, outside: true, private: true, askedBy };
  const all = { effect: "irreversible" as const, askedBy: ["invite", "invitation", "invitations", "邀请"] };
  return {
    create: toOperation(parts, {
      ...own,
      about:
        'Puts a new event into the calendar; {"title", "start": day and time as they are said, "end" or "minutes", "place", "notes"}.',
      example: { title: "Haircut", start: "9 March 2026 10:00", minutes: 30, place: "Long Street 1" },
      args: z.strictObject({ ...fields, calendar: calendarSchema }),
      plan: (args: Wanted, { zone, now, key }) => {
        const uid = `hum-${createHash("sha256")
          .update(JSON.stringify([key, args]))
          .digest("hex")
          .slice(0, 32)}`;
        return {
          uid,
          edit: () =>
            makeEvent(uid, checkPast(args, toFields(args, { zone, now }), { zone, now }), { zone, now }),
          said: "Put",
        };
      },
    }),
    change: toOperation(parts, {
      ...own,
      about:
        'Moves or changes an event; {"event": words of its title, and what is to be other: "start", "end", "title", "place", "notes"}.',
      example: { event: "Haircut", start: "16:00" },
      args: z
        .strictObject({ ...meant, ...changes, occurrence, calendar: calendarSchema })
        .refine(hasEvent, whichEvent)
        .refine(isOther, whichOther),
      sinks: { id: "what", event: "what" },
      plan: (args: Wanted, { zone, now }) => ({
        uid: args.id!,
        edit: (before) => edit(before, args, { zone, now }),
        said: "Changed",
      }),
    }),
    remove: toOperation(parts, {
      ...own,
      about: 'Takes an event out of the calendar; {"event": words of its title, "occurrence": its day}.',
      example: { event: "Haircut" },
      args: z.strictObject({ ...meant, occurrence, calendar: calendarSchema }).refine(hasEvent, whichEvent),
      sinks: { id: "what", event: "what" },
      plan: (args: Wanted, { zone, now }) => ({
        uid: args.id!,
        edit: (before) => drop(before, args, { zone, now }),
        said: "Removed",
      }),
    }),
    invite: toOperation(parts, {
      ...all,
      about:
        'Sends people an invitation to an event; {"id", "event": its title, "guests": [addresses or names of contacts]}.',
      example: { id: "haircut-1", event: "Haircut", guests: ["Ana"] },
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
        'Only where calendar.change says that others were invited: changes or calls off the event and tells them; {"id", "event": its title, "guests": their addresses, and what is to be other}.',
      example: { id: "choir-1", event: "Choir", guests: ["Ana"], start: "2026-03-09T19:00" },
      args: z
        .strictObject({
          id,
          event,
          guests,
          ...changes,
          start: fixedTime,
          end: fixedTime,
          remove: z.boolean().optional(),
          occurrence,
          calendar: calendarSchema,
        })
        .refine(isOther, whichOther),
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
  }: Pick<Operation<A>, "about" | "example" | "effect" | "askedBy"> & {
    args: z.ZodType;
    sinks?: Operation<A>["sinks"];
    outside?: boolean;
    private?: boolean;
    plan(args: A, setting: Setting): Plan;
  },
): Operation<A> {
  const { find, open, zone, blobs, home } = parts;
  const toPlan = async (given: A, context: DeviceContext) => {
    const isOwn = one.effect === "reversible";
    const args = isOwn && given.event !== undefined ? await findMeant(parts, given, context) : given;
    const calendar = find(args.calendar);
    const setting = { zone, now: context.now(), key: `${context.home}:${context.key}`, calendar };
    return { calendar, ...plan(args, setting), named: args.event, occurrence: args.occurrence };
  };
  return defineOperation<A>({
    sinks: {},
    ...one,
    args: one.args as z.ZodType<A>,
    async prepare(args, context) {
      try {
        const { calendar, uid } = await toPlan(args, context);
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
        const { calendar, uid, edit, said, adds = false, named, occurrence } = await toPlan(args, context);
        const store = await open(calendar, context);
        const before = await store.find(uid);
        const reached = before === null ? [] : othersOf(before.text, uid, toOwn(parts.own, calendar));
        checkTitle(before?.text ?? null, uid, named);
        const guests = one.effect === "reversible" ? null : (args.guests ?? []);
        checkGuests(reached, guests, { adds, uid, text: before?.text ?? "", wanted: toOther(args, said) });
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
        const when = toWhen(after, { uid, occurrence }, { zone, now: context.now() });
        return {
          ...done(`${said} "${title}"${when} (id ${uid}). \`hum calendar undo ${change}\` takes it back.`, {
            uid,
            change,
          }),
          // What was there before is told too.
          ...(before === null ? {} : { label: toCalendarLabel(calendar.name) }),
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

// The day and time are said, so that whoever asked for it sees what a word such as "Friday" came to.
function toWhen(
  after: string | null,
  { uid, occurrence }: { uid: string; occurrence: string | undefined },
  here: { zone: string; now: number },
): string {
  if (occurrence !== undefined)
    return `, the one of ${toNamedDay(fromSpoken(occurrence, here)!.at, here.zone)},`;
  if (after === null) return "";
  const past = (timesOf(after, uid, here.zone)?.end ?? here.now) < here.now ? ", which is past" : "";
  return `: ${describeTime(after, uid, here.zone)}${past}`;
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

/** What a call wants to be other, as an operation with guests is told it. */
function toOther(args: Wanted & { guests?: string[] }, said: string): object {
  const { id: _id, event: _event, calendar: _calendar, guests: _guests, ...other } = args;
  return said === "Removed" ? { ...other, remove: true } : other;
}

/** `named` are the guests that the arguments name; null where there must be none. */
function checkGuests(
  reached: readonly string[],
  named: readonly string[] | null,
  { adds, uid, text, wanted }: { adds: boolean; uid: string; text: string; wanted: object },
): void {
  const event = {
    id: toOneLine(uid, 255),
    event: reached.length > 0 ? titleOf(text, uid) : "",
    guests: reached,
    ...wanted,
  };
  if (named === null && reached.length > 0)
    throw new HumError(
      "conflict",
      `${reached.map((one) => toOneLine(one, 80)).join(", ")} take part, and would be told. Use calendar.change_with_guests and name all of them: ${JSON.stringify(event)}`,
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
