// The contract of a model: text in, a stream of events out. It is the processor of Hum; only the scheduler calls it.
//
// Rules for drivers
//   - `generate` never throws or rejects: every failure is an `end` event with reason "error".
//   - It is pulled: no token is computed before the consumer asks for the next event (a driver that talks to a remote
//     server may run ahead). Not pulling is how the scheduler preempts between tokens.
//   - The last event is always `end`, also after an abort. After it nothing follows.
//   - Provider messages, templates and special tokens exist only inside a driver. Text of a message is never read as
//     a special token.

/** Who speaks in one message of the window. */
export type Role = "system" | "user" | "assistant";

/** One piece of the window in the order in which the model reads it. */
export interface ModelMessage {
  role: Role;
  text: string;
}

/** What the scheduler asks of a model. */
export interface ModelRequest {
  /** The process for which it runs; a driver may keep state (KV cache) under this name between calls. */
  process: string;
  messages: readonly ModelMessage[];
  /** How many of the first messages are the same for every process of the program (computed once, then shared). */
  shared: number;
  /** How the answer must begin; it is part of the answer but is not emitted again. */
  begin?: string;
  /** GBNF grammar (llama.cpp) for the answer after `begin`; drivers that cannot constrain ignore it. */
  grammar?: string;
  /** The answer ends before the first of these texts, which are not emitted. */
  stops: readonly string[];
  /** Most tokens to generate. */
  maxTokens: number;
  /** 0 is greedy. */
  temperature: number;
  /** Seed of the sampler, used when the temperature is above 0. */
  seed: number;
  /** Somebody more urgent may come at any moment: its steps are short, and it does not take the memory of who is not patient. */
  patient?: boolean;
}

/** Tokens of one call. `cached` is the part of `input` that needed no evaluation. */
export interface Usage {
  input: number;
  cached: number;
  output: number;
}

/** Money for a million tokens. */
export interface Price {
  input: number;
  /** Input that the server had read before; as `input` when not given. */
  cached?: number;
  output: number;
}

/** Why a model could not answer. `retry` says whether the same request may succeed later. */
export interface ModelFailure {
  code: "no-model" | "context-full" | "rate-limited" | "unreachable" | "refused" | "crashed" | "bad-request";
  message: string;
  retry: boolean;
  /** Milliseconds the server asked to wait. */
  retryAfterMs?: number;
}

/** What a model emits. */
export type ModelEvent =
  /**
   * `done` of `total` input tokens are evaluated (or were cached); the first `shared` of them are the shared beginning, where
   * the driver keeps that for others.
   */
  | { type: "prefill"; done: number; total: number; cached: number; shared?: number }
  | { type: "text"; text: string; tokens: number }
  | {
      type: "end";
      reason: "stop" | "length" | "aborted" | "error";
      usage: Usage;
      /** Milliseconds from the first pull to the end, by the driver's clock. */
      ms: number;
      failure?: ModelFailure;
    };

/** What is known of a model before it runs. */
export interface ModelInfo {
  /** As in `hum model ls`, e.g. `qwen2.5-coder-1.5b`. */
  id: string;
  driver: "embedded" | "remote" | "scripted";
  /** Size of the window in tokens. */
  contextTokens: number;
  /** Calls that may run at the same moment. */
  slots: number;
  /** Calls that may be under way, running or preempted; at least `slots`. */
  parked: number;
  /** True when nothing leaves this machine. */
  local: boolean;
  /** A server of which nobody said how much it takes is tried with more, up to so many calls at once. */
  mostSlots?: number;
  /** What the server allows in a minute. */
  rate?: { requestsPerMinute?: number; tokensPerMinute?: number };
  /** Money for a million tokens, in whatever currency the person counts. */
  price?: Price;
  /** Most money a day. */
  spendPerDay?: number;
  /** How often a task may be done, to compare what it comes to: more than once for small models that cost only time. */
  attempts?: number;
}

/** A small model is held by the hand: it may say less at a time, and does what can be taken back more than once. */
export const isSmall = ({ attempts = 1 }: ModelInfo): boolean => attempts > 1;

/** A processor. At most five members, so that a driver is a small thing to write. */
export interface Model {
  readonly info: ModelInfo;
  /** Exact token counts of each text by the model's own tokenizer (an estimate where the driver has none). */
  count(texts: readonly string[]): Promise<number[]>;
  /** Answers one request. Contract: must not throw. */
  generate(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelEvent>;
  /** Forgets what is kept for a process (it ended). */
  release(process: string): Promise<void>;
  close(): Promise<void>;
}
