// All records of the journal about one entity, as they are: one line each, with the JSON below when it is opened. The
// list is virtual and is read in parts, so that a long life opens as fast as a short one.

// biome-ignore-all lint/a11y/useSemanticElements: it scrolls, so the keyboard must reach it
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { calls } from "../calls.ts";
import { Pending } from "../parts/pending.tsx";
import { Revealed, RevealedBlock } from "../parts/revealed.tsx";
import { type JournalRow, matchesRecord, toFamily, toRecordLine } from "../view/records.ts";
import "./log.css";

/** Records that are read at once. */
const part = 500;

/** Height of a closed record in pixels. */
const rowHeight = 30;

/** The log of one entity. */
export function LogTab({ row }: { row: ProcessRow }) {
  const { t, i18n } = useTranslation();
  const { records, error, done } = useRecords(row);
  const [filter, setFilter] = useState("");
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const shown = useMemo(() => records.filter((record) => matchesRecord(record, filter)), [records, filter]);
  const box = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: shown.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => shown[index]?.seq ?? index,
    overscan: 12,
  });
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium", hourCycle: "h23" });
  if (error !== null && records.length === 0) return <Pending error={error} />;
  return (
    <div className="ctl-log">
      <div className="ctl-row">
        <input
          type="search"
          className="input"
          value={filter}
          placeholder={t("control.log.filter")}
          aria-label={t("control.log.filter")}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="ctl-spacer" />
        <span className="ctl-muted ctl-number">
          {t("control.log.count", { count: shown.length })}
          {done ? "" : "…"}
        </span>
      </div>
      <div ref={box} className="ctl-log-box" tabIndex={0} role="group" aria-label={t("control.log.label")}>
        <div className="ctl-virtual" style={{ height: `${list.getTotalSize()}px` }}>
          {list.getVirtualItems().map((item) => {
            const record = shown[item.index];
            if (!record) return null;
            const isOpen = open.has(record.seq);
            return (
              <div
                key={item.key}
                ref={list.measureElement}
                data-index={item.index}
                className="ctl-record"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <button
                  type="button"
                  className="ctl-record-head"
                  aria-expanded={isOpen}
                  onClick={() =>
                    setOpen((old) => {
                      const next = new Set(old);
                      if (!next.delete(record.seq)) next.add(record.seq);
                      return next;
                    })
                  }
                >
                  <span className="ctl-record-seq">{record.seq}</span>
                  <span className="ctl-record-time">{time.format(record.at)}</span>
                  <span className="ctl-record-type" data-family={toFamily(record.type)}>
                    {record.type}
                  </span>
                  <span className="ctl-record-line">
                    <Revealed text={toRecordLine(record, t)} />
                  </span>
                </button>
                {isOpen && (
                  <RevealedBlock
                    text={JSON.stringify(record.data, null, 2)}
                    label={t("control.log.json", { seq: record.seq })}
                  />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

// Reads from the beginning, part by part, and goes on whenever the entity has come further.
function useRecords(row: ProcessRow): { records: JournalRow[]; error: string | null; done: boolean } {
  const { pid, lastAt } = row;
  const [records, setRecords] = useState<JournalRow[]>([]);
  const [error, setError] = useState<string | null>(null);
  const [done, setDone] = useState(false);
  const seen = useRef({ pid, seq: 0 });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a newer lastAt means that there is more to read
  useEffect(() => {
    if (seen.current.pid !== pid) {
      seen.current = { pid, seq: 0 };
      setRecords([]);
    }
    let stopped = false;
    async function read() {
      while (!stopped) {
        const answer = await calls.journal({ pid, from: seen.current.seq, limit: part });
        if (stopped) return;
        const fresh = answer.records.filter((record) => record.seq > seen.current.seq);
        const last = fresh.at(-1);
        if (last) {
          seen.current.seq = last.seq;
          setRecords((old) => [...old, ...fresh]);
        }
        if (answer.records.length < part) break;
      }
      setDone(true);
    }
    read().catch((cause: unknown) => setError(cause instanceof Error ? cause.message : String(cause)));
    return () => {
      stopped = true;
    };
  }, [pid, lastAt]);
  return { records, error, done };
}
