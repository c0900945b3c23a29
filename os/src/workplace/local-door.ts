// The door of a machine in this process. The server (serve-door.ts) hands the same door to other processes.

import { createBlobs } from "../device/blobs.ts";
import { createPast } from "../device/past.ts";
import { toPageKey } from "../entity/knowledge.ts";
import { undoEntity } from "../inbox/undo.ts";
import type { StartedHum } from "../start.ts";
import type { Door, MachineInfo } from "./door.ts";
import type { Hub } from "./hub.ts";
import { toLook } from "./look.ts";

/** What a local door stands on. */
export interface LocalDoorOptions {
  hum: StartedHum;
  hub: Hub;
  machine: MachineInfo;
  /** Somebody asked the machine to stop. */
  onStop(): void;
  close(): Promise<void>;
}

/** Makes the door of a machine in this process. */
export function createLocalDoor(options: LocalDoorOptions): Door {
  const { hum, machine } = options;
  const { inbox, dispatch, ledger } = hum;
  return {
    machine,
    look: async () =>
      toLook(ledger.state, { machine, jobs: hum.machine.scheduler.jobs(), running: dispatch.running() }),
    entity: async (pid) => inbox.find(pid),
    task: (request) => inbox.task(request),
    say: (pid, from, text, label) => inbox.say(pid, { from, text, ...(label ? { label } : {}) }),
    pause: (pid, by) => inbox.pause(pid, by),
    resume: (pid, by) => inbox.resume(pid, by),
    kill: (pid, by) => inbox.kill(pid, by),
    killAll: (by) => inbox.killAll(by),
    async unhalt(by) {
      if (!ledger.state.halted) return false;
      await inbox.unhalt(by);
      return true;
    },
    renice: (pid, to) => inbox.renice(pid, to),
    revoke: (pid, operation, by) => inbox.revoke(pid, operation, by),
    fork: (pid) => inbox.fork(pid),
    shareMemory: (share) => inbox.shareMemory(share),
    answer: (id, answer, by) => inbox.answer(id, answer, by),
    read: (ids, by) => inbox.read(ids, by),
    async undo(pid, how) {
      const past = hum.past ?? createPast(await createBlobs(hum.home));
      return undoEntity({ ledger, dispatch, past }, { pid, ...how });
    },
    search: (words, limit) => hum.recall.search(words, { limit }),
    facts: async (by, which) => inbox.remembered.facts(by, which),
    tellFact: (by, about, text) => inbox.remembered.tell(by, about, text),
    correctFact: (by, id, to) => inbox.remembered.correct(by, id, to),
    forgetFacts: (by, which) => inbox.remembered.forget(by, which),
    shareFacts: (by, to) => inbox.remembered.share(by, to),
    pageText: async (pid, page) =>
      ledger.state.knowledge.shut.has(toPageKey({ pid, page })) ? null : ledger.pageText(pid, page),
    reload: () => hum.reload(),
    stop: async () => options.onStop(),
    follow: (request, signal) => options.hub.follow(request, signal),
    close: options.close,
  };
}
