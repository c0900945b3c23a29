// Processes: everything that is at work, in one table, at once a second. Keys: j and k walk, space selects, p pauses,
// r resumes, x kills, n renices, b raises the budget, enter opens, / filters.

import {
  type KeyboardEvent,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { EmptyState } from "../../ui/badge.tsx";
import { calls } from "../calls.ts";
import { act } from "../parts/act.ts";
import { Choice } from "../parts/choice.tsx";
import { useOwnKeys } from "../parts/keys.ts";
import { Page } from "../parts/page.tsx";
import "./processes.css";
import { useNow } from "../parts/use-size.ts";
import { rates, sampleRates } from "../rates.ts";
import { countStates, type Grouping, type SortKey, type TableQuery, toTable } from "../view/rows.ts";
import {
  keepSelection,
  moveSelection,
  noSelection,
  type Selection,
  type SelectionMove,
} from "../view/selection.ts";
import { useProcesses, useThreadTitles, ways } from "../world.ts";
import { type Asking, Controls } from "./controls.tsx";
import { ProcessTable } from "./process-table.tsx";

const groupings: readonly Grouping[] = ["list", "tree", "threads"];

/** Rows that page up and page down jump over. */
const pageRows = 15;

/** The screen. */
export function ProcessesScreen() {
  const { t } = useTranslation();
  const now = useNow(1_000);
  const tick = Math.floor(now / 1_000);
  const rows = useProcesses();
  const titleOf = useThreadTitles();
  const [grouping, setGrouping] = useState<Grouping>("list");
  const [sort, setSort] = useState<TableQuery["sort"]>({ key: "state", down: false });
  const [filter, setFilter] = useState("");
  const [ended, setEnded] = useState(false);
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState<Asking>(null);
  const isOwn = useOwnKeys();
  const filterBox = useRef<HTMLInputElement>(null);
  const query: TableQuery = { grouping, sort, filter: useDeferredValue(filter), ended, folded };
  const items = useItems(rows, query, tick);
  const { selection, move } = useSelection(items);
  const counts = countStates(rows);
  const byKey = useMemo(() => new Map(rows.map((row) => [`p${row.pid}`, row])), [rows]);
  const chosen =
    selection.selected.size > 0 ? [...selection.selected] : selection.cursor ? [selection.cursor] : [];
  const targets = chosen.flatMap((key) => byKey.get(key) ?? []);
  const alive = targets.filter((row) => !row.ended);

  const onFold = useCallback((key: string) => {
    setFolded((old) => {
      const next = new Set(old);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  }, []);
  const onSort = (key: SortKey) =>
    setSort((old) => ({
      key,
      down: old.key === key ? !old.down : ["rate", "tokens", "calls", "memory", "stuck", "age"].includes(key),
    }));

  function onKey(event: KeyboardEvent) {
    if (event.key === "a" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      move({ do: "all" });
      return;
    }
    if (!isOwn(event) || (event.target instanceof HTMLElement && event.target.closest("button"))) return;
    const run = toKey(event);
    if (!run) return;
    event.preventDefault();
    run();
  }

  function toKey({ key, shiftKey: extend }: KeyboardEvent): (() => unknown) | null {
    const { cursor } = selection;
    switch (key) {
      case "j":
      case "J":
      case "ArrowDown":
        return () => move({ do: "move", by: 1, extend });
      case "k":
      case "K":
      case "ArrowUp":
        return () => move({ do: "move", by: -1, extend });
      case "PageDown":
        return () => move({ do: "move", by: pageRows });
      case "PageUp":
        return () => move({ do: "move", by: -pageRows });
      case "Home":
        return () => move({ do: "first" });
      case "End":
        return () => move({ do: "last" });
      case " ":
        return () => move({ do: "toggle" });
      case "Escape":
        return () => move({ do: "clear" });
      case "ArrowRight":
        return () => cursor !== null && folded.has(cursor) && onFold(cursor);
      case "ArrowLeft":
        return () => cursor !== null && !folded.has(cursor) && onFold(cursor);
      case "Enter":
        return () => open(cursor);
      case "/":
        return () => filterBox.current?.focus();
      case "p":
        return () =>
          act(() => Promise.all(alive.filter((row) => !row.paused).map((row) => calls.pause(row.pid))));
      case "r":
        return () =>
          act(() => Promise.all(alive.filter((row) => row.paused).map((row) => calls.resume(row.pid))));
      case "x":
        return () => alive.length > 0 && setAsking("kill");
      case "n":
        return () => alive.length > 0 && setAsking("renice");
      case "b":
        return () => alive.length > 0 && setAsking("budget");
      default:
        return null;
    }
  }

  function open(key: string | null) {
    const row = key === null ? undefined : byKey.get(key);
    if (row) ways.process(row.pid);
    else if (key !== null) onFold(key);
  }

  return (
    <Page title={t("control.processes.title")} hint={t("control.processes.keys")} fill>
      <div className="ctl-toolbar">
        <input
          ref={filterBox}
          type="search"
          className="input ctl-filter"
          value={filter}
          placeholder={t("control.processes.filter")}
          aria-label={t("control.processes.filter")}
          onChange={(event) => setFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === "Escape") setFilter("");
          }}
        />
        <Choice
          label={t("control.processes.grouping")}
          options={groupings.map((one) => ({ value: one, label: t(`control.grouping.${one}`) }))}
          value={grouping}
          onChange={setGrouping}
        />
        <label className="ctl-check">
          <input type="checkbox" checked={ended} onChange={(event) => setEnded(event.target.checked)} />
          {t("control.processes.ended")}
        </label>
        <span className="ctl-spacer" />
        <Counts counts={counts} />
      </div>
      {items.length === 0 ? (
        <EmptyState
          icon="cpu"
          title={t(filter === "" ? "control.processes.none" : "control.processes.noMatch")}
          about={t(filter === "" ? "control.processes.noneText" : "control.processes.noMatchText")}
        />
      ) : (
        <ProcessTable
          items={items}
          query={query}
          selection={selection}
          tick={tick}
          titleOf={titleOf}
          onSort={onSort}
          onKey={onKey}
          onPick={(key, how) => move({ do: "pick", key, how })}
          onFold={onFold}
          onOpen={ways.process}
          onThread={ways.thread}
        />
      )}
      <div className="ctl-bar-below" data-open={targets.length > 0 || undefined}>
        {targets.length > 0 && (
          <>
            <span className="ctl-bar-text">
              {targets.length === 1 ? (
                <bdi>{targets[0]?.name}</bdi>
              ) : (
                t("control.processes.selected", { count: targets.length })
              )}
            </span>
            <span className="ctl-spacer" />
            <Controls rows={targets} asking={asking} onAsk={setAsking} small />
          </>
        )}
      </div>
    </Page>
  );
}

function Counts({ counts }: { counts: ReturnType<typeof countStates> }) {
  const { t } = useTranslation();
  const shown = (["running", "queued", "waiting", "paused"] as const).filter((state) => counts[state] > 0);
  return (
    <ul className="ctl-counts" aria-label={t("control.processes.counts")}>
      {shown.map((state) => (
        <li key={state} data-state={state}>
          <span className="ctl-number">{counts[state]}</span> {t(`control.state.${state}`)}
        </li>
      ))}
      {counts.needYou > 0 && (
        <li data-needs={true}>
          <span className="ctl-number">{counts.needYou}</span>{" "}
          {t("control.processes.needYou", { count: counts.needYou })}
        </li>
      )}
    </ul>
  );
}

// The table is made again when rows come, and each second only where its order can depend on the time.
function useItems(rows: readonly ProcessRow[], query: TableQuery, tick: number) {
  const { grouping, sort, filter, ended, folded } = query;
  const timed = sort.key === "rate" || sort.key === "stuck" ? tick : 0;
  useEffect(() => sampleRates(tick * 1_000, rows), [rows, tick]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `timed` stands for what the rates are at that second
  return useMemo(
    () => toTable(rows, { grouping, sort, filter, ended, folded }, rates.perMinute),
    [rows, grouping, sort, filter, ended, folded, timed],
  );
}

function useSelection(items: ReturnType<typeof toTable>): {
  selection: Selection;
  move: (move: SelectionMove) => void;
} {
  const [state, setState] = useState<Selection>(noSelection);
  const keys = useMemo(() => items.map((item) => item.key), [items]);
  const selection = keepSelection(state, keys);
  const move = useCallback(
    (step: SelectionMove) =>
      setState((old) =>
        moveSelection(keepSelection(old, keys), step, { keys, selectable: (key) => key.startsWith("p") }),
      ),
    [keys],
  );
  return { selection, move };
}
