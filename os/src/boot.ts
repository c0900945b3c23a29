// Boot: the machine from bottom to top, one line a part. `assemble` puts the parts together from whatever it is given
// (the simulator gives it a clock, a disk and a model of its own); `boot` makes the real parts in a home folder.

import { mkdirSync, realpathSync } from "node:fs";
import type { Blobs } from "./device/blobs.ts";
import { type Broker, createBroker } from "./device/broker.ts";
import type { Device } from "./device/device.ts";
import type { Known } from "./device/directory.ts";
import { createPast, type Past, toNet } from "./device/past.ts";
import { surveyDevice } from "./device/survey.ts";
import type { Share } from "./entity/authority.ts";
import type { Entity } from "./entity/entity.ts";
import { toEvent, toStream } from "./entity/events.ts";
import { type Ledger, openLedger } from "./entity/ledger.ts";
import type { Program } from "./entity/program.ts";
import { openPrograms, type Programs } from "./entity/shelf.ts";
import { HumError } from "./error.ts";
import { diskFolders, type Folders } from "./inbox/folders.ts";
import type { Inbox } from "./inbox/inbox.ts";
import { createInbox } from "./inbox/inbox.ts";
import { createSpawner, type Spawner } from "./inbox/spawn.ts";
import { bringBack, readStanding, takeBack } from "./inbox/undo.ts";
import type { JournalRecord, OpenJournal } from "./journal/journal.ts";
import { type Archive, openArchive } from "./memory/archive.ts";
import { createFilling } from "./memory/fill.ts";
import { toLabel } from "./memory/label.ts";
import type { NewPage } from "./memory/page.ts";
import { createRecall, type Embed, type Recall } from "./memory/recall.ts";
import type { Model } from "./model/model.ts";
import { type After, createAfter } from "./scheduler/after.ts";
import { createDispatch, type Dispatch } from "./scheduler/dispatch.ts";
import type { Draft, LiveEvent, Machine } from "./scheduler/machine.ts";
import { readFields } from "./scheduler/reading.ts";
import { createScheduler } from "./scheduler/scheduler.ts";
import { spentToday } from "./scheduler/spent.ts";
import { authorityOf, contextOf, seenBy, windowLabel } from "./scheduler/standing.ts";
import { createTurns } from "./scheduler/turns.ts";
import { fenceForm } from "./syscall/fence.ts";
import type { Form } from "./syscall/form.ts";
import type { KernelDoors } from "./syscall/kernel.ts";
import { canAct } from "./syscall/names.ts";
import { toPrint } from "./syscall/print.ts";
import { type ReviewSource, reviewEntity } from "./syscall/review.ts";
import { toHeld } from "./syscall/rules.ts";

/** What a machine is assembled from. */
export interface Parts {
  home: string;
  journal: OpenJournal;
  archive: Archive;
  /** Makes vectors of texts, for recall by meaning; without it the words alone are searched. */
  embed?: Embed;
  devices: readonly Device[];
  /** Contents of files before and after each change; without it nothing is taken back for a new attempt. */
  blobs?: Blobs;
  /** How changes of files are taken back; by their contents in `blobs` unless told. */
  past?: Past;
  /** Opens a model by its id, null for the default. */
  openModel(id: string | null): Promise<Model>;
  /** Ids of the models that answer when that one cannot. */
  fallbacks?(id: string | null): Promise<readonly string[]>;
  /** Id of the model that is asked too when that one is late; null for none. */
  hedge?(id: string | null): Promise<string | null>;
  now(): number;
  /** Calls back once after `ms` of running time; what is waited for goes by `now` (scheduler/after.ts). */
  after: After;
  program?(name: string): Program;
  /** Whom the person knows by name; nobody unless told. */
  contacts?: readonly Known[];
  /** Where entities work; the disk unless told. */
  folders?: Folders;
  form?: Form;
  /** Programs of another place than the home. */
  programs?: Programs;
  onLive?(event: LiveEvent): void;
  onError?(pid: number, error: unknown): void;
}

/** A running machine. */
export interface Hum {
  readonly home: string;
  readonly machine: Machine;
  readonly ledger: Ledger;
  readonly broker: Broker;
  readonly dispatch: Dispatch;
  readonly inbox: Inbox;
  readonly archive: Archive;
  readonly recall: Recall;
  readonly spawner: Spawner;
  readonly programs: Programs;
  readonly folders: Folders;
  readonly blobs: Blobs | null;
  /** How changes are taken back; null where nothing is kept for that. */
  readonly past: Past | null;
  /** The model of that id (null: the one in use), opened once for all who ask. */
  openModel(id: string | null): Promise<Model>;
  /** Calls back once after `ms`; the returned function takes it back. */
  after(ms: number, call: () => void): () => void;
  /** Listens to what happens as it happens; the returned function ends it. */
  watch(listener: (event: LiveEvent) => void): () => void;
  /** Called before all stops, the last first. */
  onStop(call: () => Promise<void>): void;
  /** Stops cleanly: open calls stay open and go on at the next start. */
  stop(): Promise<void>;
}

/** Puts a machine together and does not start it yet. */
export function assemble(parts: Parts): Hum {
  const ledger = openLedger(parts.journal); // truth
  const after = createAfter(parts.now, parts.after);
  const { archive } = parts; // what left the windows
  const filling = createFilling(archive, parts.journal, (part) => tellFilling(parts, part));
  const recall = createRecall(archive, parts.embed); // and is found again
  const nextPages = new Map<number, number>();
  ledger.listen((record) => {
    filling.take(record);
    if (record.type === "page.evicted" || record.type === "entity.ended") recall.notice();
    // What was under way when it ended may still bring a page, whose number is taken.
    const ended = ledger.state.entities.get(record.data.pid as number);
    if (ended?.state === "ended" && (nextPages.get(ended.pid) ?? 0) <= ended.nextPage)
      nextPages.delete(ended.pid);
  });
  const models = createModels(parts); // processors
  const scheduler = createScheduler({
    now: parts.now,
    sleep: (ms, signal) => sleepWith(after, ms, signal),
    spentToday: ({ info }) => spentToday(parts.journal, info, parts.now()),
  });
  const broker = createBroker({ devices: withSurvey(parts.devices), now: parts.now }); // devices
  const programs = parts.programs ?? openPrograms(parts.home);
  const findProgram = (name: string) => parts.program?.(name) ?? programs.find(name);
  const form = parts.form ?? fenceForm;
  const folders = parts.folders ?? diskFolders;
  const listeners = new Set<(event: LiveEvent) => void>(parts.onLive ? [parts.onLive] : []);
  const machine: Machine = {
    state: ledger.state,
    now: parts.now,
    commit: ledger.commit,
    scheduler,
    broker,
    doors: undefined as unknown as KernelDoors,
    contacts: parts.contacts ?? [],
    turns: createTurns(),
    form,
    modelOf: (entity) => models.open(entity.model),
    async fallbacksOf(entity) {
      if ((await models.open(entity.model)).info.local) return [];
      const ids = (await parts.fallbacks?.(entity.model)) ?? [];
      return Promise.all(ids.map((id) => models.open(id)));
    },
    async hedgeOf(entity) {
      if ((await models.open(entity.model)).info.local) return null;
      const id = (await parts.hedge?.(entity.model)) ?? null;
      return id === null ? null : models.open(id);
    },
    colleagues: () => toColleagues(programs).map(({ name }) => name),
    callsOf: (entity) => toHeld(findProgram(entity.program), entity, broker.operations().keys()),
    textsOf: (entity) => ledger.textsOf(entity),
    async toPages(entity, drafts) {
      const pages = await toPages(0, drafts, await models.open(entity.model));
      // Ids are given without a wait in between, so that two writers never take the same.
      const first = Math.max(entity.nextPage, nextPages.get(entity.pid) ?? 0);
      nextPages.set(entity.pid, first + pages.length);
      return pages.map((page, i) => ({ ...page, id: first + i }));
    },
    emit(event) {
      for (const listener of listeners) listener(event);
    },
  };
  const spawner = createSpawner({
    machine,
    home: parts.home,
    folders,
    program: findProgram,
    colleagues: () => toColleagues(programs),
    model: (id) => models.open(id),
    toPages,
  });
  const past = toPast(parts);
  machine.doors = createDoors({ machine, ledger, recall, past, spawn: spawner.spawn });
  const dispatch = createDispatch(machine, ledger, {
    after,
    ...(parts.onError ? { onError: parts.onError } : {}),
  });
  const inbox = createInbox({ machine, ledger, dispatch, spawner });
  const closers: (() => Promise<void>)[] = [];
  filling.start();
  return {
    home: parts.home,
    machine,
    ledger,
    broker,
    dispatch,
    inbox,
    archive,
    recall,
    spawner,
    folders,
    programs: { ...programs, find: findProgram },
    blobs: parts.blobs ?? null,
    past,
    openModel: models.open,
    after,
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onStop: (call) => void closers.push(call),
    async stop() {
      for (const close of closers.splice(0).reverse()) await close();
      await dispatch.stop();
      await recall.stop();
      await filling.stop();
      ledger.snapshot();
      await models.close();
      archive.close();
      parts.journal.close();
    },
  };
}

function tellFilling({ onLive }: Parts, part: number | null): void {
  const message = `What entities remember is being put in order again: ${Math.floor((part ?? 1) * 100)} % is there. All else goes on.`;
  onLive?.({ type: "trouble", message: part === null ? null : message });
}

// Programs that are right; what is wrong with the others is shown to people.
function toColleagues({ names, find }: Programs): Program[] {
  return names().flatMap((name) => {
    try {
      return [find(name)];
    } catch (error) {
      if (HumError.is(error)) return [];
      throw error;
    }
  });
}

function createDoors(from: {
  machine: Machine;
  ledger: Ledger;
  recall: Recall;
  past: Past | null;
  spawn: KernelDoors["spawn"];
}): KernelDoors {
  const { machine, ledger, recall, past } = from;
  return {
    state: ledger.state,
    now: machine.now,
    spawn: from.spawn,
    async deliver(to, { id, from: name, sender, text, label, quiet }) {
      const entity = ledger.state.entities.get(to);
      if (!entity || entity.state === "ended" || entity.heard.includes(id)) return;
      const pages = await machine.toPages(entity, [
        { kind: "dialogue", role: "user", label, text: `${name} says: ${text}` },
      ]);
      const message = { pid: to, id, from: name, sender, text, pages, label };
      const first = quiet && !entity.hushed;
      await machine.commit(toStream(to), [
        toEvent("message.delivered", quiet ? { ...message, quiet } : message),
        ...(first ? [toEvent("talk.stopped", { pid: to, with: sender })] : []),
      ]);
    },
    pageText: (pid, page) => ledger.pageText(pid, page),
    pageLabel: (pid, page) => ledger.page(pid, page)?.label ?? null,
    search: (words, pids) => recall.search(words, { pids, now: machine.now() }),
    searchFacts: (words, facts) => recall.facts(words, facts, machine.now()),
    async takeBack(entity) {
      return past ? machine.turns.take(entity.folder, () => takeBack(ledger, past, entity)) : [];
    },
    async bringBack(entity, of) {
      return past ? machine.turns.take(entity.folder, () => bringBack(ledger, past, { entity, of })) : [];
    },
    async print(entity, answer) {
      const { of, changes } = readStanding(ledger, entity.pid);
      const { task, folder, drafts: messages } = entity;
      const content = async (hash: string) => (await past?.content(hash)) ?? null;
      return {
        of,
        print: await toPrint({ ...{ task, folder, messages, answer, content }, changes: toNet(changes) }),
      };
    },
    undoable: past !== null,
    readFields: (entity, source) => readFields(machine, entity, source),
    review: (entity, answer, signal) =>
      reviewEntity(entity, answer, createReviewSource(machine, ledger, { entity, signal })),
  };
}

const toPast = ({ past, blobs }: Parts): Past | null => past ?? (blobs ? createPast(blobs) : null);

// The survey belongs to the machine; a simulation brings its own.
const withSurvey = (devices: readonly Device[]): Device[] =>
  devices.some((device) => device.name === surveyDevice.name) ? [...devices] : [...devices, surveyDevice];

function createReviewSource(
  machine: Machine,
  ledger: Ledger,
  { entity, signal }: { entity: Entity; signal: AbortSignal },
): ReviewSource {
  const context = contextOf(machine, entity, {
    id: `review-${entity.turn}`,
    signal: AbortSignal.any([signal, AbortSignal.timeout(60_000)]),
  });
  const call = async (name: string, args: Record<string, unknown>) => {
    const decision = machine.broker.decide(
      { pid: entity.pid, name, args },
      authorityOf(machine, entity, windowLabel(entity)),
    );
    return decision.do === "run" ? machine.broker.perform(decision.pass, context) : null;
  };
  return {
    namesOf: (address) =>
      machine.contacts
        .filter((one) => one.value.toLowerCase() === address)
        .flatMap(({ names, whose = [] }) => [...names, ...whose]),
    records: readFamily(ledger, entity.pid),
    isDeed(name) {
      const { effect = "none", outside = false } = machine.broker.operations().get(name) ?? {};
      return effect === "irreversible" || effect === "physical" || (effect === "reversible" && outside);
    },
    acts: canAct(machine.callsOf(entity)),
    seen: seenBy(machine, entity),
    async read(path) {
      const result = await call("files.read", { path });
      return result?.ok
        ? { text: String(result.data?.content ?? ""), whole: result.data?.whole === true }
        : null;
    },
    async isFolder(path) {
      const result = await call("files.list", { path });
      return result === null || (result.ok && result.data?.entries !== undefined);
    },
    async isEmpty() {
      const result = await call("files.list", { path: "." });
      // Who may not look cannot be told to look.
      return result === null || (result.ok && result.data?.entries === 0);
    },
    run: (command) => call("terminal.run", { command, language: "bash" }),
  };
}

// The records of an entity and of all that worked for it, in the order of time.
function readFamily(ledger: Ledger, pid: number): JournalRecord[] {
  const own = [...ledger.journal.read(toStream(pid), 0)];
  const children = ledger.state.entities.get(pid)?.children ?? [];
  if (children.length === 0) return own;
  return [...own, ...children.flatMap((child) => readFamily(ledger, child))].sort((a, b) => a.seq - b.seq);
}

/** Pages with exact token counts. */
async function toPages(first: number, drafts: readonly Draft[], model: Model): Promise<NewPage[]> {
  const counts = await model.count(drafts.map((draft) => draft.text));
  return drafts.map((draft, i) => ({ ...draft, id: first + i, tokens: counts[i] ?? 0 }));
}

function createModels(parts: Parts) {
  const opened = new Map<string | null, Promise<Model>>();
  return {
    open(id: string | null): Promise<Model> {
      let model = opened.get(id);
      if (!model) {
        model = parts.openModel(id);
        opened.set(id, model);
        model.catch(() => opened.delete(id));
      }
      return model;
    },
    async close() {
      for (const model of opened.values()) await (await model.catch(() => null))?.close();
    },
  };
}

function sleepWith(after: After, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      cancel();
      signal.removeEventListener("abort", finish);
      resolve();
    };
    const cancel = after(ms, finish);
    signal.addEventListener("abort", finish);
    if (signal.aborted) finish();
  });
}

/** The real path of a folder as a share, made where it is missing and `make` is set. */
export function toShare(path: string, options: { write: boolean; make?: boolean }): Share {
  if (options.make) mkdirSync(path, { recursive: true, mode: 0o700 });
  return { path: realpathSync(path), write: options.write };
}

/** An entity as its owner: what it says to a person has this label. */
export const personLabel = toLabel("person");

export type { Entity };
export { openArchive };
