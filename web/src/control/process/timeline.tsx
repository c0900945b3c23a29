// The timeline: one lane for the entity and for each that it started, bars on a common axis. Wheel or + and - zoom, drag
// or shift with the arrows moves, the arrows walk from bar to bar; the card tells what the bar under the pointer or the
// cursor is.

// biome-ignore-all lint/a11y/useSemanticElements: a list that is walked by key; it has the focus and the keys
// biome-ignore-all lint/a11y/useFocusableInteractive: a list that is walked by key; it has the focus and the keys
// biome-ignore-all lint/a11y/useKeyWithClickEvents: a list that is walked by key; it has the focus and the keys

import type { TFunction } from "i18next";
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pid } from "../../../../os/src/entity/entity.ts";
import type { TimelineBar } from "../../../../os/src/workplace/contract.ts";
import { useWidth } from "../parts/use-size.ts";
import { toSpan } from "../view/numbers.ts";
import { type PlacedBar, pan, type Span, toLanes, toTicks, toWhole, zoom } from "../view/timeline.ts";
import { BarCard } from "./bar-card.tsx";

/** Pixels between two marks of the axis, at least. */
const tickPixels = 110;

/** What the timeline is given. */
export interface TimelineProps {
  bars: readonly TimelineBar[];
  now: number;
  root: Pid;
  parentOf: (pid: Pid) => Pid | null;
  nameOf: (pid: Pid) => string;
}

/** The timeline of one entity and of its tree. */
export function Timeline({ bars, now, root, parentOf, nameOf }: TimelineProps) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const whole = useMemo(() => toWhole(bars, now), [bars, now]);
  // Null while the whole is shown, so that it grows by itself with the work.
  const [shown, setShown] = useState<Span | null>(null);
  const [under, setUnder] = useState<string | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const track = useRef<HTMLDivElement>(null);
  const width = useWidth(track);
  const span = shown ?? whole;
  const lanes = useMemo(
    () => toLanes(bars, { span, now, root, parentOf }),
    [bars, span, now, root, parentOf],
  );
  const order = lanes.flatMap((lane) => lane.bars.map((bar) => ({ bar, pid: lane.pid })));
  const current = order.find(({ bar }) => bar.key === (under ?? cursor)) ?? null;
  const show = (next: Span) => setShown(next.from <= whole.from && next.to >= whole.to ? null : next);
  const zoomBy = (factor: number, around = 0.5) => show(zoom(span, whole, { factor, around }));

  useWheel(box, (event, around) => {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) show(pan(span, whole, event.deltaX / 1_000));
    else zoomBy(event.deltaY > 0 ? 1.2 : 1 / 1.2, around(track.current));
  });

  const drag = useDrag(
    (part) => show(pan(span, whole, part)),
    () => width,
  );

  function onKeyDown(event: KeyboardEvent) {
    const at = order.findIndex(({ bar }) => bar.key === cursor);
    const walk = (by: number) => {
      const next = order[Math.min(Math.max(at + by, 0), order.length - 1)];
      setUnder(null);
      if (next) setCursor(next.bar.key);
    };
    if (event.ctrlKey || event.metaKey) return;
    const way = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (way !== 0 && event.shiftKey) show(pan(span, whole, way * 0.2));
    else if (way !== 0) walk(at < 0 ? 1 : way);
    else if (event.key === "+" || event.key === "=") zoomBy(1 / 1.5);
    else if (event.key === "-") zoomBy(1.5);
    else if (event.key === "0") setShown(null);
    else if (event.key === "Escape" && cursor !== null) setCursor(null);
    else return;
    event.preventDefault();
  }

  const ticks = toTicks(span, whole, Math.max(2, Math.floor(width / tickPixels)));
  return (
    <div className="ctl-timeline">
      <div className="ctl-row ctl-timeline-tools">
        <span className="ctl-muted">{t("control.timeline.help")}</span>
        <span className="ctl-spacer" />
        <button
          type="button"
          className="ctl-tool"
          onClick={() => zoomBy(1 / 1.5)}
          aria-label={t("control.timeline.closer")}
        >
          +
        </button>
        <button
          type="button"
          className="ctl-tool"
          onClick={() => zoomBy(1.5)}
          aria-label={t("control.timeline.wider")}
        >
          −
        </button>
        <button type="button" className="ctl-tool" onClick={() => setShown(null)} disabled={shown === null}>
          {t("control.timeline.all")}
        </button>
      </div>
      <div
        ref={box}
        className="ctl-lanes"
        role="listbox"
        tabIndex={0}
        aria-label={t("control.timeline.label")}
        aria-activedescendant={cursor ? `bar-${cursor}` : undefined}
        onKeyDown={onKeyDown}
        onPointerLeave={() => setUnder(null)}
        {...drag}
      >
        <div className="ctl-lane-axis" role="presentation">
          <div ref={track} className="ctl-track">
            {ticks.map((tick) => (
              <span key={tick.at} className="ctl-tick" style={{ left: `${tick.x * 100}%` }}>
                {tick.since === 0 ? "0" : toSpan(tick.since, locale)}
              </span>
            ))}
          </div>
        </div>
        {lanes.map((lane) => (
          <div key={lane.pid} className="ctl-lane" role="group" aria-label={nameOf(lane.pid)}>
            <div
              className="ctl-lane-name"
              style={{ paddingInlineStart: `${Math.min(lane.depth, 4) * 12}px` }}
            >
              <bdi>{nameOf(lane.pid)}</bdi>
              <span className="ctl-muted"> {lane.pid}</span>
            </div>
            <div className="ctl-track">
              {ticks.map((tick) => (
                <span key={tick.at} className="ctl-grid-line" style={{ left: `${tick.x * 100}%` }} />
              ))}
              {lane.bars.map((bar) => (
                <Bar
                  key={bar.key}
                  bar={bar}
                  selected={bar.key === cursor}
                  label={toBarLabel(
                    bar,
                    t,
                    toSpan((bar.bars[0]?.to ?? now) - (bar.bars[0]?.from ?? now), locale),
                  )}
                  onUnder={() => setUnder(bar.key)}
                  onPick={() => setCursor(bar.key)}
                />
              ))}
            </div>
          </div>
        ))}
      </div>
      <BarCard
        bar={current?.bar ?? null}
        name={current ? nameOf(current.pid) : ""}
        now={now}
        start={whole.from}
      />
    </div>
  );
}

interface BarProps {
  bar: PlacedBar;
  selected: boolean;
  label: string;
  onUnder: () => void;
  onPick: () => void;
}

function Bar({ bar, selected, label, onUnder, onPick }: BarProps) {
  return (
    <div
      id={`bar-${bar.key}`}
      role="option"
      aria-selected={selected}
      aria-label={label}
      className="ctl-bar"
      data-kind={bar.kind}
      data-bad={bar.ok ? undefined : true}
      data-lasts={bar.lasts || undefined}
      style={{ left: `${bar.x * 100}%`, width: `${bar.width * 100}%` }}
      onPointerEnter={onUnder}
      onClick={onPick}
    />
  );
}

function toBarLabel(bar: PlacedBar, t: TFunction, length: string): string {
  const kind = t(`control.bar.${bar.kind}`);
  if (bar.bars.length > 1) return t("control.timeline.joined", { count: bar.bars.length, kind });
  const [first] = bar.bars;
  return `${kind} ${first && first.name !== bar.kind ? first.name : ""} ${length}`;
}

// React listens to the wheel passively, so the page would scroll as well.
function useWheel(
  box: React.RefObject<HTMLElement | null>,
  onWheel: (event: WheelEvent, around: (track: HTMLElement | null) => number) => void,
) {
  const latest = useRef(onWheel);
  latest.current = onWheel;
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const listen = (event: WheelEvent) => {
      // A plain wheel scrolls the page as everywhere; with ctrl (or a pinch) it zooms.
      if (!event.ctrlKey && Math.abs(event.deltaX) <= Math.abs(event.deltaY)) return;
      event.preventDefault();
      latest.current(event, (track) => {
        const rect = track?.getBoundingClientRect();
        if (!rect || rect.width === 0) return 0.5;
        return Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width));
      });
    };
    element.addEventListener("wheel", listen, { passive: false });
    return () => element.removeEventListener("wheel", listen);
  }, [box]);
}

/** Pixels that the pointer must move before it drags. */
const dragFrom = 4;

function useDrag(move: (part: number) => void, width: () => number) {
  const from = useRef<{ x: number; dragging: boolean } | null>(null);
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button === 0 && event.pointerType === "mouse")
        from.current = { x: event.clientX, dragging: false };
    },
    onPointerMove(event: PointerEvent) {
      const start = from.current;
      if (!start || width() === 0) return;
      const by = start.x - event.clientX;
      if (!start.dragging && Math.abs(by) < dragFrom) return;
      start.dragging = true;
      start.x = event.clientX;
      move(by / width());
    },
    onPointerUp() {
      from.current = null;
    },
    onPointerCancel() {
      from.current = null;
    },
  };
}
