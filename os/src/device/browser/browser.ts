// The device `browser`: reads a page of the web as a person would see it, for pages that show nothing without their programs.
// A real Chromium opens it, fresh and empty for each page, in the sandbox and without a network (cell.ts); what the page asks
// of the web Hum fetches for it, from granted hosts only (traffic.ts). No account of the person, no cookie, no download.

import { dirname } from "node:path";
import { z } from "zod";
import type { Egress } from "../../entity/authority.ts";
import { toMessage } from "../../error.ts";
import { makeFolders } from "../anchor.ts";
import type { Blobs } from "../blobs.ts";
import type { Sandbox } from "../bubblewrap.ts";
import { capture, compare, toRoot } from "../capture.ts";
import {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
} from "../device.ts";
import { fail } from "../failure.ts";
import { pathSchema } from "../files-change.ts";
import { addressSchema } from "../http.ts";
import { joinLabels, type Label, toLabel, toUntrusted } from "../label.ts";
import { toOneLine, toSeen } from "../mcp/text.ts";
import { type Resolve, resolveName } from "../net.ts";
import { resolveInside } from "../paths.ts";
import { toBytes } from "../say.ts";
import { browserLimits } from "../sizes.ts";
import { type BrowserProgram, findBrowser } from "./find.ts";
import { readPage, type SeenPage } from "./page.ts";

/** What the device needs. */
export interface BrowserOptions {
  /** Without a sandbox no page is opened. */
  sandbox: Sandbox | null;
  blobs: Blobs;
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
  /** Another browser than the one of this machine; null for none. */
  browser?: BrowserProgram | null;
  resolve?: Resolve;
  ms?: number;
}

interface Read {
  url: string;
  page: number;
  picture?: string | undefined;
}

/** Makes the device `browser`. */
export function createBrowser(options: BrowserOptions): Device {
  const { sandbox, blobs, protect = [], resolve = resolveName, ms = browserLimits.pageMs } = options;
  const read = defineOperation<Read>({
    about:
      'Reads a web page in a browser: its text and links as a person sees them; {"url", "page", "picture"}.',
    shaped: true,
    args: z.strictObject({
      url: addressSchema,
      page: z.number().int().min(1).max(10).default(1).describe("of a long text"),
      picture: pathSchema.optional().describe("a PNG file to make of what is seen"),
    }) as z.ZodType<Read>,
    effect: "egress",
    sinks: { url: "egress" },
    async run(args, context) {
      const { url, picture } = args;
      const browser = options.browser === undefined ? findBrowser() : options.browser;
      if (!browser)
        return fail(
          "There is no browser on this machine (Chromium or Chrome). Use http.get; `hum doctor` says how to get one.",
        );
      if (!sandbox)
        return fail(
          "Pages are opened in a sandbox only, and there is none on this machine. Use http.get; `hum doctor` says what is missing.",
        );
      const place =
        picture === undefined ? null : await resolveInside(picture, "write", { ...context, protect });
      if (place && !place.ok) return fail(place.why);
      // What a page still waits for ends with it.
      const ends = new AbortController();
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(ms), ends.signal]);
      const sent: Egress[] = [];
      const told = (result: DeviceResult): DeviceResult =>
        sent.length > 0 ? { ...result, egress: toSums(sent) } : result;
      const traffic = { grants: context.hosts ?? [], resolve, signal, pictures: picture !== undefined, sent };
      let seen: SeenPage;
      try {
        seen = await readPage(url, { sandbox, browser }, traffic);
      } catch (error) {
        if (context.signal.aborted) return told(fail(`${url}: stopped before it was finished.`));
        if (signal.aborted) return told(fail(`${url}: the page was not ready within ${ms / 1000} s.`));
        return told(fail(`${url}: ${toMessage(error)}.`));
      } finally {
        ends.abort();
      }
      const kept =
        place && seen.picture ? await keepPicture(place.path, seen.picture, { blobs, context }) : null;
      return told(toResult(seen, args, kept));
    },
  });
  return defineDevice({ name: "browser", operations: { read } });
}

type Kept = Pick<DeviceResult, "changes">;

async function keepPicture(
  real: string,
  picture: Buffer,
  { blobs, context }: { blobs: Blobs; context: DeviceContext },
): Promise<Kept> {
  const before = await capture([await toRoot(real)], blobs);
  await makeFolders(dirname(real));
  await blobs.copyTo(await blobs.put(picture), real, { mode: 0o644, tag: context.key });
  return { changes: (await compare(before, blobs)).changes };
}

function toResult(seen: SeenPage, { url, page, picture }: Read, kept: Kept | null): DeviceResult {
  const { heard, refused } = seen.traffic;
  const label = [...heard]
    .map((host) => toUntrusted(`host:${host}`))
    .reduce<Label>(joinLabels, toLabel("kernel"));
  if (seen.trouble !== null) return { ok: false, text: `${url}: ${seen.trouble}`, label };
  const all = toSeen(seen.text).trim();
  const pages = Math.max(1, Math.ceil(all.length / browserLimits.chars));
  const part = all.slice((page - 1) * browserLimits.chars, page * browserLimits.chars);
  const links = seen.links.map(
    (link) => `- ${toOneLine(link.text, 120)}: ${toOneLine(link.url, browserLimits.linkChars)}`,
  );
  const left = [...refused]
    .slice(0, browserLimits.hosts)
    .map(([host, count]) => `${toOneLine(host, 120)} (${count})`);
  const notes = [
    ...(page < pages
      ? [`[part ${page} of ${pages}: read it with "page": ${page + 1} for what follows]`]
      : []),
    ...(seen.restless ? ["[the page was still at work when it was read]"] : []),
    ...(left.length > 0
      ? [
          `[not fetched, because nobody granted it: ${left.join(", ")}; if something is missing, name the host to the person]`,
        ]
      : []),
    ...(kept ? [`[a picture of it is in ${picture}]`] : []),
  ];
  const head = `[${seen.status ?? "?"}] ${toOneLine(seen.title, 200)}\n${toOneLine(seen.url, 500)}`;
  const text = [
    head,
    "",
    part === "" ? "(no text)" : part,
    ...(links.length > 0 && page === 1 ? ["", "Links:", ...links] : []),
    ...(notes.length > 0 ? ["", ...notes] : []),
  ].join("\n");
  const ok = seen.status !== null && seen.status < 400 && page <= pages;
  const data = {
    ...{ url: seen.url, status: seen.status, pages, links: seen.links.length },
    ...{ refused: Object.fromEntries([...refused].slice(0, browserLimits.hosts)) },
    ...(seen.picture ? { picture: toBytes(seen.picture.length) } : {}),
  };
  return { ok, text, label, data, ...(kept ?? {}) };
}

/** What was sent to each host, together. */
function toSums(sent: readonly Egress[]): Egress[] {
  const sums = new Map<string, number>();
  for (const { host, bytes } of sent) sums.set(host, (sums.get(host) ?? 0) + bytes);
  return [...sums].map(([host, bytes]) => ({ host, bytes }));
}
