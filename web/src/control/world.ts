// What the control screens read of the store, as hooks. A list is the same object until something in it changes.

import { useCallback, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Pid } from "../../../os/src/entity/entity.ts";
import type { WorkLook } from "../../../os/src/workplace/api.ts";
import type { ProcessRow } from "../../../os/src/workplace/contract.ts";
import { go, readRoute, toThreadPath } from "../router.ts";
import { useLive } from "../store/live.ts";
import { useHum } from "../store/store.ts";
import { toRowWhy } from "./view/row-why.ts";

/** The rows of a table of the store as a list. */
function useRows<T>(rows: Readonly<Record<string | number, T>>): T[] {
  return useMemo(() => Object.values(rows), [rows]);
}

/** All processes that are known. */
export const useProcesses = () => useRows(useHum((state) => state.processes));

/** One process, undefined when it is not known here. */
export const useProcess = (pid: Pid) => useHum((state) => state.processes[pid]);

/** Why a process does not run, in the language of the page. */
export function useRowWhy(row: ProcessRow): string {
  const { t, i18n } = useTranslation();
  return useHum((state) => toRowWhy(row, state, { t, language: i18n.language }));
}

/** Approvals that wait. */
export const useApprovals = () => useRows(useHum((state) => state.approvals));

/** Programs, shipped and own. */
export const usePrograms = () => useRows(useHum((state) => state.programs));

/** What starts by itself. */
export const useTriggers = () => useRows(useHum((state) => state.triggers));

/** Channels and direct lines. */
export const useChannels = () => useRows(useHum((state) => state.channels));

/** Whether everything is stopped. */
export const useHalted = () => useHum((state) => state.halted);

/** The model in use. */
export const useMachineModel = (): WorkLook["model"] | null => useHum((state) => state.model);

/** What an entity writes now, null when it does not write. */
export const useWriting = (pid: Pid) => useLive((state) => state.entities[pid]?.text ?? null);

/** Titles of threads by id. */
export function useThreadTitles(): (thread: string) => string | null {
  const threads = useHum((state) => state.threads);
  return useCallback((thread) => threads[thread]?.title || null, [threads]);
}

/** The ways to other screens. */
export const ways = {
  processes: () => go("/processes"),
  process: (pid: Pid) => go(`/processes/${pid}`),
  /** A thread opens beside the screen that is open. */
  thread: (thread: string) => go(toThreadPath(readRoute().path, thread)),
};
