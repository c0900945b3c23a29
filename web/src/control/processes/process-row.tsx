// One line of the table of processes. It is drawn again only when its own numbers change.

// biome-ignore-all lint/a11y/useSemanticElements: cells of a virtual grid; the grid has the focus
// biome-ignore-all lint/a11y/useFocusableInteractive: cells of a virtual grid; the grid has the focus

import { memo } from "react";
import { useTranslation } from "react-i18next";
import { Icon } from "../../ui/icon.tsx";
import { Meter } from "../parts/meter.tsx";
import { Spark } from "../parts/spark.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { rates } from "../rates.ts";
import { toCount, toPart, toPercent, toShortSpan } from "../view/numbers.ts";
import { toSafeLine } from "../view/reveal.ts";
import type { TableItem } from "../view/rows.ts";
import { useRowWhy } from "../world.ts";

type RowItem = Extract<TableItem, { kind: "row" }>;

/** No progress for longer than this is marked. */
const stuckMs = 3 * 60_000;

interface RowProps {
  item: RowItem;
  /** Seconds: the row is drawn again when they change. */
  tick: number;
  title: string | null;
  tree: boolean;
  onFold: (key: string) => void;
  onOpen: (pid: number) => void;
  onThread: (thread: string) => void;
}

/** The cells of a row. */
export const ProcessCells = memo(function ProcessCells({
  item,
  tick,
  title,
  tree,
  onFold,
  onOpen,
  onThread,
}: RowProps) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const { row, depth, children, folded } = item;
  const why = useRowWhy(row);
  const now = tick * 1_000;
  const part = toPart(row.tokens, row.budgetTokens);
  const perMinute = rates.perMinute(row.pid);
  const stuck = row.noProgressMs === null ? null : Math.max(row.noProgressMs, now - row.lastAt);
  return (
    <>
      <span role="gridcell" className="ctl-cell ctl-cell-pid">
        {row.pid}
      </span>
      <span
        role="gridcell"
        className="ctl-cell ctl-cell-name"
        style={depth > 0 ? { paddingInlineStart: `${Math.min(depth, 6) * 16}px` } : undefined}
      >
        {tree && children > 0 && (
          <button
            type="button"
            className="ctl-fold"
            tabIndex={-1}
            aria-label={t(folded ? "control.processes.unfold" : "control.processes.fold", { name: row.name })}
            onClick={(event) => {
              event.stopPropagation();
              onFold(item.key);
            }}
          >
            <Icon name={folded ? "right" : "down"} size={13} />
          </button>
        )}
        <button
          type="button"
          className="ctl-name"
          tabIndex={-1}
          title={row.task}
          onClick={() => onOpen(row.pid)}
        >
          <bdi className="ctl-name-main">{row.name}</bdi>
          <bdi className="ctl-name-program">
            {row.program === row.name ? "" : `${row.program} · `}
            {toSafeLine(row.task, 120)}
          </bdi>
        </button>
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-state" title={why}>
        <StateMark row={row} />
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-thread">
        {row.thread !== null && (
          <button type="button" className="ctl-link" tabIndex={-1} onClick={() => onThread(row.thread ?? "")}>
            <bdi>{title ?? row.thread}</bdi>
          </button>
        )}
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-rate">
        <Spark values={rates.series(row.pid)} label={t("control.processes.rate", { count: perMinute })} />
        <span className="ctl-cell-number">{perMinute === 0 ? "" : toCount(perMinute, locale)}</span>
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-tokens">
        <span className="ctl-cell-number">{toCount(row.tokens, locale)}</span>
        <Meter part={part} label={t("control.processes.budget", { part: toPercent(part, locale) })} />
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-calls">
        {toCount(row.deviceCalls, locale)}
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-memory">
        <span className="ctl-cell-number">{toCount(row.windowTokens, locale)}</span>
        <span className="ctl-cell-small">{t("control.processes.pages", { count: row.windowPages })}</span>
      </span>
      <span role="gridcell" className="ctl-cell ctl-cell-age">
        {toShortSpan((row.ended ? row.lastAt : now) - row.spawnedAt, locale)}
      </span>
      <span
        role="gridcell"
        className="ctl-cell ctl-cell-stuck"
        data-stuck={(stuck ?? 0) > stuckMs || undefined}
      >
        {stuck === null || row.ended ? "" : toShortSpan(stuck, locale)}
      </span>
    </>
  );
});
