// Every number of Hum in one place, with its unit. Change it here or nowhere.

/** Journal. */
export const journalLimits = {
  /** Largest payload of one event in bytes; larger values go to the blob store. */
  eventBytes: 512 * 1024,
  /** A snapshot of the state is kept after so many events. */
  snapshotEvery: 2_000,
  /** A journal up to this size is looked through page by page at each start (1.7 ms a MB); a larger one by `log verify`. */
  checkBytes: 128 * 1024 * 1024,
};

/** One turn of a process. */
export const turnLimits = {
  /** Most tokens a model may write in one turn. */
  outputTokens: 600,
  /** Most tokens before the action of a turn begins. */
  proseTokens: 180,
  /** Turns in a row without an accepted action, after which the process stops and says so. */
  badTurns: 6,
  /** Device calls in a row with the same result, after which the process is stuck. */
  sameResults: 3,
  /** Attempts from a clean window, after which the process ends and says why. */
  freshStarts: 3,
  /** Part of the window kept free for the answer. */
  reserveTokens: 900,
  /** When the window is over full, pages are evicted down to this part of it. */
  evictTo: 0.6,
};

/** What a process may use when nobody says otherwise. */
export const defaultBudget = {
  /** Input that needed evaluation plus output, in tokens. */
  tokens: 200_000,
  /** Milliseconds from the first turn to the end, waiting not counted. */
  activeMs: 60 * 60_000,
  deviceCalls: 200,
  children: 8,
};

/** Terminal and files. */
export const deviceLimits = {
  /** A command is stopped after so many milliseconds. */
  runMs: 60_000,
  /** Output that an entity sees of one command, in characters. */
  outputChars: 4_000,
  /** Output that is read at all before the command is stopped, in bytes. */
  outputBytes: 10 * 1024 * 1024,
  memoryBytes: 1024 * 1024 * 1024,
  processes: 64,
  /** Largest file an entity reads in one call, in bytes. */
  readBytes: 64 * 1024,
  /** Largest file an entity writes in one call, in bytes. */
  writeBytes: 4 * 1024 * 1024,
  /** Largest folder that can be kept reversible: files, and bytes in them. */
  snapshotFiles: 20_000,
  snapshotBytes: 1024 * 1024 * 1024,
  /** A web page is cut after so many bytes. */
  httpBytes: 1024 * 1024,
  httpMs: 20_000,
};

/** Servers of the Model Context Protocol that are used as devices. All they send is foreign. */
export const mcpLimits = {
  /** A server must answer within so many milliseconds after its start. */
  startMs: 30_000,
  /** Largest message of a server, in bytes; one that sends more is stopped. */
  messageBytes: 8 * 1024 * 1024,
  /** Most tools of a server, and most pages on which it may list them. */
  tools: 128,
  listPages: 16,
  /** Largest definition of a tool, in bytes. */
  definitionBytes: 32 * 1024,
  /** Characters that an entity sees of a tool's description, and of any other line of a definition. */
  descriptionChars: 600,
  lineChars: 160,
  /** Arguments that are explained for each tool, and characters of a whole server's explanation. */
  shownArguments: 24,
  manualChars: 6_000,
  /** A schema is checked when it unfolds to at most so many parts, and so deep. */
  schemaNodes: 2_000,
  schemaDepth: 32,
  /** What is kept of the errors that a server writes, in characters. */
  errorChars: 400,
  /** Definitions are asked for again when they are older than this. */
  listAgainMs: 5 * 60_000,
  /** A server that is told to end has so many milliseconds before it is killed. */
  endMs: 1_000,
};

/** Supervision: a process that is restarted more often than this stops and asks (as in OTP). */
export const restartIntensity = { restarts: 5, withinMs: 10_000 };

/** A task text longer than this is refused (bytes). */
export const taskBytes = 64 * 1024;

/** An approval nobody answered is denied after so many milliseconds. */
export const approvalMs = 7 * 24 * 60 * 60_000;
