// What a page asks of the web. Each request comes here and is made by Hum itself, by the same rules as `http.get`: only to hosts
// that are granted, each name resolved and checked, no private address. On top of that:
//
//   - only reading: GET and HEAD; what would send something else is not made
//   - a part of a page reaches a private address only when the page itself lies there
//   - sound, film and fonts are not fetched, pictures only for a picture of the page
//   - so many requests and so many bytes, and no cookie
//
// What was not made is counted by host, and told.

import type { OutgoingHttpHeaders } from "node:http";
import type { Egress } from "../../entity/authority.ts";
import { toHostPort } from "../match.ts";
import { countRequest, findTarget, type Resolve, readBody, send } from "../net.ts";
import { browserLimits } from "../sizes.ts";
import type { CdpEvent, CdpPipe } from "./pipe.ts";

/** The web as one page may use it. */
export interface Traffic {
  /** Hosts whose words came into the page. */
  readonly heard: ReadonlySet<string>;
  /** Requests that were not made, by host (or by what they were). */
  readonly refused: ReadonlyMap<string, number>;
  /** Why the page itself could not be fetched, in a sentence; null when it could. */
  trouble(): string | null;
  /** Status of the page itself. */
  status(): number | null;
  /** For how many milliseconds nothing has been asked for or is under way. */
  quiet(): number;
}

/** How requests are made. */
export interface TrafficOptions {
  grants: readonly string[];
  resolve: Resolve;
  signal: AbortSignal;
  /** Pictures are wanted. */
  pictures: boolean;
  /** Takes the requests that are made, for the record; also when the page comes to nothing. */
  sent: Egress[];
}

interface Paused {
  requestId: string;
  request: { url: string; method: string };
  resourceType: string;
  frameId: string;
}

const never = new Set([
  "Media",
  "Font",
  "WebSocket",
  "Ping",
  "CSPViolationReport",
  "Prefetch",
  "EventSource",
]);

/** Headers that belong to the connection, or would make the browser keep or fetch something. */
const dropped = new Set([
  ...["content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive", "set-cookie"],
  ...["link", "refresh", "alt-svc", "nel", "report-to", "reporting-endpoints", "strict-transport-security"],
]);

/** Answers what a page asks for, until its session ends; `mainFrame` tells the frame of the page itself. */
export async function openTraffic(
  cdp: CdpPipe,
  session: { id: string; mainFrame: string },
  options: TrafficOptions,
): Promise<Traffic> {
  const heard = new Set<string>();
  const refused = new Map<string, number>();
  let [trouble, status, busy, made, bytes]: [string | null, number | null, number, number, number] = [
    null,
    null,
    0,
    0,
    0,
  ];
  let last = performance.now();
  let pageHost: string | null = null;
  const fail = (requestId: string) =>
    cdp.send("Fetch.failRequest", { requestId, errorReason: "BlockedByClient" }, session.id).catch(() => {});
  const refuse = (requestId: string, what: string) => {
    refused.set(what, (refused.get(what) ?? 0) + 1);
    return fail(requestId);
  };

  async function answer(paused: Paused): Promise<void> {
    const { requestId, request, resourceType, frameId } = paused;
    const isPage = resourceType === "Document" && frameId === session.mainFrame;
    const say = (why: string) => {
      if (isPage) trouble = why;
    };
    const url = URL.canParse(request.url) ? new URL(request.url) : null;
    if (!url || !/^https?:$/.test(url.protocol)) return refuse(requestId, url?.protocol ?? "no address");
    const host = toHostPort(url);
    if (!isPage && (never.has(resourceType) || (resourceType === "Image" && !options.pictures)))
      return fail(requestId);
    if (request.method !== "GET" && request.method !== "HEAD") {
      say(`the page sends something (${request.method}) to ${host}, and only reading is done here.`);
      return refuse(requestId, `${host} (${request.method})`);
    }
    if (++made > browserLimits.requests || bytes > browserLimits.pageBytes) {
      say("it leads on and on, or is too large.");
      return refuse(requestId, `${host} (too much)`);
    }
    const { grants, resolve, signal, sent } = options;
    const target = await findTarget(url, { grants, resolve, signal });
    if (typeof target === "string") {
      say(target);
      return refuse(requestId, host);
    }
    if (isPage) pageHost = host;
    if (!target.isPublic && host !== pageHost) return refuse(requestId, host);
    sent.push({ host, bytes: countRequest(url) });
    const response = await send(target, signal);
    const body = await readBody(response, browserLimits.answerBytes);
    bytes += body.bytes.length;
    heard.add(url.hostname);
    if (isPage) {
      status = response.statusCode ?? 0;
      trouble = null;
    }
    await cdp.send(
      "Fetch.fulfillRequest",
      {
        requestId,
        responseCode: response.statusCode ?? 502,
        responseHeaders: toHeaders(response.headers),
        body: body.bytes.toString("base64"),
      },
      session.id,
    );
  }

  cdp.onEvent(({ method, params, sessionId }: CdpEvent) => {
    if (method !== "Fetch.requestPaused" || sessionId !== session.id) return;
    const paused = params as Paused;
    busy++;
    last = performance.now();
    answer(paused)
      .catch((error: Error) => {
        if (paused.resourceType === "Document" && paused.frameId === session.mainFrame)
          trouble ??= `${error.message}.`;
        return fail(paused.requestId);
      })
      .finally(() => {
        busy--;
        last = performance.now();
      });
  });
  await cdp.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] }, session.id);
  return {
    heard,
    refused,
    trouble: () => trouble,
    status: () => status,
    quiet: () => (busy > 0 ? 0 : performance.now() - last),
  };
}

function toHeaders(headers: OutgoingHttpHeaders): { name: string; value: string }[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined || dropped.has(name)) return [];
    return [value].flat().map((one) => ({ name, value: String(one) }));
  });
}
