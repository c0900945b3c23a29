// The state of the machine is a fold over the journal, made here and nowhere else; the CLI, the kernel and the simulator
// use this same reducer. It must be a pure function of the records: no clock, no chance, no disk.

import type { JournalRecord } from "../journal/journal.ts";
import type { NewPage } from "../memory/page.ts";
import type { FileChange } from "./authority.ts";
import { type Attempt, type Budget, type Entity, isNext, type Pid, type Waiting } from "./entity.ts";
import type { Approval, Events, EventType, Mail } from "./events.ts";
import { leaveHold } from "./hold.ts";
import { createKnowledge, type Knowledge, reduceKnowledge } from "./knowledge.ts";
import { createRegister, type Register } from "./register.ts";
import { noteWords, revoke, toEndLabel } from "./trust.ts";
import { addPage, leave } from "./window.ts";
import { createWork, reduceWork, type Work } from "./work.ts";

/** Version of this reducer: raised when a snapshot of an older one must not be used. */
export const reducerVersion = 18;

/** How many of the last messages are remembered for each entity. */
const recentMessages = 50;

/** A good result shorter than this says nothing about what was done. */
const tellingChars = 60;

/** Characters of a result by which it is known again. */
const resultChars = 400;

/** Files that a result speaks of. */
const shownFiles = 20;

/** Calls that are only talk. */
const talking: ReadonlySet<string> = new Set([
  ...["say", "ask", "note", "wait", "delegate", "sleep", "recall", "search"],
]);

/** How many of the last actions are remembered for each entity. */
const recentActions = 12;

/** Everything that is known. */
export interface State {
  seq: number;
  halted: boolean;
  nextPid: Pid;
  entities: Map<Pid, Entity>;
  /** Approvals that wait for an answer. */
  approvals: Map<string, Approval>;
  /** Messages that a person has not read. */
  mail: Map<string, Mail>;
  /** How often each grant with a number of uses was used. */
  spent: Map<string, number>;
  /** Number of events in each stream. */
  lengths: Map<string, number>;
  /** Channels, threads, triggers: what people share. */
  work: Work;
  /** Where entities are looked up; made from the rest. */
  readonly register: Register;
  /** What is known of people and projects. */
  knowledge: Knowledge;
}

/** The state of an empty journal. */
export function createState(): State {
  const entities = new Map<Pid, Entity>();
  return {
    seq: 0,
    halted: false,
    nextPid: 1,
    entities,
    approvals: new Map(),
    mail: new Map(),
    spent: new Map(),
    lengths: new Map(),
    work: createWork(),
    register: createRegister(entities),
    knowledge: createKnowledge(),
  };
}

/** Applies one record. Records must come in order. */
export function reduce(state: State, record: JournalRecord): void {
  state.seq = record.seq;
  state.lengths.set(record.stream, record.index);
  reduceEntities(state, record);
  reduceWork(state.entities, state.work, record);
  reduceKnowledge(state.knowledge, record);
}

function reduceEntities(state: State, record: JournalRecord): void {
  const apply = appliers[record.type as EventType] as Applier<EventType> | undefined;
  apply?.(state, record.data as never, record);
  const pid = (record.data as { pid?: Pid }).pid;
  const entity = pid === undefined ? undefined : state.entities.get(pid);
  if (!entity) return;
  entity.lastAt = record.at;
  const pages = (record.data as { pages?: NewPage[] }).pages;
  if (pages && entity.state !== "ended") for (const page of pages) addPage(entity, page, record);
}

type Applier<T extends EventType> = (state: State, data: Events[T], record: JournalRecord) => void;

const withEntity =
  <T extends EventType>(
    change: (entity: Entity, data: Events[T], record: JournalRecord, state: State) => void,
  ): Applier<T> =>
  (state, data, record) => {
    const entity = state.entities.get((data as { pid: Pid }).pid);
    if (entity) change(entity, data, record, state);
  };

const appliers: { [T in EventType]?: Applier<T> } = {
  "kernel.halted": (state) => {
    state.halted = true;
  },
  "kernel.unhalted": (state) => {
    state.halted = false;
  },
  "entity.spawned": (state, data, record) => {
    const { pages: _pages, ...fixed } = data;
    state.nextPid = Math.max(state.nextPid, data.pid + 1);
    const parent = data.parent === null ? undefined : state.entities.get(data.parent);
    parent?.children.push(data.pid);
    if (parent) hear(parent, 0);
    // What a child may use is used up for its parent, in the same record, so that no crash can double it.
    if (parent) {
      parent.used.children += 1;
      parent.used.tokens += data.budget.tokens;
      parent.used.deviceCalls += data.budget.deviceCalls;
    }
    const entity: Entity = {
      ...structuredClone(fixed),
      thread: data.thread ?? null,
      redundancy: data.redundancy ?? 1,
      words: [...(data.words ?? [])],
      spawnedAt: record.at,
      given: { ...data.budget },
      state: "ready",
      paused: false,
      waiting: null,
      outcome: null,
      used: { tokens: 0, activeMs: 0, deviceCalls: 0, children: 0 },
      children: [],
      pages: [],
      nextPage: 1,
      turn: 0,
      badTurns: 0,
      open: null,
      held: null,
      next: [],
      heard: [],
      freshStarts: 0,
      sameResults: 0,
      lastResult: "",
      lastOk: true,
      recent: [],
      restarts: [],
      chatter: 0,
      hushed: false,
      changed: [],
      gone: null,
      endLabel: null,
      readBits: 0,
      endedSeq: 0,
      attempts: [],
      drafts: [],
      between: false,
      lastAt: record.at,
    };
    state.entities.set(data.pid, entity);
    state.register.spawned(entity);
  },
  "entity.waiting": withEntity<"entity.waiting">((entity, data) => {
    if (entity.state === "ended") return;
    entity.state = "waiting";
    entity.waiting = data.waiting;
  }),
  "entity.woken": withEntity<"entity.woken">((entity, data) => {
    if (entity.state === "ended") return;
    entity.state = "ready";
    entity.waiting = null;
    // Time has passed: whoever keeps watch looks at the same again.
    if (data.why === "timer") Object.assign(entity, { recent: [], sameResults: 0, lastResult: "" });
  }),
  "entity.paused": withEntity<"entity.paused">((entity) => {
    entity.paused = true;
  }),
  "entity.resumed": withEntity<"entity.resumed">((entity) => {
    entity.paused = false;
    entity.restarts = [];
  }),
  "entity.reniced": withEntity<"entity.reniced">((entity, data) => {
    entity.class = data.class;
    entity.nice = data.nice;
  }),
  "entity.restarted": withEntity<"entity.restarted">((entity, _data, record) => {
    entity.restarts = [...entity.restarts, record.at].slice(-10);
  }),
  "entity.ended": withEntity<"entity.ended">((entity, data, record, state) => {
    if (entity.state === "ended") return;
    entity.endedSeq = record.seq;
    entity.endLabel = toEndLabel(entity, data.label);
    giveBack(state, entity);
    entity.state = "ended";
    state.register.ended(entity);
    entity.outcome = data.outcome;
    entity.waiting = null;
    entity.open = null;
    entity.held = null;
    entity.next = [];
    entity.between = false;
    entity.attempts = [];
    entity.drafts = [...(data.tells ?? [])];
    entity.pages = entity.pages.filter((page) => page.kind === "task");
    for (const id of state.register.approvalsOf(entity.pid)) forgetApproval(state, id);
  }),
  "budget.raised": withEntity<"budget.raised">((entity, data) => addBudget(entity.budget, data.budget)),
  "values.read": withEntity<"values.read">((entity, data) => {
    entity.readBits += data.bits;
  }),
  "budget.charged": withEntity<"budget.charged">((entity, data) => addBudget(entity.used, data.used)),
  "capability.granted": withEntity<"capability.granted">((entity, data) => {
    entity.capabilities.push(data.capability);
  }),
  "capability.revoked": (state, data) => revoke(state.entities, data.pid, data.operation),
  "turn.said": withEntity<"turn.said">((entity, data) => {
    entity.turn = data.turn;
    entity.used.tokens += data.usage.input - data.usage.cached + data.usage.output;
    entity.used.activeMs += data.ms;
    entity.badTurns = data.bad === null ? 0 : entity.badTurns + 1;
    entity.next = [...(data.next ?? [])];
    const actions = [data.action ?? [], entity.next.map((call) => call.action)].flat();
    entity.recent = [...entity.recent, ...actions].slice(-recentActions);
  }),
  "call.begun": withEntity<"call.begun">((entity, data, _record, state) => {
    entity.open = data.call;
    leaveHold(entity, data.call.id);
    const { spends } = data.call;
    if (spends !== undefined) state.spent.set(spends, (state.spent.get(spends) ?? 0) + 1);
    if (data.call.operation !== null) entity.used.deviceCalls += 1;
  }),
  "call.held": withEntity<"call.held">((entity, data) => {
    entity.held = data.call;
    entity.open = null;
    const held = [data.call, ...(data.call.also ?? [])].map((call) => call.id);
    entity.next = entity.next.filter((call) => !held.includes(call.id));
  }),
  "call.ended": withEntity<"call.ended">((entity, data) => {
    entity.open = null;
    // What ended and had not begun was not done, so that it may be said again.
    const undone = entity.next.find((call) => call.id === data.id);
    if (undone) entity.recent = entity.recent.filter((action) => action !== undone.action);
    leaveHold(entity, data.id);
    entity.lastOk = data.ok;
    const result = (data.pages.at(-1)?.text ?? "").slice(0, resultChars);
    // Short good results ("exit code 0") are the same for different work; failures and outputs tell.
    const telling = !data.ok || result.length > tellingChars;
    // Several calls of one answer are one step, however alike their results are.
    if (!isNext(data.id)) {
      entity.sameResults = telling && result === entity.lastResult ? entity.sameResults + 1 : 1;
      entity.lastResult = result;
    }
    entity.restarts = [];
    // What is done again after a change of files may have another result: only the change itself stays refused.
    if (data.changes && data.changes.length > 0) entity.recent = entity.recent.slice(-1);
    if (data.name === "say") hear(entity, entity.chatter + 1);
    else if (!talking.has(data.name)) hear(entity, 0);
    noteChanges(entity, data.changes ?? []);
  }),
  "files.changed": withEntity<"files.changed">((entity, data) => noteChanges(entity, data.changes)),
  "files.undone": withEntity<"files.undone">((entity) => {
    entity.changed = [];
  }),
  "message.drafted": withEntity<"message.drafted">((entity, { id, to, text, label }) => {
    entity.drafts.push({ id, to, text, label });
  }),
  "attempt.ended": withEntity<"attempt.ended">((entity, data) => {
    entity.attempts.push(data.attempt);
    Object.assign(entity, {
      ...{ drafts: [], between: true, badTurns: 0, freshStarts: 0, recent: [] },
      ...{ sameResults: 0, lastResult: "", lastOk: true },
    });
  }),
  "page.evicted": withEntity<"page.evicted">((entity, data) => {
    if (data.why === "fresh") {
      entity.freshStarts += 1;
      entity.sameResults = 0;
    }
    if (data.why === "attempt") entity.between = false;
    leave(entity, data.ids);
  }),
  "page.pinned": withEntity<"page.pinned">((entity, data) => {
    const page = entity.pages.find((other) => other.id === data.id);
    if (page) page.pinned = data.pinned;
  }),
  "page.noted": withEntity<"page.noted">((entity, data) => {
    leave(entity, data.replaces);
  }),
  "approval.asked": (state, data) => {
    state.approvals.set(data.id, data);
    state.register.asked(data);
  },
  "approval.answered": (state, data) => {
    // The first answer counts: one that comes after it (another click, its time) finds nothing to answer.
    if (!forgetApproval(state, data.id)) return;
    const entity = state.entities.get(data.pid);
    if (!entity || entity.state === "ended") return;
    if (entity.held?.approval === data.id) entity.held.answer = data.answer;
    const { waiting } = entity;
    if ((waiting?.on !== "approval" && waiting?.on !== "budget") || waiting.id !== data.id) return;
    entity.state = "ready";
    entity.waiting = null;
  },
  "message.delivered": withEntity<"message.delivered">((entity, data, _record, state) => {
    noteTold(state, data);
    entity.heard = [...entity.heard, data.id].slice(-recentMessages);
    hear(entity, data.sender === undefined ? 0 : entity.chatter + 1);
    // What came before did not know of this, so it is no comparison.
    entity.attempts = [];
    noteWords(entity, data);
    if (data.quiet || entity.state !== "waiting" || !isWoken(entity.waiting, data)) return;
    entity.state = "ready";
    entity.waiting = null;
  }),
  "message.sent": (state, data, record) => {
    state.mail.set(data.id, { ...data, seq: record.seq });
    // Between attempts it is one of a result that counts; a damaged disk may have it and not the end, which then is made anew.
    const entity = data.pid === null ? undefined : state.entities.get(data.pid);
    if (entity?.between) entity.attempts = entity.attempts.map((attempt) => withoutDraft(attempt, data.id));
  },
  "talk.stopped": (state, data) => {
    for (const pid of [data.pid, data.with]) {
      const entity = state.entities.get(pid);
      if (entity) entity.hushed = true;
    }
  },
  "message.read": (state, data) => {
    for (const id of data.ids) state.mail.delete(id);
  },
};

// Who was meant by a name may have ended since, or another may bear it: what somebody has heard is told, to whoever heard it.
function noteTold({ entities }: State, { pid, id, sender }: Events["message.delivered"]): void {
  const entity = sender === undefined ? undefined : entities.get(sender);
  if (!entity) return;
  if (entity.open?.id === id) entity.open = { ...entity.open, prepared: { told: pid } };
  entity.drafts = entity.drafts.filter((draft) => draft.id !== id);
}

function withoutDraft(attempt: Attempt, id: string): Attempt {
  const { done } = attempt;
  if (!done?.drafts.some((draft) => draft.id === id)) return attempt;
  return { ...attempt, done: { ...done, drafts: done.drafts.filter((draft) => draft.id !== id) } };
}

function forgetApproval(state: State, id: string): boolean {
  const approval = state.approvals.get(id);
  if (approval) state.register.answered(approval);
  return state.approvals.delete(id);
}

// Any message wakes whoever waits for one; the post of a person also wakes who sleeps or waits for a colleague.
function isWoken(waiting: Waiting | null, message: Events["message.delivered"]): boolean {
  if (waiting?.on === "message") return waiting.from === null || waiting.from === message.from;
  return message.post !== undefined && (waiting?.on === "timer" || waiting?.on === "child");
}

function hear(entity: Entity, chatter: number): void {
  entity.chatter = chatter;
  if (chatter === 0) entity.hushed = false;
}

// What a result in a thread, or for a parent, speaks of: the last files of its folder that the entity changed.
function noteChanges(entity: Entity, changes: readonly FileChange[]): void {
  if (entity.thread === null && entity.parent === null) return;
  for (const { path, kind, before, after } of changes) {
    if (!path.startsWith(`${entity.folder}/`) || kind === "folder") continue;
    const short = path.slice(entity.folder.length + 1);
    const known = entity.changed.find((file) => file.path === short);
    const change = after === null ? "gone" : known?.change === "new" || before === null ? "new" : "changed";
    const others = entity.changed.filter((file) => file !== known);
    // What it made and deleted again is no news.
    if (!(after === null && known?.change === "new")) others.push({ path: short, bytes: null, change });
    entity.changed = others.slice(-shownFiles);
  }
}

// What is left of a child's part goes back to its parent in the record of its end, so that no crash can double it.
function giveBack(state: State, { parent, given, used }: Entity): void {
  const to = parent === null ? undefined : state.entities.get(parent);
  if (!to) return;
  to.used.tokens -= Math.max(0, given.tokens - used.tokens);
  to.used.deviceCalls -= Math.max(0, given.deviceCalls - used.deviceCalls);
}

function addBudget(to: Budget, more: Partial<Budget>): void {
  for (const [name, value] of Object.entries(more)) to[name as keyof Budget] += value;
}
