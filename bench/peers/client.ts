/**
 * One measurement of one peer, in a process of its own: `node --expose-gc client.ts '<ClientSpec as JSON>'`.
 *
 * Rule: the result is the one line of standard output that starts with `@@result `; whatever a peer prints is
 * ignored. The process ends by itself right after that line, also when a peer keeps handles open.
 */
import { appendFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type About,
  type ClientSpec,
  now,
  type PeerModule,
  type Work,
  type WorkOptions,
  works,
} from "./contract.ts";
import { createServerControl } from "./control.ts";
import { createSemaphore, type Effects, generic, ledgerFile } from "./workloads.ts";

/** The variant `fetch-8`: the user's own semaphore around each model call, held until the body is complete. */
function limitFetch(slots: number): void {
  const plainFetch = fetch;
  const gate = createSemaphore(slots);
  globalThis.fetch = (input, init) =>
    gate.run(async () => {
      const response = await plainFetch(input, init);
      const body = await response.arrayBuffer();
      const headers = new Headers(response.headers);
      headers.delete("content-length");
      return new Response(body, { status: response.status, headers });
    });
}

async function measure(spec: ClientSpec): Promise<unknown> {
  const effects: Effects = { count: 0, lastAt: 0, byAgent: new Map() };
  const server = createServerControl(spec.baseURL);
  const ledger = ledgerFile(spec.folder);
  if (spec.variant === "fetch-8") limitFetch(8);
  const options: WorkOptions = {
    ...spec,
    work: spec.work as Work,
    apiKey: "no-key",
    model: "fake",
    maxSteps: spec.steps + 10,
    server,
    async effect(agent, step) {
      effects.count++;
      effects.lastAt = now();
      effects.byAgent.set(agent, (effects.byAgent.get(agent) ?? 0) + 1);
      if (spec.work === "W5") appendFileSync(ledger, `${agent} ${step}\n`);
      if (spec.toolMs > 0) await sleep(spec.toolMs);
      return `step ${step} of agent ${agent} is taken`;
    },
  };
  const module = (await import(`./${spec.peer}/adapter.ts`)) as PeerModule;
  const peer = await module.createPeer(options);
  if (spec.work === "describe") {
    const about: About = {
      name: peer.name,
      version: peer.version,
      ...(peer.durability && { durability: peer.durability }),
      durableByDefault: peer.durableByDefault ?? false,
      only: peer.only ?? works,
      variants: peer.variants ?? {},
      own: works.filter((work) => peer.workload?.[work]),
    };
    return about;
  }
  const own = peer.workload?.[spec.work];
  const setting = { peer, options, effects, resume: spec.resume };
  const measured = await (own ? own(options) : generic[spec.work](setting));
  return { ...measured, values: { ...measured.values, ...peer.extras?.() } };
}

let stray = 0;
process.on("unhandledRejection", () => stray++);
const result = (await measure(JSON.parse(process.argv[2] ?? "{}") as ClientSpec)) as { note?: string };
if (stray > 0) result.note = `${result.note ? `${result.note}; ` : ""}${stray} unhandled rejections`;
process.stdout.write(`@@result ${JSON.stringify(result)}\n`, () => process.exit(0));
