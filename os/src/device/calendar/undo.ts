// Takes back what entities changed of events on servers, for `hum undo`. What they changed in a calendar file is a change of
// that file. Nobody is told of an undo: what others take part in by now stays.

import { HumError, toMessage } from "../../error.ts";
import type { Blobs } from "../blobs.ts";
import type { Undone } from "../changes.ts";
import type { FileChange } from "../device.ts";
import type { Past } from "../past.ts";
import { type CalendarAccount, calendarAccounts, toOwn } from "./accounts.ts";
import { fromEventChange, isText, toEventChange, undoChange } from "./past.ts";
import type { CalendarStore } from "./store.ts";

/** How long a server may take for one event. */
const undoMs = 60_000;

/** The past of the calendars of a home. */
export function createEventPast(from: {
  home: string;
  blobs: Blobs;
  now(): number;
}): Pick<Past, "undo" | "stands"> {
  const { home, blobs, now } = from;

  async function open(name: string): Promise<{ account: CalendarAccount; store: CalendarStore }> {
    const account = (await calendarAccounts.read(home)).find((one) => one.name === name);
    if (!account) throw new HumError("not-found", `the calendar ${name} is not known any more`);
    const { openCalendar } = await import("./calendar.ts");
    const signal = AbortSignal.timeout(undoMs);
    const known = account as CalendarAccount;
    return { account: known, store: await openCalendar(known, { home, blobs, key: "undo", signal }) };
  }

  async function ownOf(account: CalendarAccount): Promise<string[]> {
    const { mailAccounts } = await import("../mail/accounts.ts");
    const mailboxes = await mailAccounts.read(home);
    return toOwn(
      mailboxes.map((one) => one.address),
      account,
    );
  }

  return {
    async undo(changes, { force }) {
      const result: Undone = { undone: [], conflicts: [], changes: [] };
      for (const change of toChains(changes).reverse()) {
        try {
          const event = fromEventChange(change);
          const { account, store } = await open(event.calendar);
          const own = force ? await ownOf(account) : [];
          const done = await undoChange(event, { store, blobs, home, now: now(), own, force });
          if ("why" in done) result.conflicts.push({ change, why: done.why });
          else {
            result.undone.push(change);
            if (done.made) result.changes.push(toEventChange(done.made));
          }
        } catch (error) {
          result.conflicts.push({ change, why: toMessage(error) });
        }
      }
      return result;
    },
    async stands(change) {
      const { calendar, uid, after } = fromEventChange(change);
      const { store } = await open(calendar);
      return await isText(await store.find(uid), after, blobs);
    },
  };
}

/**
 * Changes of which each begins where the one before ended, as one: the text in between is put on no server, which would write
 * it in its own way. Where somebody else changed the event in between a new chain begins.
 */
function toChains(changes: readonly FileChange[]): FileChange[] {
  const chains: FileChange[] = [];
  for (const change of changes) {
    const at = chains.findLastIndex((one) => one.path === change.path);
    const before = chains[at];
    if (before && before.after === change.before) {
      chains.splice(at, 1);
      chains.push({ ...change, before: before.before });
    } else chains.push(change);
  }
  return chains.filter((change) => change.before !== change.after);
}
