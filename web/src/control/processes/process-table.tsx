// The table of processes: a grid of which only what is seen is drawn. The grid has the focus and names its active row, so
// that a screen reader follows the cursor; all keys are read here and handed to the screen.

// biome-ignore-all lint/a11y/useSemanticElements: a virtual grid, which cannot be a table; it has the focus and the keys
// biome-ignore-all lint/a11y/useFocusableInteractive: a virtual grid, which cannot be a table; it has the focus and the keys
// biome-ignore-all lint/a11y/noStaticElementInteractions: a virtual grid, which cannot be a table; it has the focus and the keys
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: a virtual grid, which cannot be a table; it has the focus and the keys
// biome-ignore-all lint/a11y/useKeyWithClickEvents: a virtual grid, which cannot be a table; it has the focus and the keys

import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type MouseEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/icon.tsx";
import { useMedia } from "../parts/use-size.ts";
import { toCount } from "../view/numbers.ts";
import type { SortKey, TableItem, TableQuery } from "../view/rows.ts";
import type { Selection } from "../view/selection.ts";
import { ProcessCells } from "./process-row.tsx";

/** Heights of a row in pixels: one line on a desk, two on a phone. */
const wideRow = 36;
const narrowRow = 72;

const columns: { key: SortKey | "thread"; sorts: boolean }[] = [
  { key: "pid", sorts: true },
  { key: "name", sorts: true },
  { key: "state", sorts: true },
  { key: "thread", sorts: false },
  { key: "rate", sorts: true },
  { key: "tokens", sorts: true },
  { key: "calls", sorts: true },
  { key: "memory", sorts: true },
  { key: "age", sorts: true },
  { key: "stuck", sorts: true },
];

interface TableProps {
  items: readonly TableItem[];
  query: TableQuery;
  selection: Selection;
  tick: number;
  titleOf: (thread: string) => string | null;
  onSort: (key: SortKey) => void;
  onKey: (event: KeyboardEvent) => void;
  onPick: (key: string, how: "only" | "toggle" | "range") => void;
  onFold: (key: string) => void;
  onOpen: (pid: number) => void;
  onThread: (thread: string) => void;
}

/** The table. */
export function ProcessTable(props: TableProps) {
  const { items, query, selection, tick, titleOf } = props;
  const { t, i18n } = useTranslation();
  const narrow = useMedia("(max-width: 760px)");
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => (narrow ? narrowRow : wideRow),
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 10,
  });
  const at = items.findIndex((item) => item.key === selection.cursor);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other heights must be measured anew
  useEffect(() => list.measure(), [narrow]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the cursor is followed when it moves, not when rows do
  useEffect(() => {
    if (at >= 0) list.scrollToIndex(at, { align: "auto" });
  }, [selection.cursor]);

  function onClick(event: MouseEvent, key: string) {
    props.onPick(key, event.shiftKey ? "range" : event.ctrlKey || event.metaKey ? "toggle" : "only");
  }

  const kind = query.grouping === "list" ? "grid" : "treegrid";
  return (
    <div
      ref={box}
      className="ctl-grid"
      role={kind}
      tabIndex={0}
      aria-label={t("control.processes.table")}
      aria-rowcount={items.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={at < 0 ? undefined : `process-${selection.cursor}`}
      onKeyDown={props.onKey}
    >
      <div className="ctl-grid-head" role="rowgroup">
        <div className="ctl-grid-row" role="row" aria-rowindex={1}>
          {columns.map(({ key, sorts }) => {
            const sorted = query.sort.key === key ? (query.sort.down ? "descending" : "ascending") : "none";
            return (
              <span
                key={key}
                role="columnheader"
                className={`ctl-cell ctl-cell-${key}`}
                {...(sorts ? { "aria-sort": sorted } : {})}
              >
                {sorts ? (
                  <button type="button" className="ctl-sort" onClick={() => props.onSort(key as SortKey)}>
                    {t(`control.columns.${key}`)}
                    {sorted !== "none" && (
                      <span aria-hidden="true">{sorted === "descending" ? "↓" : "↑"}</span>
                    )}
                  </button>
                ) : (
                  t(`control.columns.${key}`)
                )}
              </span>
            );
          })}
        </div>
      </div>
      <div className="ctl-virtual" role="rowgroup" style={{ height: `${list.getTotalSize()}px` }}>
        {list.getVirtualItems().map((place) => {
          const item = items[place.index];
          if (!item) return null;
          const style = { transform: `translateY(${place.start}px)`, height: `${place.size}px` };
          const common = {
            id: `process-${item.key}`,
            role: "row",
            "aria-rowindex": place.index + 2,
            "data-cursor": item.key === selection.cursor || undefined,
            style,
          };
          if (item.kind === "head")
            return (
              <div
                key={place.key}
                {...common}
                className="ctl-grid-group"
                aria-level={1}
                aria-expanded={!item.folded}
                onClick={(event) => {
                  onClick(event, item.key);
                  props.onFold(item.key);
                }}
              >
                <span role="gridcell" className="ctl-group-name" aria-colspan={columns.length}>
                  <Icon name={item.folded ? "right" : "down"} size={14} />
                  <bdi className="ctl-group-title">
                    {item.thread === null
                      ? t("control.processes.noThread")
                      : (titleOf(item.thread) ?? item.thread)}
                  </bdi>
                  <span className="ctl-muted">
                    {t("control.processes.group", { count: item.count, alive: item.alive })}
                  </span>
                  <span className="ctl-spacer" />
                  <span className="ctl-muted ctl-number">
                    {t("control.tokens", { count: item.tokens, text: toCount(item.tokens, i18n.language) })}
                  </span>
                </span>
              </div>
            );
          return (
            <div
              key={place.key}
              {...common}
              className="ctl-grid-row"
              aria-selected={selection.selected.has(item.key)}
              {...(kind === "treegrid" ? { "aria-level": item.depth + 1 } : {})}
              {...(item.children > 0 ? { "aria-expanded": !item.folded } : {})}
              data-ended={item.row.ended || undefined}
              onClick={(event) => onClick(event, item.key)}
              onDoubleClick={() => props.onOpen(item.row.pid)}
            >
              <ProcessCells
                item={item}
                tick={tick}
                title={item.row.thread === null ? null : titleOf(item.row.thread)}
                tree={query.grouping === "tree"}
                onFold={props.onFold}
                onOpen={props.onOpen}
                onThread={props.onThread}
              />
            </div>
          );
        })}
      </div>
    </div>
  );
}
