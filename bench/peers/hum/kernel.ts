/**
 * W1 for Hum's kernel alone: the same entities, program, device and journal as the row `hum`, but the model is Hum's
 * scripted driver in the same process at 0 ms. No HTTP and no provider package, so what is left is the way of a
 * step: memory, scheduler, form, broker, device, journal.
 */
import { createScripted, version } from "../../../os/src/index.ts";
import { type Measurement, now, type Peer, type WorkOptions } from "../contract.ts";
import { openBench, taskOf } from "./machine.ts";
import { answerText } from "./text-model.ts";

/** See contract.ts; takes part in W1 only. */
export async function createKernelPeer(options: WorkOptions): Promise<Peer> {
  return {
    name: "hum-kernel",
    version,
    only: ["W1"],
    workload: { W1: () => stepTax(options) },
    createAgent: () => {
      throw new Error("hum-kernel has only its own W1");
    },
  };
}

async function stepTax(options: WorkOptions): Promise<Measurement> {
  let calls = 0;
  let effects = 0;
  const model = createScripted(
    (request) => {
      calls++;
      return answerText(request.messages.map(({ role, text }) => ({ role, content: text })));
    },
    { id: "fake", slots: 256 },
  );
  const effect: WorkOptions["effect"] = (agent, step) => {
    effects++;
    return options.effect(agent, step);
  };
  const bench = await openBench({ ...options, effect }, { run: false, model });
  const { n, steps } = options;
  const building = process.cpuUsage();
  const entities = [];
  for (let i = 0; i < n; i++) entities.push(await bench.spawn(i, taskOf(i, options)));
  const built = process.cpuUsage(building);
  const cpu = process.cpuUsage();
  const start = now();
  bench.hum.dispatch.start();
  await Promise.all(entities.map((entity) => bench.settled(entity)));
  const wallMs = now() - start;
  const used = process.cpuUsage(cpu);
  const ok = entities.filter((entity, i) => bench.isDone(i, entity)).length;
  const cpuMs = (used.user + used.system) / 1000;
  const buildCpuMs = (built.user + built.system) / 1000;
  const values = {
    cpuMsPerStep: cpuMs / Math.max(1, calls),
    wallMs,
    msPerStep: wallMs / Math.max(1, calls),
    calls,
    effects,
    buildCpuMsPerAgent: buildCpuMs / n,
    cpuMsPerStepWhole: (cpuMs + buildCpuMs) / Math.max(1, calls),
    rssMb: process.resourceUsage().maxRSS / 1024,
    records: bench.hum.ledger.state.seq,
  };
  const right = ok === n && calls === n * (steps + 1) && effects === n * steps;
  return {
    ok,
    values,
    ...(!right && {
      invalid: `ok ${ok} of ${n}, calls ${calls}, effects ${effects}; ${bench.bugs[0] ?? ""}`,
    }),
  };
}
