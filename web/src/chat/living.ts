// Who lives in a thread now, as hooks that change only when somebody comes or goes.

import { useMemo } from "react";
import { useHum } from "../store/store.ts";
import { toLiving } from "./view/task.ts";

/** Pids of the entities that live in a thread (or a direct line), in order. */
export function useLivingPids(thread: string): readonly number[] {
  const list = useHum((state) =>
    toLiving(state.processes, thread)
      .map((row) => row.pid)
      .join(" "),
  );
  return useMemo(() => (list === "" ? [] : list.split(" ").map(Number)), [list]);
}
