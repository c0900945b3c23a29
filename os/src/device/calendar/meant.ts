// Which event is meant by words of its title: a person says "the meeting with Tom", and no person says an id. What comes from
// today on is looked at; where the words, and the day when one is named, fit several events, they are told and none is taken.

import { HumError } from "../../error.ts";
import type { DeviceContext } from "../device.ts";
import { toOneLine } from "../mcp/text.ts";
import type { CalendarParts } from "./calendar.ts";
import { lookAt, toTimeText } from "./looking.ts";
import type { Wanted } from "./revise.ts";
import { fromSpoken, toEndOf } from "./spoken.ts";
import { toDay, toWritten } from "./time.ts";

const comingDays = 366;
/** Words that say nothing about which event is meant. */
const filling = new Set(["with", "the", "my", "our", "and", "at", "on", "of", "for", "a", "an"]);
const shown = 8;

/** The same call with the id of the event that is meant, and its calendar. Throws `not-found` or `conflict`. */
export async function findMeant<A extends Wanted>(
  parts: CalendarParts,
  args: A,
  context: DeviceContext,
): Promise<A> {
  const { zone } = parts;
  const here = { zone, now: context.now() };
  const on = args.occurrence === undefined ? null : fromSpoken(args.occurrence, here)!;
  const from = on ? fromSpoken(toDay(on.at, zone), here)!.at : fromSpoken("today", here)!.at;
  const to = on ? toEndOf({ at: from, day: true }, zone) : from + comingDays * 86_400_000;
  const { found } = await lookAt(parts, { from, to, calendar: args.calendar }, context);
  const { event: _event, occurrence: _occurrence, ...rest } = args;
  const sure = { ...(rest as A), ...(on ? { occurrence: args.occurrence } : {}) };
  if (args.id !== undefined && found.some(({ event }) => event.uid === args.id)) return sure;
  const wanted = args.event!.toLowerCase();
  const words: readonly string[] = wanted.match(/[\p{L}\p{N}]+/gu) ?? [];
  const titleOf = ({ event }: (typeof found)[number]) => event.title.toLowerCase();
  const said = words.filter((word) => !filling.has(word));
  const told = ({ event }: (typeof found)[number]) =>
    [event.title, event.organizer ?? "", ...event.guests].join(" ").toLowerCase();
  // By its title; by its title and who takes part; by a title of which nothing is left out.
  const ways = [
    (one: (typeof found)[number]) => titleOf(one) === wanted,
    (one: (typeof found)[number]) => words.every((word) => titleOf(one).includes(word)),
    (one: (typeof found)[number]) => said.length > 0 && said.every((word) => told(one).includes(word)),
    (one: (typeof found)[number]) => {
      const own: readonly string[] = titleOf(one).match(/[\p{L}\p{N}]+/gu) ?? [];
      return own.length > 0 && own.every((word) => words.includes(word));
    },
  ];
  const fitting = ways.map((way) => found.filter(way)).find((some) => some.length > 0) ?? [];
  // Of one that repeats the next is meant.
  const single = fitting.filter(
    (one, i) => fitting.findIndex(({ event }) => event.uid === one.event.uid) === i,
  );
  const lines = (list: typeof found) =>
    list
      .slice(0, shown)
      .map(
        ({ event }) =>
          `${toTimeText(event, zone)}  ${toOneLine(event.title, 160)}  id ${toOneLine(event.uid, 255)}`,
      )
      .join("\n");
  if (single.length > 1)
    throw new HumError("conflict", `Several events are called so. Name the id of one:\n${lines(single)}`);
  const [one] = single;
  if (!one && args.id !== undefined) return sure;
  if (!one) {
    const there = found.length > 0 ? ` These come next:\n${lines(found)}` : "";
    throw new HumError("not-found", `No event is called "${toOneLine(args.event!, 160)}".${there}`);
  }
  const { uid, repeats, start } = one.event;
  return {
    ...(rest as A),
    ...{ id: uid, calendar: one.calendar.name },
    ...(repeats ? { occurrence: toWritten(start) } : {}),
  };
}
