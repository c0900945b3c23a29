// One process: what it is and does in a head that stays, and its tabs.

import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pid } from "../../../../os/src/entity/entity.ts";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { toOwnWords } from "../../post/own-words.ts";
import type { ScreenProps } from "../../screens.tsx";
import { EmptyState } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { calls } from "../calls.ts";
import { Fact } from "../parts/fact.tsx";
import { ProcessLink, ThreadLink } from "../parts/links.tsx";
import { Meter } from "../parts/meter.tsx";
import { Page } from "../parts/page.tsx";
import { Pending } from "../parts/pending.tsx";
import { Revealed } from "../parts/revealed.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { useLoad } from "../parts/use-load.ts";
import { useNow } from "../parts/use-size.ts";
import { type Asking, Controls } from "../processes/controls.tsx";
import { toCount, toPart, toPercent, toShortSpan, toSpan } from "../view/numbers.ts";
import { useProcess, useProcesses, ways } from "../world.ts";
import { FilesTab } from "./files-tab.tsx";
import { Flame } from "./flame.tsx";
import { LogTab } from "./log-tab.tsx";
import { MemoryTab } from "./memory-tab.tsx";
import { Timeline } from "./timeline.tsx";
import { WhyTab } from "./why-tab.tsx";
import "./process.css";

/** While an entity is at work its timeline is read again so often. */
const everyMs = 1_000;

const tabIds = ["timeline", "flame", "memory", "files", "why", "log"];

/** The screen of a process. */
export function ProcessScreen({ params, query }: ScreenProps) {
  const { t } = useTranslation();
  const pid = Number(params.pid);
  const known = useProcess(pid);
  const loaded = useLoad(known ? null : `process ${pid}`, () => calls.process(pid));
  const row = known ?? loaded.value;
  if (row) return <OneProcess key={`${row.pid} ${query.tab}`} row={row} first={query.tab ?? "timeline"} />;
  if (loaded.loading) return <Pending error={null} />;
  return (
    <EmptyState
      icon="cpu"
      title={t("control.process.none", { pid })}
      {...(loaded.error ? { about: loaded.error } : {})}
    >
      <Button onClick={ways.processes}>{t("control.process.all")}</Button>
    </EmptyState>
  );
}

function OneProcess({ row, first }: { row: ProcessRow; first: string }) {
  const { t } = useTranslation();
  const now = useNow(everyMs);
  const [tab, setTab] = useState(tabIds.includes(first) ? first : "timeline");
  const [asking, setAsking] = useState<Asking>(null);
  const at = row.ended ? row.lastAt : now;
  const tabs = [
    { id: "timeline", content: <Bars row={row} now={at} view="timeline" /> },
    { id: "flame", content: <Bars row={row} now={at} view="flame" /> },
    { id: "memory", content: <MemoryTab row={row} /> },
    { id: "files", content: <FilesTab row={row} /> },
    { id: "why", content: <WhyTab row={row} now={now} /> },
    { id: "log", content: <LogTab row={row} /> },
  ].map((one) => ({
    ...one,
    label: t(`control.tabs.${one.id}`),
    content: one.id === tab ? one.content : null,
  }));
  return (
    <Page
      title={
        <>
          <Revealed text={row.name} /> <span className="ctl-muted ctl-number">#{row.pid}</span>
        </>
      }
      tools={<Controls rows={[row]} asking={asking} onAsk={setAsking} small />}
    >
      <ProcessHead row={row} now={at} />
      <Tabs label={t("control.process.tabs")} tabs={tabs} value={tab} onChange={setTab} />
    </Page>
  );
}

function ProcessHead({ row, now }: { row: ProcessRow; now: number }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const part = toPart(row.tokens, row.budgetTokens);
  return (
    <section className="ctl-process-head" aria-label={t("control.process.head")}>
      <p className="ctl-process-about">
        <StateMark row={row} />
        <span className="ctl-muted">
          {row.program !== row.name && (
            <>
              <bdi>{row.program}</bdi> ·{" "}
            </>
          )}
          {t("control.process.for", { owner: row.owner })}
        </span>
        {row.thread !== null && <ThreadLink thread={row.thread} />}
        {row.parent !== null && (
          <ProcessLink pid={row.parent}>{t("control.process.parent", { pid: row.parent })}</ProcessLink>
        )}
      </p>
      <p className="ctl-process-task">
        <Revealed text={row.task} />
      </p>
      {row.outcome?.kind === "failed" && (
        <p className="ctl-muted">
          <Revealed text={toOwnWords(row.outcome, t)} />
        </p>
      )}
      <div className="ctl-facts">
        <Fact label={t("control.columns.tokens")} value={toCount(row.tokens, locale)}>
          <Meter part={part} label={t("control.processes.budget", { part: toPercent(part, locale) })} />
          <span className="ctl-fact-more">
            {t("control.process.of", { budget: toCount(row.budgetTokens, locale) })}
          </span>
        </Fact>
        <Fact label={t("control.process.active")} value={toSpan(row.activeMs, locale)}>
          <span className="ctl-fact-more">
            {t("control.process.of", { budget: toSpan(row.budgetActiveMs, locale) })}
          </span>
        </Fact>
        <Fact label={t("control.columns.calls")} value={toCount(row.deviceCalls, locale)}>
          <span className="ctl-fact-more">
            {t("control.process.of", { budget: toCount(row.budgetDeviceCalls, locale) })}
          </span>
        </Fact>
        <Fact label={t("control.process.turn")} value={toCount(row.turn, locale)}>
          <span className="ctl-fact-more">
            {t(`control.class.${row.class}`)} {row.nice === 0 ? "" : row.nice > 0 ? `+${row.nice}` : row.nice}
          </span>
        </Fact>
        <Fact label={t("control.columns.age")} value={toShortSpan(now - row.spawnedAt, locale)}>
          {row.model !== null && (
            <span className="ctl-fact-more">
              <bdi>{row.model}</bdi>
            </span>
          )}
        </Fact>
      </div>
    </section>
  );
}

function Bars({ row, now, view }: { row: ProcessRow; now: number; view: "timeline" | "flame" }) {
  const { t } = useTranslation();
  const rows = useProcesses();
  const bars = useLoad(`timeline ${row.pid}`, () => calls.timeline(row.pid), row.lastAt);
  const byPid = useMemo(() => new Map(rows.map((one) => [one.pid, one])), [rows]);
  const parentOf = useCallback((pid: Pid) => byPid.get(pid)?.parent ?? null, [byPid]);
  const nameOf = useCallback((pid: Pid) => byPid.get(pid)?.name ?? `#${pid}`, [byPid]);
  if (bars.value === null) return <Pending error={bars.error} again={bars.again} />;
  if (bars.value.length === 0) return <EmptyState icon="clock" title={t("control.timeline.none")} />;
  const props = { bars: bars.value, now, root: row.pid, parentOf, nameOf };
  return view === "timeline" ? <Timeline {...props} /> : <Flame {...props} />;
}
