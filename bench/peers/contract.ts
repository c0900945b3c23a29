/**
 * The contract between the side-by-side harness and a framework ("peer").
 *
 * Idea: every peer does exactly the same thing against the same fake model, in its own process, and the harness
 * measures from outside. So an adapter only says how one agent is built and run; it holds no measuring code.
 *
 * An adapter is `bench/peers/<name>/adapter.ts` and exports `createPeer(options): Promise<Peer>`.
 *
 * Rules for an adapter:
 *  1. One agent = one prompt `taskPrompt(i, steps)` -> `steps` calls of the tool `step` -> one final text.
 *     The fake server chooses the calls from the conversation alone, so steps + 1 model calls are made.
 *  2. The tool `step({agent, step})` calls `options.effect(agent, step)` exactly once per execution and returns its
 *     result. In W5 that effect is a line in a ledger and not idempotent. No adapter looks into the
 *     ledger: a tool that checks first would save every peer alike, and that is the user's work, not the peer's.
 *  3. Things a competent user shares between agents (model handle, tool definition) are built once; what makes an
 *     agent its own (name, instructions) is built in `createAgent`.
 *  4. `run` resolves true only if the final text arrived (`isFinal`); every failure resolves false or rejects.
 *  5. Defaults of the peer are left alone (retries, backoff, history) except: tracing and telemetry to the outside
 *     are off, and the limit of steps is `options.maxSteps`.
 *  6. Nothing is printed on standard output; it belongs to the harness.
 */

/** The workloads of research/peers.md section 5 that this harness measures. */
export type Work = "W1" | "W2" | "W4" | "W5" | "W7" | "W8";

/** All workloads in the order of the report. */
export const works: readonly Work[] = ["W1", "W2", "W4", "W5", "W7", "W8"];

/** What an adapter gets when its process starts. */
export interface PeerOptions {
  /** OpenAI-compatible base, ends with `/v1`. */
  baseURL: string;
  apiKey: string;
  /** Model name to ask for; the fake server takes any. */
  model: string;
  /** Tool calls an agent makes before its final text. */
  steps: number;
  /** Upper limit of model calls to configure, always more than `steps + 1`. */
  maxSteps: number;
  /** An empty scratch folder (in W5 the same one after the restart) for whatever the peer stores. */
  folder: string;
  /** True: use the peer's own durability, stored in `folder`. False: the peer as its quickstart builds it. */
  durable: boolean;
  /** The outside world: called by the tool once per execution. It acts at once and answers after `toolMs`. */
  effect(agent: number, step: number): Promise<string>;
}

/** One agent; `run` may be called once. */
export interface PeerAgent {
  run(signal: AbortSignal): Promise<boolean>;
}

/** What the server saw since its last reset. Times are `now()` milliseconds of the same machine. */
export interface ServerStats {
  /** Calls let in (slots kept), whether or not the client stayed for the answer. */
  calls: number;
  /** Answers sent completely. */
  answered: number;
  /** Calls refused with 429. */
  refused: number;
  /** Most calls in progress at one instant. */
  peak: number;
  firstCallAt: number;
  lastCallAt: number;
  lastAnswerAt: number;
  /** Calls that arrived, and answers that left, after the time given to `stats(since)`. */
  callsSince: number;
  answersSince: number;
}

/** Remote control of the fake server, for a peer that implements a whole workload itself. */
export interface ServerControl {
  /** Sets latency and slots (0 = unlimited) and zeroes the counters. */
  reset(settings: { latencyMs: number; slots: number }): Promise<void>;
  stats(since?: number): Promise<ServerStats>;
}

/** What a whole-workload function gets. */
export interface WorkOptions extends PeerOptions {
  work: Work;
  /** Number of agents. */
  n: number;
  /** Which row: `defaults`, `agents-8`, `fetch-8`, `rerun`, `durable`, or one of `Peer.variants`. */
  variant: string;
  latencyMs: number;
  slots: number;
  /** W4: how long to stay idle. */
  idleSeconds: number;
  /** W5: seed of the random instants, and how many kills. */
  seed: number;
  kills: number;
  /** W7: `now()` at which the runner started this process. */
  spawnedAt: number;
  server: ServerControl;
}

/**
 * One measurement: the row is void (and says why) when `invalid` is set. Use the value names of the generic path
 * where they mean the same (see `columns` in report.ts), so that they meet in one table.
 */
export interface Measurement {
  /** Agents that ended with their final text. */
  ok: number;
  values: Record<string, number>;
  invalid?: string;
  note?: string;
}

/** A framework, ready to build agents. */
export interface Peer {
  name: string;
  version: string;
  /** How this peer survives a crash when `durable` is true; absent = it has nothing for that in the box. */
  durability?: string;
  /** True if the peer is durable without being asked: its default W5 row then runs with `durable`. */
  durableByDefault?: boolean;
  /** Builds one agent: `steps` tool calls and a final answer. */
  createAgent(i: number): PeerAgent | Promise<PeerAgent>;
  /**
   * W5 after a restart, durable only: drive every unfinished run in `folder` to its end and return the agents that
   * ended well. Absent: the harness calls `createAgent(i).run()` for each agent without a final answer, and the
   * adapter continues what it finds stored.
   */
  recover?(unfinished: readonly number[], signal: AbortSignal): Promise<number[]>;
  /** Workloads this peer takes part in; absent = all. */
  only?: readonly Work[];
  /** Rows of a workload, where they are others than the usual ones. */
  variants?: Partial<Record<Work, readonly string[]>>;
  /** More values of the measurement just made, from inside the peer. */
  extras?(): Record<string, number>;
  /** Overrides the generic path of a workload; the function makes and measures everything itself. */
  workload?: Partial<Record<Work, (options: WorkOptions) => Promise<Measurement>>>;
  close?(): Promise<void>;
}

/** The one argument of a client process (JSON). The runner writes it, client.ts reads it. */
export interface ClientSpec {
  peer: string;
  /** `describe` answers with an `About` instead of measuring. */
  work: Work | "describe";
  variant: string;
  n: number;
  steps: number;
  latencyMs: number;
  slots: number;
  /** How long the outside world takes to answer the tool. */
  toolMs: number;
  idleSeconds: number;
  kills: number;
  seed: number;
  baseURL: string;
  folder: string;
  spawnedAt: number;
  durable: boolean;
  /** W5: this process comes after the kill. */
  resume: boolean;
}

/** What the runner must know of a peer before it measures. */
export interface About {
  name: string;
  version: string;
  durability?: string;
  durableByDefault: boolean;
  /** Workloads it takes part in. */
  only: readonly Work[];
  variants: Partial<Record<Work, readonly string[]>>;
  /** Workloads that the peer implements itself. */
  own: Work[];
}

/** The shape of an adapter module. */
export interface PeerModule {
  createPeer(options: WorkOptions): Promise<Peer>;
}

/** Monotonic milliseconds, the same clock in every process of this machine. */
export function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

/** The prompt of agent i; the fake server reads both numbers back from the conversation. */
export function taskPrompt(i: number, steps: number): string {
  return `You are agent ${i}. Take ${steps} steps with the tool, then say that you are done.`;
}

/** Instructions of agent i, for peers that keep them apart from the prompt. */
export function instructions(i: number): string {
  return `You are worker number ${i} of a company. Use the tool step until the task is done.`;
}

/** Name and description of the one tool; its arguments are `{agent: integer, step: integer}`. */
export const stepTool = { name: "step", description: "Takes one step of the task of an agent." } as const;

/** True if a text is the final answer of agent i. */
export function isFinal(i: number, text: unknown): boolean {
  return typeof text === "string" && text.includes(`agent ${i} done`);
}
