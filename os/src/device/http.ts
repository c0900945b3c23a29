// The device `http`: reads a page of the web. The broker decides whether the host may be reached; this file keeps the
// promise of that decision down to the socket:
//
//   - every name is resolved here, and the connection goes to exactly the address that was checked, so that a name
//     cannot point elsewhere a moment later (DNS rebinding);
//   - loopback, private and link-local addresses are refused, unless a grant names exactly that host:port;
//   - a redirect is a new request: at most three, each checked again against the granted hosts;
//   - bytes (also after unpacking) and time are limited, and no cookie or header of the person is sent.
//
// The body is returned as it came, cut, with its content type: a page's own markup, nothing is interpreted.

import { lookup } from "node:dns/promises";
import type { IncomingMessage, RequestOptions } from "node:http";
import { request as requestPlain } from "node:http";
import { request as requestSecure } from "node:https";
import { isIP } from "node:net";
import { createBrotliDecompress, createUnzip } from "node:zlib";
import { z } from "zod";
import type { Egress } from "../entity/authority.ts";
import { toMessage } from "../error.ts";
import { deviceLimits } from "../limits.ts";
import { isPublic } from "./address.ts";
import {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
} from "./device.ts";
import { fail, isAbort } from "./failure.ts";
import { toUntrusted } from "./label.ts";
import { sniff } from "./magic.ts";
import { matchHost } from "./match.ts";
import { toBytes } from "./say.ts";

const mostRedirects = 3;

/** What can be replaced for tests. */
export interface HttpOptions {
  /** All addresses of a name. */
  resolve?(name: string): Promise<string[]>;
  limits?: { bytes?: number; ms?: number };
}

interface Target {
  url: URL;
  /** As in grants: name and port. */
  host: string;
  address: string;
}

/** Makes the device `http`. */
export function createHttp(options: HttpOptions = {}): Device {
  const limits = { bytes: deviceLimits.httpBytes, ms: deviceLimits.httpMs, ...options.limits };
  const resolve =
    options.resolve ?? (async (name) => (await lookup(name, { all: true })).map((one) => one.address));

  const get = defineOperation({
    about: "Reads a page of the web by its address.",
    args: z.strictObject({
      url: z
        .string()
        .max(8_192)
        .refine(
          (url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol),
          "an http or https address",
        )
        .refine(
          (url) => !URL.canParse(url) || new URL(url).username === "",
          "an address without a user name",
        ),
    }),
    effect: "egress",
    sinks: { url: "egress" },
    async run({ url }, context) {
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(limits.ms)]);
      const sent: Egress[] = [];
      const told = (result: DeviceResult) => (sent.length > 0 ? { ...result, egress: sent } : result);
      try {
        return told(await follow(new URL(url), { context, signal, resolve, bytes: limits.bytes, sent }));
      } catch (error) {
        if (context.signal.aborted) return told(fail(`${url}: stopped before it was finished.`));
        if (isAbort(error) || signal.aborted)
          return told(fail(`${url}: no answer within ${limits.ms / 1000} s.`));
        return told(fail(`${url}: ${toMessage(error)}`));
      }
    },
  });
  return defineDevice({ name: "http", operations: { get } });
}

interface Journey {
  context: DeviceContext;
  signal: AbortSignal;
  resolve(name: string): Promise<string[]>;
  bytes: number;
  /** What was sent so far. */
  sent: Egress[];
}

async function follow(first: URL, journey: Journey): Promise<DeviceResult> {
  let url = first;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const target = await check(url, journey);
    if (typeof target === "string")
      return fail(hop === 0 ? target : `${first.href} leads to ${url.href}. ${target}`);
    journey.sent.push({ host: target.host, bytes: countRequest(url) });
    const response = await send(target, journey.signal);
    const status = response.statusCode ?? 0;
    const next = response.headers.location;
    if (status < 300 || status > 399 || next === undefined) return read(response, target, journey);
    response.destroy();
    if (!URL.canParse(next, url.href))
      return fail(`${url.href} leads to an address that cannot be read: ${next.slice(0, 200)}`);
    url = new URL(next, url);
  }
  return fail(`${first.href}: more than ${mostRedirects} redirects.`);
}

/** The address to connect to, or a sentence saying why not. */
async function check(url: URL, { context, resolve, signal }: Journey): Promise<Target | string> {
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return `${url.protocol} addresses cannot be read.`;
  const host = `${url.hostname}:${url.port || (url.protocol === "http:" ? "80" : "443")}`;
  const grants = context.hosts ?? [];
  if (!grants.some((grant) => matchHost(grant, host)))
    return `${host} is not granted. Use http.get with that address itself, so that a person can be asked.`;
  const name = url.hostname.replace(/^\[|\]$/g, "");
  const addresses = isIP(name) ? [name] : await abortable(resolve(name), signal);
  if (addresses.length === 0) return `${name} has no address.`;
  const exact = grants.some((grant) => grant.toLowerCase() === host);
  const closed = addresses.find((address) => !isPublic(address));
  if (closed !== undefined && !exact)
    return `${host} is at ${closed}, which is not on the public internet. A person can grant exactly ${host}.`;
  return { url, host, address: addresses[0]! };
}

const headers = { "user-agent": "Hum/0.1", accept: "*/*", "accept-encoding": "gzip, br" };

/** Bytes of a request: its first line and its headers, without what the transport adds. */
function countRequest(url: URL): number {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`, `host: ${url.host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  return Buffer.byteLength(`${lines.join("\r\n")}\r\n\r\n`);
}

function send({ url, address }: Target, signal: AbortSignal): Promise<IncomingMessage> {
  const family = isIP(address);
  const options: RequestOptions = {
    method: "GET",
    signal,
    agent: false,
    headers,
    // The one address that was checked, whatever the name says now.
    lookup: (_name, { all }, done) => (all ? done(null, [{ address, family }]) : done(null, address, family)),
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? requestSecure : requestPlain;
    send(url, options).on("response", resolve).on("error", reject).end();
  });
}

async function read(
  response: IncomingMessage,
  { url, host }: Target,
  journey: Journey,
): Promise<DeviceResult> {
  const body = await readBody(response, journey.bytes);
  const status = response.statusCode ?? 0;
  const type = response.headers["content-type"] ?? "unknown type";
  const label = toUntrusted(`host:${url.hostname}`);
  const data = { url: url.href, host, status, type, bytes: body.bytes.length, cut: body.cut };
  const head = `[${status} ${response.statusMessage ?? ""}, ${type.split(";")[0]}]`.replace(" ,", ",");
  const kind = sniff(body.bytes.subarray(0, 4096));
  const note = body.cut ? `\n[cut after ${toBytes(journey.bytes)}]` : "";
  const text = kind.text
    ? toText(body.bytes, type)
    : `binary data, ${toBytes(body.bytes.length)}, ${kind.type}`;
  return { ok: status >= 200 && status < 300, text: `${head}\n${text}${note}`, label, data };
}

async function readBody(response: IncomingMessage, most: number): Promise<{ bytes: Buffer; cut: boolean }> {
  const packing = response.headers["content-encoding"];
  const unpack =
    packing === "br"
      ? createBrotliDecompress()
      : /^(x-)?(gzip|deflate)$/.test(packing ?? "")
        ? createUnzip()
        : null;
  if (unpack) response.on("error", (error) => unpack.destroy(error)).pipe(unpack);
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of (unpack ?? response) as AsyncIterable<Buffer>) {
    pieces.push(piece.subarray(0, most - size));
    size += piece.length;
    if (size > most) break;
  }
  response.destroy();
  unpack?.destroy();
  return { bytes: Buffer.concat(pieces), cut: size > most };
}

function toText(bytes: Buffer, type: string): string {
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
