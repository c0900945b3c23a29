// The ledger joins journal and state: `commit` makes events durable, then folds them into the state, then tells the
// listeners. It is the only writer; the state is never changed any other way.

import { hash } from "node:crypto";
import type { JournalRecord, OpenJournal, Snapshot } from "../journal/journal.ts";
import { journalLimits } from "../limits.ts";
import type { NewPage } from "../memory/page.ts";
import type { Entity, Pid } from "./entity.ts";
import { type HumEvent, toStream } from "./events.ts";
import { fromSnapshotText, toSnapshotText } from "./snapshot.ts";
import { createState, reduce, reducerVersion, type State } from "./state.ts";

/** State with its only writer. */
export interface Ledger {
  readonly state: State;
  readonly journal: OpenJournal;
  /**
   * Appends events to a stream; resolves when they are durable and folded in. With `when` nothing is appended where it is
   * false once all that was on its way to the stream is in the state.
   */
  commit(stream: string, events: readonly HumEvent[], when?: () => boolean): Promise<void>;
  /** Called with each record after it is folded in. */
  listen(listener: (record: JournalRecord) => void): void;
  /** Texts of an entity's resident pages, by page id. */
  textsOf(entity: Entity): Map<number, string>;
  /** One page, resident or not, as it was made; null when there is none. */
  page(pid: Pid, page: number): NewPage | null;
  /** Its text. */
  pageText(pid: Pid, page: number): string | null;
  /** Lets go of cached texts; they are read again when needed. */
  forgetTexts(pid: Pid): void;
  /** Records that were read at opening after the snapshot. */
  readonly replayed: number;
  /** Keeps a snapshot, so that the next opening is quick. */
  snapshot(): void;
}

/** Opens the ledger: the last snapshot, then every record after it. */
export function openLedger(journal: OpenJournal): Ledger {
  const { state, replayed, snapshotLength } = restore(journal);
  /** The last write of each stream that is under way: one waits for the one before, so that it knows its place. */
  const writing = new Map<string, Promise<void>>();
  const texts = new Map<Pid, Map<number, string>>();
  const listeners: ((record: JournalRecord) => void)[] = [];
  let sinceSnapshot = replayed;
  /** Length of the last snapshot. */
  let kept = snapshotLength;

  const take = (record: JournalRecord) => {
    reduce(state, record);
    const { pid, pages } = record.data as { pid?: Pid; pages?: NewPage[] };
    const cached = pid === undefined ? undefined : texts.get(pid);
    if (cached && pages) for (const page of pages) cached.set(page.id, page.text);
    // Only what is in the window is at hand.
    const left = { "page.evicted": "ids", "page.noted": "replaces" }[record.type];
    if (cached && left) for (const id of record.data[left] as number[]) cached.delete(id);
    if (record.type === "entity.ended") texts.delete(pid as Pid);
    if (record.type === "entity.spawned" && pages)
      texts.set(pid as Pid, new Map(pages.map((page) => [page.id, page.text])));
  };
  const pagesAt = (pid: Pid, index: number): readonly NewPage[] => {
    const [record] = [...journal.read(toStream(pid), index - 1, 1)];
    return (record?.data as { pages?: NewPage[] } | undefined)?.pages ?? [];
  };
  const load = (entity: Entity): Map<number, string> => {
    const known = texts.get(entity.pid);
    if (known) return known;
    const loaded = new Map<number, string>();
    const resident = entity.pages.filter((page) => page.resident);
    for (const index of new Set(resident.map((page) => page.index)))
      for (const page of pagesAt(entity.pid, index)) loaded.set(page.id, page.text);
    texts.set(entity.pid, loaded);
    return loaded;
  };
  const findPage = (pid: Pid, id: number): NewPage | null => {
    const known = state.entities.get(pid)?.pages.find((page) => page.id === id);
    const stream = toStream(pid);
    const index = known?.index ?? placeOf(journal, stream, { id, records: state.lengths.get(stream) ?? 0 });
    return index === null ? null : (pagesAt(pid, index).find((page) => page.id === id) ?? null);
  };
  const put = async (stream: string, events: readonly HumEvent[]): Promise<void> => {
    const records = await journal.append(stream, events, state.lengths.get(stream) ?? 0);
    // The state is whole before anybody hears of it.
    for (const record of records) take(record);
    for (const record of records) for (const listener of listeners) listener(record);
    sinceSnapshot += records.length;
    // The longer a snapshot is, the more events it has to be worth, whatever it holds.
    const { snapshotEvery, snapshotChars } = journalLimits;
    if (sinceSnapshot >= Math.max(snapshotEvery, kept / snapshotChars)) snapshot();
  };
  const snapshot = () => {
    const head = journal.head();
    if (head.seq !== state.seq || sinceSnapshot === 0) return;
    const text = toSnapshotText(state);
    journal.saveSnapshot({
      seq: head.seq,
      hash: head.hash,
      reducer: reducerVersion,
      state: `${hash("sha256", text, "base64url")}\n${text}`,
    });
    sinceSnapshot = 0;
    kept = text.length;
  };

  return {
    state,
    journal,
    replayed,
    snapshot,
    commit(stream, events, when = () => true) {
      if (events.length === 0) return Promise.resolve();
      const before = writing.get(stream);
      const begin = async () => (when() ? put(stream, events) : undefined);
      const write = before ? before.then(begin) : begin();
      const settled = write
        .catch(() => {})
        .then(() => {
          if (writing.get(stream) === settled) writing.delete(stream);
        });
      writing.set(stream, settled);
      return write;
    },
    listen: (listener) => listeners.push(listener),
    textsOf: load,
    page: findPage,
    pageText: (pid, page) => texts.get(pid)?.get(page) ?? findPage(pid, page)?.text ?? null,
    forgetTexts: (pid) => texts.delete(pid),
  };
}

/** Records that are looked through one by one: pages of two writers need not be in the order of their numbers. */
const nearby = 64;

/** The record of a stream in which a page was made, by halving, because numbers of pages grow with the records. */
function placeOf(journal: OpenJournal, stream: string, of: { id: number; records: number }): number | null {
  const firstFrom = (from: number): { id: number; index: number } | null => {
    for (const record of journal.read(stream, from - 1, 2 * nearby)) {
      const [page] = (record.data as { pages?: NewPage[] }).pages ?? [];
      if (page) return { id: page.id, index: record.index };
    }
    return null;
  };
  let low = 1;
  let high = of.records + 1;
  while (high - low > nearby) {
    const middle = (low + high) >> 1;
    const first = firstFrom(middle);
    if (first && first.id <= of.id) low = middle;
    else high = middle;
  }
  for (const record of journal.read(stream, Math.max(0, low - nearby), high - low + 2 * nearby))
    if ((record.data as { pages?: NewPage[] }).pages?.some((page) => page.id === of.id)) return record.index;
  return null;
}

function restore(journal: OpenJournal): { state: State; replayed: number; snapshotLength: number } {
  const snapshot = journal.lastSnapshot();
  const state = fromSnapshot(journal, snapshot) ?? createState();
  let replayed = 0;
  for (const record of journal.read(null, state.seq)) {
    reduce(state, record);
    replayed += 1;
  }
  return { state, replayed, snapshotLength: snapshot?.state.length ?? 0 };
}

/** Folds the journal and shows each record after `after` together with the state as it was then. */
export function refold(
  journal: OpenJournal,
  after: number,
  visit: (record: JournalRecord, state: State) => void,
): void {
  const kept = fromSnapshot(journal, journal.lastSnapshot());
  const state = kept && kept.seq <= after ? kept : createState();
  for (const record of journal.read(null, state.seq)) {
    reduce(state, record);
    if (record.seq > after) visit(record, state);
  }
}

// A snapshot is only a short cut: one that is damaged, of another reducer or of another journal is passed over.
function fromSnapshot(journal: OpenJournal, snapshot: Snapshot | null): State | null {
  if (!snapshot || snapshot.reducer !== reducerVersion) return null;
  const cut = snapshot.state.indexOf("\n");
  const text = snapshot.state.slice(cut + 1);
  if (hash("sha256", text, "base64url") !== snapshot.state.slice(0, cut)) return null;
  const [record] = [...journal.read(null, snapshot.seq - 1, 1)];
  if (record?.hash !== snapshot.hash) return null;
  return fromSnapshotText(text);
}
