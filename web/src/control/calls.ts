// The requests of the control screens, one line for each; those that other screens need as well are in client/commands.ts.
// All may throw ApiErrors.

import type { Class, Pid } from "../../../os/src/entity/entity.ts";
import type { FactRow, Forgotten } from "../../../os/src/inbox/remembered.ts";
import type { ProcessRequest } from "../../../os/src/workplace/api.ts";
import type {
  Counters,
  MemoryPage,
  ProcessRow,
  ProgramInfo,
  Thread,
  TimelineBar,
  Trigger,
} from "../../../os/src/workplace/contract.ts";
import { get, post, request } from "../client/rest.ts";
import type { JournalRow } from "./view/records.ts";

const root = "/api/v1";
const enc = encodeURIComponent;
const ofPid = (pid: Pid) => `${root}/processes/${pid}`;

/** What an undo left alone, because somebody else changed it since. */
export interface UndoReport {
  conflicts: { path: string; why: string }[];
}

/** A change of a file or an event. */
export interface ChangeRow {
  path: string;
  change: string;
  at: number;
  undone: boolean;
  diff: string | null;
}

/** All that can be done and read here. */
export const calls = {
  process: (pid: Pid) => get<ProcessRow>(ofPid(pid)),
  processes: (ended: boolean) => get<ProcessRow[]>(`${root}/processes`, { query: { ended } }),
  pause: (pid: Pid) => post<unknown>(`${ofPid(pid)}/pause`),
  resume: (pid: Pid) => post<unknown>(`${ofPid(pid)}/resume`),
  kill: (pid: Pid) => post<unknown>(`${ofPid(pid)}/kill`),
  fork: (pid: Pid) => post<{ pid?: Pid } | null>(`${ofPid(pid)}/fork`),
  undo: (pid: Pid, force: boolean) => post<UndoReport>(`${ofPid(pid)}/undo`, { force }),
  renice: (pid: Pid, to: { class: Class; nice: number }) => post<unknown>(`${ofPid(pid)}/renice`, to),
  budget: (pid: Pid, more: NonNullable<ProcessRequest["budget"]>) =>
    post<unknown>(`${ofPid(pid)}/budget`, more),
  timeline: (pid: Pid) => get<TimelineBar[]>(`${ofPid(pid)}/timeline`, { query: { tree: true } }),
  changes: (pid: Pid) => get<ChangeRow[]>(`${ofPid(pid)}/changes`),
  pages: (pid: Pid) => get<MemoryPage[]>(`${ofPid(pid)}/pages`),
  page: (pid: Pid, id: number) => get<MemoryPage>(`${ofPid(pid)}/pages/${id}`),
  changePage: (pid: Pid, id: number, to: { pinned?: boolean; text?: string }) =>
    request<MemoryPage>("PATCH", `${ofPid(pid)}/pages/${id}`, { body: to }),
  dropPage: (pid: Pid, id: number) => request<unknown>("DELETE", `${ofPid(pid)}/pages/${id}`),
  journal: (query: { pid: Pid; from: number; limit: number }) =>
    get<{ records: JournalRow[]; head: number }>(`${root}/journal`, { query }),

  checkProgram: (text: string, signal: AbortSignal) =>
    post<{ wrong: string | null }>(`${root}/programs/check`, { text }, { signal, tries: 1 }),
  saveProgram: (name: string, text: string) =>
    request<ProgramInfo>("PUT", `${root}/programs/${enc(name)}`, { body: { text } }),
  deleteProgram: (name: string) => request<unknown>("DELETE", `${root}/programs/${enc(name)}`),

  saveTrigger: (
    id: string,
    trigger: Pick<Trigger, "name" | "when" | "program" | "task" | "channel" | "enabled">,
  ) => request<Trigger>("PUT", `${root}/triggers/${enc(id)}`, { body: trigger }),
  deleteTrigger: (id: string) => request<unknown>("DELETE", `${root}/triggers/${enc(id)}`),
  runTrigger: (id: string) => post<Thread>(`${root}/triggers/${enc(id)}/run`),

  memory: (past: boolean) => get<FactRow[]>(`${root}/memory`, { query: past ? { past } : {} }),
  remember: (about: string, text: string) => post<FactRow[]>(`${root}/memory`, { about, text }),
  correctFact: (id: string, value: string) =>
    request<FactRow>("PATCH", `${root}/memory/${enc(id)}`, { body: { value } }),
  forgetFact: (id: string) => request<Forgotten>("DELETE", `${root}/memory/${enc(id)}`),
  forgetAbout: (about: string) => post<Forgotten>(`${root}/memory/forget`, { about }),

  counters: () => get<Counters>(`${root}/counters`),
};
