// A list of any length: only the rows near the view are in the page. Rows may have any height; they are measured.
// With `anchor="end"` it is a conversation: it stays at the end while rows are added there, and does not move when rows
// are added before the first.

import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ReactNode,
  type Ref,
  useEffect,
  useImperativeHandle,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { cx } from "./cx.ts";

/** What the owner of a list may ask of it. */
export interface ListHandle {
  toIndex(index: number, align?: "start" | "center" | "end" | "auto"): void;
  toEnd(): void;
  isAtEnd(): boolean;
  element(): HTMLElement | null;
}

interface VirtualListProps {
  count: number;
  keyOf: (index: number) => string | number;
  row: (index: number) => ReactNode;
  /** Height of a row before it was measured. */
  estimate?: number;
  label: string;
  className?: string;
  anchor?: "start" | "end";
  /** Where it begins: an index, or the end. */
  begin?: { index: number; align: "start" | "center" | "end" } | "end";
  /** Called when the view is near the first or the last row, and with the rows in view. */
  onNear?: (edge: "start" | "end") => void;
  onRange?: (first: number, last: number, atEnd: boolean) => void;
  role?: "list" | "listbox" | "rowgroup" | null;
  head?: ReactNode;
  foot?: ReactNode;
  ref?: Ref<ListHandle>;
}

/** Rows beyond the view that are kept ready. */
const overscan = 8;
/** Rows from an edge at which more is asked for. */
const near = 15;
/** Time in which rows are measured and the list comes to stand where it begins; more rows would move it elsewhere. */
const settleMs = 120;

/** The list. */
export function VirtualList(props: VirtualListProps) {
  const {
    count,
    keyOf,
    row,
    estimate = 44,
    label,
    className,
    anchor = "start",
    begin,
    role = "list",
  } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => estimate,
    getItemKey: keyOf,
    overscan,
    anchorTo: anchor,
    followOnAppend: anchor === "end",
    // Who goes up by a little does not want to be taken back.
    scrollEndThreshold: 8,
    paddingEnd: anchor === "end" ? 12 : 0,
  });

  useImperativeHandle(props.ref, () => ({
    toIndex: (index, align = "center") => list.scrollToIndex(index, { align }),
    toEnd: () => list.scrollToEnd(),
    isAtEnd: () => list.isAtEnd(60),
    element: () => scroller.current,
  }));

  // Where it begins is decided once, when there are rows.
  const begun = useRef(false);
  useLayoutEffect(() => {
    if (begun.current || count === 0) return;
    begun.current = true;
    if (begin === "end") list.scrollToEnd();
    else if (begin) list.scrollToIndex(begin.index, { align: begin.align });
  });
  const [settled, setSettled] = useState(false);
  const empty = count === 0;
  useEffect(() => {
    if (empty) return;
    const timer = setTimeout(() => setSettled(true), settleMs);
    return () => clearTimeout(timer);
  }, [empty]);

  const items = list.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const range = list.range;
  const { onNear, onRange } = props;
  useEffect(() => {
    if (count === 0 || !settled) return;
    if (first <= near) onNear?.("start");
    if (last >= count - 1 - near) onNear?.("end");
  }, [first, last, count, settled, onNear]);
  const from = range?.startIndex ?? 0;
  const to = range?.endIndex ?? 0;
  const atEnd = list.isAtEnd(60);
  useEffect(() => {
    if (count > 0 && begun.current) onRange?.(from, to, atEnd);
  }, [from, to, count, atEnd, onRange]);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls with the keyboard must be able to stand here.
    <section ref={scroller} className={cx("scroller", className)} tabIndex={0} aria-label={label}>
      {props.head}
      <div className="virtual" style={{ height: list.getTotalSize() }}>
        <div
          className="virtual-rows"
          {...(role ? { role, "aria-label": label } : {})}
          style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
        >
          {items.map((item) => (
            <div
              key={item.key}
              data-index={item.index}
              ref={list.measureElement}
              {...(role === "list"
                ? { role: "listitem", "aria-setsize": count, "aria-posinset": item.index + 1 }
                : {})}
            >
              {row(item.index)}
            </div>
          ))}
        </div>
      </div>
      {props.foot}
    </section>
  );
}
