// What the kernel and the engine's own process say to each other (Node IPC, one JSON value a message). The engine
// computes one step of a call per `next` and answers it with exactly one `event`: that is the credit.

import type { ModelEvent, ModelFailure, ModelRequest, Usage } from "./model.ts";

/** How the engine is set up. */
export interface EngineSetup {
  file: string;
  contextTokens: number;
  /** Calls that may be under way at once. */
  parked: number;
  /** Sequences whose states are in memory: one more than calls, where memory allows it (seats.ts). */
  seats: number;
  threads?: number;
  kvDir: string;
  kvBytes: number;
  chatml: boolean;
}

/** From the kernel to the engine. */
export type ToEngine =
  | { type: "load"; setup: EngineSetup }
  | { type: "count"; id: number; texts: readonly string[] }
  | { type: "start"; run: number; request: ModelRequest }
  | { type: "next"; run: number }
  | { type: "abort"; run: number }
  | { type: "release"; id: number; process: string }
  | { type: "close" };

/** One step of a call, before the kernel adds its clock. */
export type EngineEvent =
  | Exclude<ModelEvent, { type: "end" }>
  | { type: "end"; reason: "stop" | "length" | "aborted" | "error"; usage: Usage; failure?: ModelFailure };

/** From the engine to the kernel. */
export type FromEngine =
  | { type: "ready" }
  | { type: "refused"; message: string }
  | { type: "counts"; id: number; counts: number[] }
  | { type: "released"; id: number }
  | { type: "event"; run: number; event: EngineEvent };
