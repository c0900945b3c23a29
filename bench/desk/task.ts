// What a desk task is, and what a system that works at one gives back.
// Rule: a task is judged by what the run left behind (files, messages), never by how it got there or how it was worded.

/** One desk task: an everyday request with its files and a checker. */
export interface DeskTask {
  id: string;
  category: string;
  /** The request as a person would say it. */
  text: string;
  /** Writes the files of the task into an empty folder; the same bytes each time. */
  setUp(dir: string): void;
  /** `null` when the work is done, else one line: why not. */
  check(result: DeskResult): string | null;
}

/** What a run left behind. `answer` is the closing text; it counts only where the task says "tell me". */
export interface DeskResult {
  dir: string;
  messages: { to: string; text: string }[];
  answer: string;
}

/** One run of one task by one system. */
export interface RunOutcome {
  result: DeskResult;
  /** Model calls. */
  steps: number;
  /** Prompt tokens that had to be computed; a prefix reused from the KV cache is not counted. */
  inputTokens: number;
  outputTokens: number;
  ms: number;
  /** `done`: the system stopped by itself. `limit`: steps, time or budget ran out. */
  ended: "done" | "limit" | "error";
  /** The transcript, for people. */
  log: string;
}

/** A system under measure. */
export interface DeskSystem {
  run(task: DeskTask, dir: string, signal: AbortSignal): Promise<RunOutcome>;
  close(): Promise<void>;
}
