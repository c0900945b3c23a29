// The device `http`: reads a page of the web. The broker decides whether the host may be reached; net.ts keeps the
// promise of that decision down to the socket. A redirect is a new request: at most three, each checked again against the
// granted hosts. Bytes (also after unpacking) and time are limited.
//
// The body is returned as it came, cut, with its content type: a page's own markup, nothing is interpreted.

import type { IncomingMessage } from "node:http";
import { z } from "zod";
import type { Egress } from "../entity/authority.ts";
import { toMessage } from "../error.ts";
import { deviceLimits } from "../limits.ts";
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
import { countRequest, findTarget, type Resolve, readBody, resolveName, send, type Target } from "./net.ts";
import { toBytes } from "./say.ts";

const mostRedirects = 3;

/** What can be replaced for tests. */
export interface HttpOptions {
  /** All addresses of a name. */
  resolve?: Resolve;
  limits?: { bytes?: number; ms?: number };
}

/** An address of the web, as it may be asked for. */
export const addressSchema: z.ZodType<string> = z
  .string()
  .max(8_192)
  .refine((url) => URL.canParse(url) && /^https?:$/.test(new URL(url).protocol), "an http or https address")
  .refine((url) => !URL.canParse(url) || new URL(url).username === "", "an address without a user name");

/** Makes the device `http`. */
export function createHttp(options: HttpOptions = {}): Device {
  const limits = { bytes: deviceLimits.httpBytes, ms: deviceLimits.httpMs, ...options.limits };
  const { resolve = resolveName } = options;

  const get = defineOperation({
    about: "Reads a page of the web by its address.",
    args: z.strictObject({ url: addressSchema }),
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
  resolve: Resolve;
  bytes: number;
  /** What was sent so far. */
  sent: Egress[];
}

async function follow(first: URL, journey: Journey): Promise<DeviceResult> {
  let url = first;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const { context, resolve, signal } = journey;
    const target = await findTarget(url, { grants: context.hosts ?? [], resolve, signal });
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

function toText(bytes: Buffer, type: string): string {
  const charset = /charset="?([\w-]+)/i.exec(type)?.[1] ?? "utf-8";
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}
