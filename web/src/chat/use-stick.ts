// Whether a list stands at its end, and keeps it there: while rows come, while the last one grows, while the composer below
// takes more room. Only a person who scrolls away lets go of the end.

import { type RefObject, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { ListHandle } from "../ui/virtual-list.tsx";

/** Who comes so near to the end stands at it, and who is so near has not gone away from it. */
const near = 60;
const touching = 4;

/** The state of the end. */
export interface Stick {
  atEnd: boolean;
  toEnd: () => void;
}

/** Keeps a list at its end. */
export function useStick(list: RefObject<ListHandle | null>, rows: unknown, begins: boolean): Stick {
  const [atEnd, setAtEnd] = useState(begins);
  const held = useRef(begins);
  const hold = useCallback((on: boolean) => {
    held.current = on;
    setAtEnd(on);
  }, []);
  const toEnd = useCallback(() => {
    hold(true);
    list.current?.toEnd();
  }, [hold, list]);

  useEffect(() => {
    const element = list.current?.element();
    if (!element) return;
    let top = element.scrollTop;
    const onScroll = () => {
      const left = element.scrollHeight - element.scrollTop - element.clientHeight;
      // It is let go by going up, however little: rows that come and grow do not move the top.
      if (element.scrollTop < top - 1 && left > touching) hold(false);
      else if (left <= touching || (element.scrollTop >= top && left <= near)) hold(true);
      top = element.scrollTop;
    };
    const sizes = new ResizeObserver(() => {
      if (held.current) list.current?.toEnd();
      else onScroll();
    });
    // Who stands above is at the end again when so much goes that all is in view; nothing scrolls then.
    const heights = new ResizeObserver(() => {
      if (!held.current) onScroll();
    });
    element.addEventListener("scroll", onScroll, { passive: true });
    sizes.observe(element);
    for (const child of element.children) heights.observe(child);
    return () => {
      element.removeEventListener("scroll", onScroll);
      sizes.disconnect();
      heights.disconnect();
    };
  }, [list, hold]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there are other rows
  useLayoutEffect(() => {
    if (held.current) list.current?.toEnd();
  }, [rows]);

  return useMemo(() => ({ atEnd, toEnd }), [atEnd, toEnd]);
}
