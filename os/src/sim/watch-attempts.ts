// The part of the watch that looks at tasks done more than once: what counts follows from the attempts, what was said is
// sent once and at the end, and what lies in the folder is the work of the attempt that counts.

import type { FileChange } from "../entity/authority.ts";
import type { Attempt, Entity, Pid } from "../entity/entity.ts";
import type { Events } from "../entity/events.ts";
import type { State } from "../entity/state.ts";
import type { JournalRecord } from "../journal/journal.ts";
import { Broken } from "./broken.ts";
import type { World } from "./world.ts";

/** The watch over attempts. */
export interface AttemptWatch {
  /** Looks at a record and the state before it. */
  look(record: JournalRecord, before: State): void;
  /** Nothing moves any more. */
  rest(state: State): void;
  /** How many ends it has looked at. */
  readonly ends: number;
}

/** Makes the watch over attempts; where records were lost the `files` need not be what the rest of them say. */
export function createAttemptWatch(world: World, look: { files: boolean }): AttemptWatch {
  const changes = new Map<Pid, Map<number, readonly FileChange[]>>();
  const sent = new Set<string>();
  /** Who is to hear what was said at an end. */
  const promised = new Map<string, Pid>();
  let ends = 0;

  const checkFiles = (entity: Entity, attempt: Attempt): void => {
    // In a shared folder others are at work too.
    if (!look.files || entity.folder !== entity.home) return;
    const left = new Map<string, string | null>();
    for (const index of attempt.of)
      for (const { path, after } of changes.get(entity.pid)?.get(index) ?? []) left.set(path, after);
    for (const [path, text] of world.files)
      if (path.startsWith(`${entity.folder}/`) && (left.get(path) ?? null) !== text)
        throw new Broken("R4", `${path} holds "${text}", which the attempt that counts did not leave`);
    for (const [path, text] of left)
      if ((world.files.get(path) ?? null) !== text)
        throw new Broken("R4", `${path} is not as the attempt left it`);
  };

  const checkEnd = (entity: Entity, { outcome, tells = [] }: Events["entity.ended"]): void => {
    if (outcome.kind === "killed") return;
    const { attempts, pid, redundancy } = entity;
    ends += 1;
    const done = attempts.filter((attempt) => attempt.done !== null);
    if (outcome.kind === "failed") {
      if (!entity.between) return;
      if (done.length > 0) throw new Broken("R7", `entity ${pid} failed and had come to a result`);
      checkFiles(entity, { done: null, why: "", missing: [], of: [] });
      return;
    }
    const { votes } = outcome;
    if (!votes || votes.of !== attempts.length)
      throw new Broken(
        "R3",
        `entity ${pid} was done after ${attempts.length} attempts with ${JSON.stringify(votes)}`,
      );
    const count = (attempt: Attempt) =>
      done.filter((other) => other.done?.print === attempt.done?.print).length;
    // Where others came to work meanwhile the one that lies there counts, whatever there is to compare.
    const stayed = entity.folder !== entity.home && attempts.at(-1)?.done?.answer === outcome.text;
    const fits = (attempt: Attempt) =>
      attempt.done?.answer === outcome.text && (stayed || count(attempt) === votes.for);
    const fitting = done.filter(fits);
    const clean = fitting.find((attempt) => !attempt.done?.doubt);
    const last = fitting.at(-1);
    const chosen = clean ?? fitting[0];
    // Two that came to the same count by the last of them, unless nobody could be sure of any: then by the first.
    const agreed = fitting.filter((attempt) => count(attempt) === votes.for);
    const sure = agreed.some((attempt) => !attempt.done?.doubt);
    // Two attempts with the same words cannot be told apart by them: the one that lies there, or the one that was chosen.
    const alike = stayed ? [last, chosen] : [chosen];
    const candidates = votes.for > 1 ? [sure ? agreed.at(-1) : agreed[0]] : alike;
    const isSaid = (id: string) => sent.has(id) || tells.some((draft) => draft.id === id);
    const isOf = (attempt?: Attempt) =>
      tells.every((tell) => attempt?.done?.drafts.some((draft) => draft.id === tell.id));
    const told = (attempt?: Attempt) =>
      attempt?.done?.drafts.every(({ id }) => isSaid(id)) === true && isOf(attempt);
    const counts = candidates.find(told) ?? candidates[0];
    if (!counts?.done)
      throw new Broken("R3", `entity ${pid} ended with "${outcome.text}" and ${JSON.stringify(votes)}`);
    const better = done.find((attempt) => !attempt.done?.doubt);
    if (counts.done.doubt && votes.for === 1 && better && !stayed)
      throw new Broken("R3", `entity ${pid} ended with a doubtful result and had a better one`);
    const enough = attempts.length >= redundancy || votes.for > 1 || stayed;
    if (!enough)
      throw new Broken("R3", `entity ${pid} gave up after ${attempts.length} of ${redundancy} attempts`);
    for (const { id, to } of counts.done.drafts)
      if (!isSaid(id)) throw new Broken("R5", `message ${id} of entity ${pid} to ${to} was never sent`);
    if (!isOf(counts)) throw new Broken("R5", `entity ${pid} tells what an attempt said that does not count`);
    checkFiles(entity, counts);
  };

  return {
    look({ type, data, index }, before) {
      const { pid, changes: made, id } = data as { pid?: Pid; changes?: FileChange[]; id?: string };
      const entity = before.entities.get(pid ?? -1);
      if (pid !== undefined && made && type !== "files.undone") {
        const of = changes.get(pid) ?? new Map<number, readonly FileChange[]>();
        changes.set(pid, of.set(index, made));
      }
      const sender = type === "message.delivered" ? before.entities.get(data.sender as Pid) : undefined;
      if (sender && sender.redundancy > 1) {
        if (promised.get(String(id)) !== pid)
          throw new Broken(
            "R5",
            `message ${id} to entity ${pid} is not of the end of ${sender.pid}, or came twice`,
          );
        promised.delete(String(id));
      }
      if (!entity || entity.redundancy === 1 || entity.state === "ended") return;
      if (type === "message.sent" && data.from !== "hum") {
        if (!entity.between) throw new Broken("R5", `entity ${pid} said ${id} before its end`);
        if (sent.has(String(id))) throw new Broken("R5", `message ${id} was sent twice`);
        sent.add(String(id));
      }
      if (type !== "entity.ended") return;
      const end = data as unknown as Events["entity.ended"];
      checkEnd(entity, end);
      for (const tell of end.tells ?? []) promised.set(tell.id, Number(tell.to));
    },
    rest({ entities }) {
      for (const [id, to] of promised)
        if (entities.get(to)?.state !== "ended")
          throw new Broken("R5", `entity ${to} never heard message ${id}, which was for it`);
    },
    get ends() {
      return ends;
    },
  };
}
