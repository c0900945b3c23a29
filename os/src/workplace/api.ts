// The methods of the workplace and how they are reached: `Workplace` is implemented in this room, mapped to HTTP in
// http/, and called from the browser. All arguments and results are JSON-safe. `by` is the person who acts; the server
// puts it in, no client may choose it.
//
//   GET    /api/v1/look                        Look          the start of a tab; then the stream goes on from look.seq
//   GET    /api/v1/channels                    Channel[]
//   POST   /api/v1/channels                    {name, about?, members?} -> Channel
//   PATCH  /api/v1/channels/:id                {name?, about?, archived?} -> Channel
//   GET    /api/v1/channels/:id/posts          ?before=SEQ &after=SEQ &around=SEQ &limit=N (<= 200) -> PostPage
//   POST   /api/v1/channels/:id/posts          {text, files?} -> Post     a mention starts a colleague in its thread
//   POST   /api/v1/direct/:program             {} -> Channel              opens the direct line to a colleague
//   GET    /api/v1/threads                     ?state= &channel= &resolved=true|false -> Thread[]
//   PUT    /api/v1/channels/:id/files/content  ?path= &key=  body: the bytes (<= 32 MiB) -> {path, bytes}   for a post that will
//                                              be written here with that Idempotency-Key: into the folder of its thread
//   GET    /api/v1/threads/:id                 Thread
//   PATCH  /api/v1/threads/:id                 {title?, resolved?} -> Thread
//   GET    /api/v1/threads/:id/posts           as above, replies only -> PostPage
//   POST   /api/v1/threads/:id/posts           {text, files?} -> Post
//   GET    /api/v1/threads/:id/files           {path, bytes, modifiedAt}[]
//   GET    /api/v1/threads/:id/files/content   ?path= -> the bytes, always as an attachment
//   PUT    /api/v1/threads/:id/files/content   ?path= body: the bytes (<= 32 MiB)
//   PATCH  /api/v1/posts/:id                   {text} -> Post             own posts only
//   DELETE /api/v1/posts/:id                   -> Post (deleted: true)
//   PUT    /api/v1/posts/:id/reactions/:emoji  {on: boolean} -> Post
//   GET    /api/v1/search                      ?q= &limit= &channel= &author= -> {post: Post, excerpt: string}[]
//   GET    /api/v1/inbox                       InboxItem[]
//   POST   /api/v1/inbox/read                  {ids?, places?: {ID: SEQ}, until?: SEQ, unread?: ids} -> {}
//   GET    /api/v1/digest                      ?since=MS -> Digest
//   GET    /api/v1/approvals                   Approval[] with `sources` (where what went into it came from) and `diff`
//   POST   /api/v1/approvals/:id               {answer: "approved"|"denied", scope?: "once"|"thread"|"standing"} -> {}
//   GET    /api/v1/grants                      Grant[]                    what was allowed for longer than once
//   DELETE /api/v1/grants/:id                  -> {}                      takes it back, from those at work too
//   GET    /api/v1/processes                   ?ended=true -> ProcessRow[]
//   POST   /api/v1/processes                   {task, program?, folder?, thread?, class?, budget?, model?} -> ProcessRow
//   GET    /api/v1/processes/:pid              ProcessRow
//   POST   /api/v1/processes/:pid/pause|resume|kill|fork|undo   {} (undo: {force?})
//   POST   /api/v1/processes/:pid/renice       {class?, nice?}
//   POST   /api/v1/processes/:pid/budget       {tokens?, activeMs?, deviceCalls?, children?} to add
//   POST   /api/v1/processes/:pid/say          {text}
//   GET    /api/v1/processes/:pid/timeline     ?tree=true -> TimelineBar[]
//   GET    /api/v1/processes/:pid/changes      {path, change, at, undone, diff: string | null}[]
//   GET    /api/v1/processes/:pid/pages        MemoryPage[]
//   GET    /api/v1/processes/:pid/pages/:id    MemoryPage with text
//   PATCH  /api/v1/processes/:pid/pages/:id    {pinned?, text?} -> MemoryPage     an edit makes a new page, the old stays
//   DELETE /api/v1/processes/:pid/pages/:id    takes it out of the window (it stays on disk)
//   GET    /api/v1/memory                      ?about= &past=true -> FactRow[]   what is remembered of people and projects
//   POST   /api/v1/memory                      {about, text} -> FactRow[]
//   PATCH  /api/v1/memory/:id                  {relation?, value?} -> FactRow
//   DELETE /api/v1/memory/:id                  -> Forgotten               in no search, recall or window from then on
//   POST   /api/v1/memory/forget               {about} -> Forgotten
//   POST   /api/v1/processes/:pid/memory       {about?, off?}             lets an entity read it, or takes that back
//   POST   /api/v1/halt, /api/v1/unhalt        the red switch
//   GET    /api/v1/programs                    ProgramInfo[]
//   PUT    /api/v1/programs/:name              {text} -> ProgramInfo      checked; a shipped one is overlaid, not changed
//   POST   /api/v1/programs/check              {text} -> {wrong: string | null}   what PUT would say; saves nothing
//   DELETE /api/v1/programs/:name              -> {}                      own ones only
//   GET    /api/v1/triggers                    Trigger[]
//   PUT    /api/v1/triggers/:id                {name, when, program, task, channel, enabled} -> Trigger
//   DELETE /api/v1/triggers/:id                -> {}
//   POST   /api/v1/triggers/:id/run            starts it now -> Thread
//   GET    /api/v1/models                      {id, kind, here, bytes, used}[]
//   GET    /api/v1/counters                    Counters
//   GET    /api/v1/journal                     ?from=SEQ &limit= &pid= -> {records, head}
//   GET    /openapi.json   GET /llms.txt       GET /v1/models   POST /v1/chat/completions   POST /mcp
//
// Every request but the page's own files carries `Authorization: Bearer TOKEN`. POST, PUT, PATCH and DELETE may carry
// `Idempotency-Key`: the same key again gives the first answer and has no second effect. Errors are
// `{error: {code, message, data}}` with 400 bad-input, 401, 403 denied, 404 not-found, 409 conflict, 413, 423 locked, 500.
//
// The stream: WebSocket /api/v1/stream, one for each tab. The client's first message is {token, since}; then the server
// sends StreamEvents in order: all since `since` first. A client that lost the connection comes back with the seq of the
// last event it has seen. Everything but `live` can be read again from the journal.
//
// Talking: WebSocket /api/v1/talk, sound both ways; talk/protocol.ts tells what goes over it.

import type { Class, Pid } from "../entity/entity.ts";
import type { Approval } from "../entity/events.ts";
import type { FactRow, Forgotten } from "../inbox/remembered.ts";
import type {
  Channel,
  Counters,
  Digest,
  Grant,
  InboxItem,
  MemoryPage,
  Post,
  PostPage,
  ProcessRow,
  ProgramInfo,
  Thread,
  TimelineBar,
  Trigger,
} from "./contract.ts";
import type { SearchWithin } from "./posts.ts";

/** Everything a tab needs to begin with, at one moment of the journal. */
export interface WorkLook {
  seq: number;
  person: string;
  version: string;
  halted: boolean;
  /** Model in use, and whether it is loaded, being fetched or missing. */
  model: { id: string; state: "ready" | "loading" | "fetching" | "missing"; done?: number; total?: number };
  channels: Channel[];
  /** Those not resolved, and the newest of the others. */
  threads: Thread[];
  /** Entities that live, and the newest of the others. */
  processes: ProcessRow[];
  approvals: ShownApproval[];
  inbox: InboxItem[];
  programs: ProgramInfo[];
  triggers: Trigger[];
  /** Last seq this person has seen, by channel and thread id. */
  seen: Record<string, number>;
}

/** An approval with what a person needs to decide. */
export interface ShownApproval extends Approval {
  name: string;
  program: string;
  thread: string | null;
  /** Untrusted places from which something came into the window of the one who asks. */
  sources: string[];
  /** What would change, as a unified diff, where it is a file. */
  diff: string | null;
  /** Whom or what it reaches (a host, a path, a person). Only equal `what` and equal `sink` may be answered together. */
  sink: string;
  /** How far a yes may reach: always `once`; never `standing` for what cannot be undone or has untrusted sources. */
  scopes: readonly ("once" | "thread" | "standing")[];
}

/** What the stream sends. `seq` is the journal's; a live event has none. */
export type StreamEvent =
  | { type: "welcome"; seq: number; version: string }
  | { type: "post"; seq: number; post: Post }
  | { type: "channel"; seq: number; channel: Channel }
  | { type: "thread"; seq: number; thread: Thread }
  | { type: "process"; seq: number; process: ProcessRow }
  | { type: "approval"; seq: number; approval: ShownApproval | null; id: string }
  | { type: "inbox"; seq: number; item: InboxItem | null; id: string }
  | { type: "trigger"; seq: number; trigger: Trigger | null; id: string }
  | { type: "program"; seq: number; program: ProgramInfo | null; name: string }
  | { type: "halted"; seq: number; halted: boolean }
  | { type: "seen"; seq: number; place: string; upTo: number }
  /** All up to here was sent. */
  | { type: "caught-up"; seq: number }
  /** The client is too far behind or its seq is of another journal: it must look again. */
  | { type: "look-again"; seq: number }
  | {
      type: "live";
      pid: Pid;
      thread: string | null;
      /** `text` is added to what the entity is writing; `reset` forgets it; `reading` is prefill; `idle` is the end. */
      live:
        | { kind: "text"; text: string }
        | { kind: "reset" }
        | { kind: "reading"; done: number; total: number }
        | { kind: "running"; name: string }
        | { kind: "idle" };
    }
  | { type: "model"; model: WorkLook["model"] }
  | { type: "trouble"; message: string | null };

/** How posts of a place are read. */
export interface PostQuery {
  before?: number;
  after?: number;
  around?: number;
  limit?: number;
}

/** What starts an entity by hand. */
export interface ProcessRequest {
  task: string;
  program?: string;
  folder?: string;
  thread?: string;
  class?: Class;
  model?: string;
  budget?: { tokens?: number; activeMs?: number; deviceCalls?: number; children?: number };
}

/** The workplace of one machine. Methods throw HumErrors: `bad-input`, `not-found`, `denied`, `conflict`. */
export interface Workplace {
  look(by: string): Promise<WorkLook>;
  channels(by: string): Channel[];
  createChannel(by: string, channel: { name: string; about?: string; members?: string[] }): Promise<Channel>;
  changeChannel(
    by: string,
    id: string,
    to: { name?: string; about?: string; archived?: boolean },
  ): Promise<Channel>;
  openDirect(by: string, program: string): Promise<Channel>;
  posts(place: { channel: string } | { thread: string }, query: PostQuery): PostPage;
  /** Writes a post; a second one with the same key is the first. */
  post(
    by: string,
    post: { channel?: string; thread?: string; text: string; files?: string[]; key?: string },
  ): Promise<Post>;
  editPost(by: string, id: string, text: string): Promise<Post>;
  deletePost(by: string, id: string): Promise<Post>;
  react(by: string, id: string, reaction: { emoji: string; on: boolean }): Promise<Post>;
  threads(filter: { state?: string; channel?: string; resolved?: boolean }): Thread[];
  thread(id: string): Thread;
  changeThread(by: string, id: string, to: { title?: string; resolved?: boolean }): Promise<Thread>;
  /**
   * Folder for the files of a post, made when it is missing: that of a thread, or that of the thread which the post with
   * this key will begin in this channel (its id follows from the key). A direct line has one folder.
   */
  folderFor(by: string, place: { thread: string } | { channel: string; key: string }): Promise<string>;
  /** The folder of a thread, also of a post that is none yet; it need not be there. Throws `not-found`. */
  folderOf(thread: string): string;
  search(words: string, limit: number, within?: SearchWithin): { post: Post; excerpt: string }[];
  inbox(by: string): InboxItem[];
  markSeen(
    by: string,
    what: { ids?: string[]; places?: Record<string, number>; until?: number; unread?: string[] },
  ): Promise<void>;
  digest(by: string, since: number): Digest;
  approvals(): Promise<ShownApproval[]>;
  answer(
    by: string,
    id: string,
    answer: { answer: "approved" | "denied"; scope?: "once" | "thread" | "standing" },
  ): Promise<void>;
  grants(): Grant[];
  revokeGrant(by: string, id: string): Promise<void>;
  processes(options: { ended?: boolean }): ProcessRow[];
  process(pid: Pid): ProcessRow;
  start(by: string, request: ProcessRequest): Promise<ProcessRow>;
  raiseBudget(by: string, pid: Pid, more: NonNullable<ProcessRequest["budget"]>): Promise<void>;
  timeline(pid: Pid, options: { tree?: boolean }): TimelineBar[];
  changes(
    pid: Pid,
  ): Promise<{ path: string; change: string; at: number; undone: boolean; diff: string | null }[]>;
  pages(pid: Pid): MemoryPage[];
  page(pid: Pid, id: number): MemoryPage;
  changePage(
    by: string,
    pid: Pid,
    change: { id: number; pinned?: boolean; text?: string },
  ): Promise<MemoryPage>;
  dropPage(by: string, pid: Pid, id: number): Promise<void>;
  /** What is remembered of people and projects (inbox/remembered.ts). */
  remembered(by: string, which: { about?: string | undefined; past?: boolean | undefined }): FactRow[];
  remember(by: string, told: { about: string; text: string }): Promise<FactRow[]>;
  correctRemembered(
    by: string,
    id: string,
    to: { relation?: string | undefined; value?: string | undefined },
  ): Promise<FactRow>;
  forget(by: string, which: { ids: readonly string[] } | { about: string }): Promise<Forgotten>;
  shareRemembered(
    by: string,
    pid: Pid,
    what: { about?: string | undefined; off?: boolean | undefined },
  ): Promise<void>;
  programs(): ProgramInfo[];
  saveProgram(by: string, name: string, text: string): Promise<ProgramInfo>;
  /** What is wrong with the text of a program, null when it can be used. Saves nothing. */
  checkProgram(text: string): string | null;
  deleteProgram(by: string, name: string): Promise<void>;
  triggers(): Trigger[];
  saveTrigger(
    by: string,
    id: string,
    trigger: Pick<Trigger, "name" | "when" | "program" | "task" | "channel" | "enabled">,
  ): Promise<Trigger>;
  deleteTrigger(by: string, id: string): Promise<void>;
  runTrigger(by: string, id: string): Promise<Thread>;
  counters(): Counters;
  /** The stream for one tab: everything after `since`, then what comes. Ends when the signal aborts. */
  follow(by: string, since: number, signal: AbortSignal): AsyncIterable<StreamEvent>;
  close(): void;
}
