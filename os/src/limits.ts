// Every number of Hum in one place, with its unit. Change it here or nowhere.

/** Journal. */
export const journalLimits = {
  /** Largest payload of one event in bytes; larger values go to the blob store. */
  eventBytes: 512 * 1024,
  /** A snapshot of the state is kept after so many events. */
  snapshotEvery: 2_000,
  /** Most characters of snapshots that are written for each event: a large state is kept less often. */
  snapshotChars: 250,
  /** Records that are read in one go. */
  readAtOnce: 1_000,
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
  /** Most calls of one operation in one answer. */
  callsOfAnswer: 8,
  /** Device calls in a row with the same result, after which the process is stuck. */
  sameResults: 3,
  /** Messages of other entities in a row, with nothing done in between, after which the next one wakes nobody. */
  chatter: 6,
  /** Delegations one below the other; who is at the bottom does its work itself. */
  delegations: 2,
  /** Attempts from a clean window, after which the process ends and says why. */
  freshStarts: 3,
  /** Part of the window kept free for the answer. */
  reserveTokens: 900,
  /** When the window is over full, pages are evicted down to this part of it. */
  evictTo: 0.6,
};

/** Recall of what left the windows. */
export const memoryLimits = {
  /** Pages that a search gives, and places of each ranking that count for them. */
  found: 5,
  ranked: 60,
  /** What counts beside the nearness in meaning, which is at most 1 (chosen on one life, bench/RESULTS.md): the words, by their
   * part of the best; the names of the question, by how many of them a page has; a page of the time that is asked for; and, for
   * the newest page where it is asked how things are. */
  wordsWeight: 0.2,
  namesWeight: 0.3,
  timeWeight: 0.15,
  recentWeight: 0.03,
  /** Somebody who is named through somebody else: so many first hits are looked at for who that is. */
  throughHits: 3,
  throughNames: 2,
  /** Facts that a search gives, and how many are looked at by their meaning. */
  facts: 6,
  likelyFacts: 24,
  /** Reciprocal rank fusion: a place counts 1 / (this + place). */
  fusion: 60,
  /** Passages whose vectors are measured exactly, and the least cosine that counts as near. */
  measured: 800,
  /** Signs of vectors that are kept in memory (52 bytes a passage), and passages whose signs lie together on disk. */
  signs: { bytes: 64 * 1024 * 1024, block: 256 },
  leastNearness: 0.25,
  excerptChars: 240,
  /** A text up to this length is cut into sentences, each with those that follow until it has so many characters. */
  fineChars: 2_000,
  sentenceChars: 25,
  /** A passage of a longer one in characters, what it repeats of the one before, and most passages of one text. */
  passageChars: 700,
  overlapChars: 80,
  passages: 400,
  /** Records that an archive which is behind reads before the machine starts, and then at a time while it works. */
  fillAtOnce: 20_000,
  fillSlice: 200,
  /** What one search by words looks at (memory/query.ts): 0.55 us a ranked page. */
  search: { ranked: 30_000, best: 100, newest: 1_000, words: 12 },
  /** An archive up to this size is looked through page by page at each start. */
  checkBytes: 32 * 1024 * 1024,
  /** Texts that are embedded in one go, and records after which it is looked whether there are some. */
  textsAtOnce: 8,
  noticeEvery: 20,
};

/** Who of many gets the model. */
export const schedulerLimits = {
  /** What a token read costs of a token written: 1/4 for the default model, down to 1/8 for smaller ones (bench/RESULTS.md). */
  readWeight: 1 / 4,
  /** Tokens after which an equal gets its turn. */
  quantum: 48,
  /** Quanta by which a call is so far ahead of another that it gives way at the next token. */
  farAhead: 4,
  /** Tries of a call whose failure may pass; fewer where another model stands by. */
  tries: 6,
  triesBeforeNext: 2,
  backoffMs: 500,
  longestBackoffMs: 30_000,
  /** Tokens of virtual time that somebody who comes back may be ahead or behind. */
  mostLag: 4_000,
  /** A person who comes back starts so many tokens before the others of its class: the first words come at once. */
  headStart: 48,
  /** A call that is warmer may go before one that is at most so many tokens of virtual time before it. */
  warmSlack: 24,
  /** Calls that are looked at for a warm one. */
  warmLook: 8,
  /** A window is kept so long for who has had less and is about to ask again: while others work, and while nobody does. */
  awayMs: 2_000,
  idleMs: 50,
  /** Part of the tokens that a class that waits gets although higher ones are busy, and tokens it gets at once. */
  leastShare: 1 / 20,
  leastTokens: 16,
  /** Shortest beginning that is worth waiting for while another call reads it, in characters. */
  prefixChars: 400,
  /** Beginnings whose state is remembered. */
  prefixes: 256,
  /** Characters of a token, for estimates. */
  charsPerToken: 4,
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

/** Hum as an MCP server. */
export const mcpServerLimits = {
  /** A tool that starts an entity answers after so many milliseconds, when its client does not listen to progress. */
  waitMs: 45_000,
  /** Progress is told at most so often, and at least so often. */
  progressMs: 1_000,
  heartbeatMs: 10_000,
  /** Characters of one word of progress, of an excerpt, and of an answer. */
  lineChars: 200,
  answerChars: 64_000,
  /** Rows of a listing, and changed files that are named. */
  rows: 200,
  files: 50,
  /** A question to the person that went through the client is good for so many seconds. */
  stateSeconds: 24 * 60 * 60,
  /** Clients of 2025 hold a session: so many at once, and each ends after so long without a request. */
  sessions: 64,
  sessionMs: 24 * 60 * 60_000,
  /** Messages of a session that are kept for a client whose line broke. */
  keptMessages: 1_000,
  /** Largest request, in bytes. */
  bodyBytes: 1024 * 1024,
};

/** Milliseconds until a waking that could not be written is tried again. */
export const wakeAgainMs = 60_000;

/** Supervision: a process that is restarted more often than this stops and asks (as in OTP). */
export const restartIntensity = { restarts: 5, withinMs: 10_000 };

/** A task text longer than this is refused (bytes). */
export const taskBytes = 64 * 1024;

/** An approval nobody answered is denied after so many milliseconds. */
export const approvalMs = 7 * 24 * 60 * 60_000;

/** The workplace. */
export const workLimits = {
  /** Longest post in bytes. */
  postBytes: 40 * 1024,
  /** Posts in one page, unless asked for, and at most. */
  pagePosts: 50,
  mostPosts: 200,
  /** Words of the posts before that a new colleague reads, in characters; at least so many posts, and less than twice as many. */
  contextChars: 6_000,
  contextPosts: 8,
  /** Where a task speaks of a talk, the posts of so many milliseconds before it count, and so many at most. */
  talkMs: 45 * 60_000,
  talkPosts: 40,
  /** A task without progress is stale after so many milliseconds. */
  staleMs: 30 * 60_000,
  /** A follower that is more records behind looks again from the start. */
  followRecords: 20_000,
  /** Rows of the inbox, threads and ended entities that a tab begins with. */
  inboxItems: 100,
  lookThreads: 200,
  lookEnded: 50,
  /** The mark of how far the index of posts has read is kept after so many records. */
  markEvery: 100,
};

/** Triggers. */
export const triggerLimits = {
  /** Most starts of one trigger in an hour. */
  perHour: 30,
  /** A change of files is answered after so many milliseconds of quiet. */
  quietMs: 2_000,
  /** A file that a run changed itself counts as changed by others when it changes so many milliseconds after its end. */
  ownMs: 1_000,
  /** Posts that are looked at in one go. */
  lookBack: 1_000,
  /** Text of a post that a trigger looks at, in characters. */
  textChars: 4_000,
};

/** The server of the workplace. */
export const httpLimits = {
  /** Where it listens when nobody says otherwise, and how many ports above it are tried when that one is taken. */
  port: 4186,
  portsTried: 20,
  /** Largest body of a request: JSON, and the content of a file. */
  jsonBytes: 1024 * 1024,
  fileBytes: 32 * 1024 * 1024,
  /** Largest head: a path of 4,096 characters, four bytes each, fits in its escaped form. */
  headBytes: 64 * 1024,
  /** Time for the head of a request, for all of it, and between two looks at whether it is over. */
  patience: { headMs: 10_000, wholeMs: 120_000, lookMs: 2_000 },
  /** Longest text in a request, in characters. */
  textChars: 256 * 1024,
  postFiles: 100,
  /** Posts of one page, files of one listing, records of one reading of the journal. */
  pagePosts: 200,
  listedFiles: 2_000,
  journalRecords: 1_000,
  /** So many wrong tokens in so many milliseconds are answered; more are turned away. */
  wrongTokens: 20,
  wrongTokensMs: 60_000,
  /** Idempotency keys that are kept, how long, and after how many new ones old ones are let go. */
  keys: 20_000,
  keysMs: 7 * 24 * 60 * 60_000,
  keysTidyEvery: 500,
  /** The stream: time for its first message, between two pings, bytes of a client's message, bytes that may wait. */
  helloMs: 5_000,
  pingMs: 30_000,
  clientBytes: 4 * 1024,
  waitingBytes: 1024 * 1024,
  tabs: 64,
  /** A streamed completion says so often that it is still there. */
  keepAliveMs: 15_000,
  /** Tokens of a completion when the client names no number. */
  completionTokens: 1_024,
};

/** How long the grants of a plan hold, in milliseconds: a task that takes longer asks again. */
export const planMs = 7 * 24 * 60 * 60_000;

/** Talking. */
export const talkLimits = {
  /** Talks at once; each hears in real time. */
  talks: 4,
  /** Largest message of a client, in bytes: a second of sound. */
  messageBytes: 32 * 1024,
  /** A client that has so many bytes of answers waiting gets no more. */
  waitingBytes: 16 * 1024 * 1024,
  /** An answer that is not there after so many milliseconds is announced, and not again before so many have passed. */
  momentMs: 1_500,
  momentAgainMs: 30_000,
  /** Pictures that go with one turn: the last ones shown. */
  shown: 8,
  /** A talk looks so often whether it is quiet now. */
  quietLookMs: 5_000,
};

/** Eyes. */
export const eyeLimits = {
  /** Largest picture: bytes of the file, and points in it. */
  fileBytes: 32 * 1024 * 1024,
  pixels: 40_000_000,
  /** Reading is given up after so many milliseconds. */
  readMs: 60_000,
  /** Characters that an entity sees of what was read. */
  chars: 6_000,
  /** Below this certainty (of 100) it is said that much may be misread. */
  sure: 70,
  /** Bytes from the beginning that are read to know what a picture is. */
  headBytes: 256 * 1024,
  /** The edge of the square in which things are looked for. */
  seenEdge: 640,
  /** Below these certainties (0 to 1) something counts as not seen. */
  surest: { thing: 0.4, face: 0.5, hand: 0.8 },
  /** Memory of the process that looks, for its own values, in MB. */
  heapMb: 512,
  /** Pictures of which the words are shown at the beginning of a task that names them, and how long that may take. */
  surveyed: 2,
  surveyMs: 20_000,
};

/** Servers that see or paint: how long an answer may take, and how large it may be. */
export const serverLimits = { answerMs: 120_000, answerBytes: 48 * 1024 * 1024 };

/** Quarantined reading: fields of one call, words of a choice, characters read, and bits for one entity in all. */
export const readingLimits = { fields: 8, words: 32, textChars: 12_000, outputTokens: 300, bits: 1_024 };
