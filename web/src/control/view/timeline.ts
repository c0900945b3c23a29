// The timeline of an entity and of what it started: lanes of bars on one axis of time. Bars that would be too narrow to
// see or to point at are joined with their neighbours of the same kind, so that a long life stays quick to draw.

import type { Pid } from "../../../../os/src/entity/entity.ts";
import type { TimelineBar } from "../../../../os/src/workplace/contract.ts";

/** A part of the axis, in milliseconds since 1970. */
export interface Span {
  from: number;
  to: number;
}

/** A bar in place: `x` and `width` are parts of the whole width, from 0 to 1. */
export interface PlacedBar {
  key: string;
  kind: TimelineBar["kind"];
  ok: boolean;
  lasts: boolean;
  x: number;
  width: number;
  /** The bars that are joined here, oldest first. */
  bars: TimelineBar[];
}

/** The bars of one process. */
export interface Lane {
  pid: Pid;
  depth: number;
  bars: PlacedBar[];
}

/** A mark of the axis. */
export interface Tick {
  at: number;
  x: number;
  /** Milliseconds from the beginning of the axis' whole span. */
  since: number;
}

/** Narrower bars are joined: a part of the width. */
const narrow = 0.003;

/** The shortest part of the axis that can be zoomed to. */
const shortest = 50;

const steps = [
  50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 216e5, 432e5,
  864e5,
];

/** The whole span of some bars; bars that last reach to `now`. */
export function toWhole(bars: readonly TimelineBar[], now: number): Span {
  if (bars.length === 0) return { from: now - 1_000, to: now };
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const bar of bars) {
    from = Math.min(from, bar.from);
    to = Math.max(to, bar.to ?? now);
  }
  return { from, to: Math.max(to, from + shortest) };
}

/** Zooms by a factor (below 1 is closer) around a place from 0 to 1, and stays inside the whole. */
export function zoom(span: Span, whole: Span, by: { factor: number; around: number }): Span {
  const length = span.to - span.from;
  const most = whole.to - whole.from;
  const next = Math.min(most, Math.max(shortest, length * by.factor));
  const from = span.from + (length - next) * by.around;
  return fit({ from, to: from + next }, whole);
}

/** Moves by a part of what is shown, and stays inside the whole. */
export function pan(span: Span, whole: Span, part: number): Span {
  const shift = (span.to - span.from) * part;
  return fit({ from: span.from + shift, to: span.to + shift }, whole);
}

function fit(span: Span, whole: Span): Span {
  const length = Math.min(span.to - span.from, whole.to - whole.from);
  const from = Math.min(Math.max(span.from, whole.from), whole.to - length);
  return { from, to: from + length };
}

/** About `count` round marks. */
export function toTicks(span: Span, whole: Span, count: number): Tick[] {
  const length = span.to - span.from;
  const step = steps.find((one) => length / one <= count) ?? Math.ceil(length / count / 864e5) * 864e5;
  const ticks: Tick[] = [];
  const first = Math.ceil((span.from - whole.from) / step) * step;
  for (let since = first; since <= span.to - whole.from; since += step) {
    const at = whole.from + since;
    ticks.push({ at, since, x: (at - span.from) / length });
  }
  return ticks;
}

/** The lanes: the entity itself first, then what it started, each below the one that started it. */
export function toLanes(
  bars: readonly TimelineBar[],
  view: { span: Span; now: number; root: Pid; parentOf: (pid: Pid) => Pid | null },
): Lane[] {
  const byPid = new Map<Pid, TimelineBar[]>([[view.root, []]]);
  for (const bar of bars) {
    const list = byPid.get(bar.pid);
    if (list) list.push(bar);
    else byPid.set(bar.pid, [bar]);
  }
  return orderPids([...byPid.keys()], view).map(({ pid, depth }) => ({
    pid,
    depth,
    bars: placeBars(byPid.get(pid) ?? [], view),
  }));
}

function orderPids(
  pids: readonly Pid[],
  view: { root: Pid; parentOf: (pid: Pid) => Pid | null },
): { pid: Pid; depth: number }[] {
  const sorted = [...pids].sort((a, b) => a - b);
  const order: { pid: Pid; depth: number }[] = [];
  const placed = new Set<Pid>();
  const place = (pid: Pid, depth: number) => {
    if (placed.has(pid)) return;
    placed.add(pid);
    order.push({ pid, depth });
    for (const child of sorted) if (view.parentOf(child) === pid) place(child, depth + 1);
  };
  place(view.root, 0);
  for (const pid of sorted) place(pid, 1);
  return order;
}

function placeBars(bars: readonly TimelineBar[], view: { span: Span; now: number }): PlacedBar[] {
  const { span, now } = view;
  const length = span.to - span.from;
  const placed: PlacedBar[] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from || a.seq - b.seq)) {
    const end = bar.to ?? now;
    if (end < span.from || bar.from > span.to) continue;
    const x = (Math.max(bar.from, span.from) - span.from) / length;
    const width = Math.max(0, (Math.min(end, span.to) - span.from) / length - x);
    const last = placed.at(-1);
    const joins =
      last !== undefined &&
      last.kind === bar.kind &&
      last.ok === bar.ok &&
      !last.lasts &&
      (width < narrow || last.width < narrow) &&
      x - (last.x + last.width) < narrow;
    if (joins) {
      last.width = Math.max(last.width, x + width - last.x);
      last.bars.push(bar);
      last.lasts = bar.to === null;
    } else
      placed.push({
        key: `${bar.pid}.${bar.seq}.${bar.kind}`,
        kind: bar.kind,
        ok: bar.ok,
        lasts: bar.to === null,
        x,
        width,
        bars: [bar],
      });
  }
  return placed;
}

/** How long some bars took together, and what they cost. */
export function sumBars(
  bars: readonly TimelineBar[],
  now: number,
): { ms: number; tokens: number; cached: number } {
  return bars.reduce(
    (sum, bar) => ({
      ms: sum.ms + Math.max(0, (bar.to ?? now) - bar.from),
      tokens: sum.tokens + (bar.tokens ?? 0),
      cached: sum.cached + (bar.cached ?? 0),
    }),
    { ms: 0, tokens: 0, cached: 0 },
  );
}
