// Loads something from the server for a component, again when what it depends on changes, and keeps the last answer on
// the screen meanwhile, so that nothing flashes. An answer that comes too late is dropped.

import { useCallback, useEffect, useRef, useState } from "react";

/** What is known of a load. */
export interface Loaded<T> {
  value: T | null;
  /** Why the last try failed, null when it did not. */
  error: string | null;
  loading: boolean;
  again: () => void;
}

/** Loads with `load` whenever `key` changes; null loads nothing. A new `tick` loads again behind the old answer. */
export function useLoad<T>(
  key: string | null,
  load: (signal: AbortSignal) => Promise<T>,
  tick = 0,
): Loaded<T> {
  const [state, setState] = useState<{
    key: string | null;
    value: T | null;
    error: string | null;
    loading: boolean;
  }>({
    ...{ key, value: null, error: null, loading: key !== null },
  });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: tick and round ask for the same again
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    setState((old) => ({ key, value: old.key === key ? old.value : null, error: null, loading: true }));
    latest.current(abort.signal).then(
      (value) => {
        if (!abort.signal.aborted) setState({ key, value, error: null, loading: false });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        const message = error instanceof Error ? error.message : String(error);
        setState((old) => ({ ...old, error: message, loading: false }));
      },
    );
    return () => abort.abort();
  }, [key, tick, round]);
  const again = useCallback(() => setRound((count) => count + 1), []);
  const value = state.key === key ? state.value : null;
  return { value, error: state.error, loading: state.loading, again };
}
