// Every number of the model room, with its unit.

/** The embedded engine. */
export const engineLimits = {
  /** Window of one process in tokens when nobody says otherwise; less if memory is short. */
  contextTokens: 8_192,
  /** The smallest window worth running. */
  leastContextTokens: 1_024,
  /** Calls that may be under way at once when nobody says otherwise. */
  parked: 4,
  /** States of processes in memory beyond those of calls under way, so that a new talk needs none of them saved first. */
  spareSeats: 1,
  /** Calls that write at the same moment, in one batch, when nobody says otherwise. */
  slots: 4,
  /** Milliseconds that a step waits for the others of its batch, whose next pull is on its way through the kernel. */
  gatherMs: 5,
  /** Tokens evaluated between two chances to stop: 0.25 s at 130 tokens/s, 1.2 s on a slow machine. Fixed, not
   * adaptive, so that the same request gives the same answer on a slow day. */
  chunkTokens: 32,
  /** The same of a call for which nobody waits, so that a word from a person waits for less of it. */
  patientChunkTokens: 16,
  /** The same with a GPU, which wants more at once. */
  gpuChunkTokens: 512,
  /** Tokens that llama.cpp's kernels compute together; kept states end at a multiple of it (engine.ts). */
  blockTokens: 4,
  /** A state shorter than this is cheaper to compute again than to keep. */
  keepTokens: 48,
  /** Bytes of kept states on disk, oldest dropped first. */
  kvBytes: 2 * 1024 ** 3,
  /** Part of the free memory that model and windows may take. */
  memoryPart: 0.8,
  /** Answers whose tokens are remembered, so that a dialogue continues on the tokens that the model chose. */
  answers: 512,
  /** Grammars kept compiled. */
  grammars: 32,
  /** Characters of text whose token counts are remembered. */
  countChars: 4_000_000,
  /** A model whose file is smaller than this makes so many mistakes that a task is done several times and compared. */
  smallBytes: 3 * 1024 ** 3,
  attempts: 5,
  /** Milliseconds a closing engine gets to save its states. */
  closeMs: 5_000,
};

/** A model on another machine. */
export const remoteLimits = {
  contextTokens: 32_768,
  /** Calls at once with which a server is tried first, and most that are tried, when nobody says how many it takes. */
  slots: 4,
  mostSlots: 32,
  /** Characters in one token, for the estimate. */
  charsPerToken: 4,
  /** Milliseconds that a server may say nothing, before its answer and in the middle of it. */
  silenceMs: 300_000,
  /** Characters of a server's error text that are shown. */
  errorChars: 300,
};

/** Fetching a model. */
export const pullLimits = {
  /** Milliseconds to reach the first source before the next one is tried. */
  connectMs: 5_000,
  /** Milliseconds without a byte after which a download counts as broken. */
  stallMs: 30_000,
  /** Bytes left free on the disk besides the model and one part. */
  spareBytes: 64 * 1024 ** 2,
  /** A lock of a process that is gone is taken over; one of another machine after so many milliseconds. */
  lockMs: 6 * 60 * 60_000,
  /** Progress is reported at most once in so many milliseconds. */
  progressMs: 100,
  /** Milliseconds between two looks at how much npm has unpacked. */
  lookMs: 500,
};
