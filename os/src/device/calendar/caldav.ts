// A calendar of a CalDAV server. The server is the person's own choice; still it is spoken to only encrypted (but on this very
// machine), what it answers is bounded, its words never leave its own domain with the password, and a change is made only
// when nobody else changed the event meanwhile.

import { createHash } from "node:crypto";
import { HumError, toMessage } from "../../error.ts";
import { withoutSecret } from "../account/keyring.ts";
import { readBounded } from "../bounded.ts";
import { isThisMachine } from "../mail/accounts.ts";
import { toOneLine } from "../mcp/text.ts";
import { calendarLimits } from "../sizes.ts";
import type { CalendarStore, Stored } from "./store.ts";

/** A server with the way to the password. */
export interface DavAccess {
  url: string;
  user: string;
  password(): string;
}

/** A calendar that a server has. */
export interface FoundCalendar {
  url: string;
  title: string;
}

/** The address of a server as a person types it. Throws `bad-input` for one that may not be used. */
export function toDavUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "")
    throw new HumError("bad-input", `${text} is no address such as https://dav.example.org/.`);
  if (url.protocol === "http:" && !isThisMachine(url.hostname.replace(/^\[|\]$/g, "")))
    throw new HumError("bad-input", `${text} is not encrypted: give an address with https.`);
  return url.href;
}

/** The calendars of a server. */
export async function listCalendars(access: DavAccess, signal: AbortSignal): Promise<FoundCalendar[]> {
  return await ask(access, signal, async (common) => {
    const { createAccount, fetchCalendars } = await import("tsdav");
    const account = await createAccount({
      account: { serverUrl: access.url, accountType: "caldav" },
      loadCollections: false,
      ...common,
    });
    const found = await fetchCalendars({ account, ...common });
    return found
      .filter((one) => !one.components || one.components.includes("VEVENT"))
      .map((one) => ({
        url: toDavUrl(new URL(one.url, access.url).href),
        title: typeof one.displayName === "string" ? toOneLine(one.displayName, 80) : "",
      }));
  });
}

/** Opens a calendar for one call. */
export function openDavStore(access: DavAccess, signal: AbortSignal): CalendarStore {
  const calendar = { url: access.url };
  return {
    read: ({ from, to }) =>
      ask(access, signal, async (common) => {
        const { fetchCalendarObjects } = await import("tsdav");
        const timeRange = { start: new Date(from).toISOString(), end: new Date(to).toISOString() };
        const found = await fetchCalendarObjects({ calendar, timeRange, urlFilter: () => true, ...common });
        return found.map((one) => String(one.data ?? "")).filter((text) => text !== "");
      }),
    find: (uid) =>
      ask(access, signal, async (common): Promise<Stored | null> => {
        const { fetchCalendarObjects } = await import("tsdav");
        const filters = {
          "comp-filter": {
            _attributes: { name: "VCALENDAR" },
            "comp-filter": {
              _attributes: { name: "VEVENT" },
              "prop-filter": {
                _attributes: { name: "UID" },
                "text-match": { _attributes: { collation: "i;octet" }, _text: uid },
              },
            },
          },
        };
        const found = await fetchCalendarObjects({ calendar, filters, urlFilter: () => true, ...common });
        const { openEvent } = await import("./edit.ts");
        for (const { data, url, etag } of found) {
          const text = String(data ?? "");
          try {
            openEvent(text, uid);
            return { text, url, ...(etag ? { etag } : {}) };
          } catch {
            // A server may find what only looks like it.
          }
        }
        return null;
      }),
    put: (uid, text, before) =>
      ask(access, signal, async (common) => {
        const { createCalendarObject, deleteCalendarObject, updateCalendarObject } = await import("tsdav");
        const there = before?.url ? { url: before.url, ...(before.etag ? { etag: before.etag } : {}) } : null;
        const filename = `${createHash("sha256").update(uid).digest("hex").slice(0, 40)}.ics`;
        if (text === null && there === null) return null;
        const response =
          text === null
            ? await deleteCalendarObject({ calendarObject: there!, ...common })
            : there === null
              ? await createCalendarObject({ calendar, iCalString: text, filename, ...common })
              : await updateCalendarObject({ calendarObject: { ...there, data: text }, ...common });
        if (response.ok) return response.headers.get("etag");
        if (response.status === 412 || response.status === 409)
          throw new HumError(
            "conflict",
            `The event ${uid} was changed by somebody else meanwhile. Read it again.`,
          );
        throw new Error(`status ${response.status} ${response.statusText}`);
      }),
  };
}

interface Common {
  headers: Record<string, string>;
  fetchOptions: RequestInit;
  fetch: typeof fetch;
}

async function ask<T>(
  { url, user, password }: DavAccess,
  signal: AbortSignal,
  work: (common: Common) => Promise<T>,
): Promise<T> {
  const { host } = new URL(toDavUrl(url));
  const secret = password();
  signal.throwIfAborted();
  const whole = AbortSignal.any([signal, AbortSignal.timeout(calendarLimits.callMs)]);
  let status = 0;
  const bounded: typeof fetch = async (input, init) => {
    const target = new URL(input instanceof Request ? input.url : String(input));
    if (!isSame(target, new URL(url)))
      throw new HumError("denied", `${host} sends on to ${target.host}, which is another server.`);
    const response = await fetch(input, { ...init, signal: whole });
    status = response.status;
    return await bound(response);
  };
  try {
    const authorization = `Basic ${Buffer.from(`${user}:${secret}`).toString("base64")}`;
    return await work({ headers: { authorization }, fetchOptions: { signal: whole }, fetch: bounded });
  } catch (error) {
    signal.throwIfAborted();
    if (HumError.is(error)) throw error;
    if (whole.aborted) throw new HumError("interrupted", `${host} did not answer in time.`);
    if (status === 401 || status === 403)
      throw new HumError(
        "denied",
        `${host} does not take the user name or the password. Many providers want an app password.`,
      );
    const { code } = ((error as Error).cause ?? {}) as { code?: string };
    if (code === "ECONNREFUSED") throw new HumError("denied", `Nothing answers at ${host}.`);
    if (code === "ENOTFOUND") throw new HumError("denied", `${host} cannot be found.`);
    throw new HumError("denied", withoutSecret(`${host}: ${toOneLine(toMessage(error), 200)}`, secret));
  }
}

/** Whether the password may go there: the same machine, or an encrypted server of the same domain. */
function isSame(target: URL, own: URL): boolean {
  if (target.origin === own.origin) return true;
  const domain = (host: string) => host.split(".").slice(-2).join(".");
  const named = /\.[a-z]+$/i.test(own.hostname);
  return named && target.protocol === "https:" && domain(target.hostname) === domain(own.hostname);
}

/** An answer that is no larger than it may be. */
async function bound(response: Response): Promise<Response> {
  const { status, statusText, headers, url } = response;
  const bytes = await readBounded(response, calendarLimits.answerBytes);
  if (bytes === null) throw new Error("it answers with too much");
  // An answer without content may have no body at all.
  const whole = new Response(bytes.length === 0 ? null : new Uint8Array(bytes), {
    status,
    statusText,
    headers,
  });
  Object.defineProperty(whole, "url", { value: url });
  return whole;
}
