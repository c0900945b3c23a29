// Calls that wait and have not begun, least virtual time first: a binary heap, so that ten thousand that wait cost a
// token no more than ten do.
//
// The virtual time of a process only grows while its calls wait here (another call of it is served); an entry that has
// become stale is put right when it comes to the top.

import type { Ticket } from "./ticket.ts";

/** The calls of one class that wait for a seat. */
export interface Queue {
  readonly size: number;
  add(ticket: Ticket): void;
  /** Takes it out; false when it was not there. */
  remove(ticket: Ticket): boolean;
  /** The one with the least virtual time, left in place. */
  first(): Ticket | undefined;
  /** The first `count` of those that are at most `slack` behind the first, left in place. */
  near(slack: number, count: number): Ticket[];
}

/** Makes an empty queue; `timeOf` tells the virtual time of a call's process. */
export function createQueue(timeOf: (ticket: Ticket) => number): Queue {
  const heap: Ticket[] = [];
  const keys: number[] = [];
  const places = new Map<Ticket, number>();

  const before = (a: number, b: number): boolean =>
    keys[a]! < keys[b]! || (keys[a] === keys[b] && heap[a]!.order < heap[b]!.order);
  const swap = (a: number, b: number): void => {
    [heap[a], heap[b]] = [heap[b]!, heap[a]!];
    [keys[a], keys[b]] = [keys[b]!, keys[a]!];
    places.set(heap[a]!, a);
    places.set(heap[b]!, b);
  };
  const up = (from: number): void => {
    for (let at = from; at > 0; ) {
      const parent = (at - 1) >> 1;
      if (!before(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  };
  const down = (from: number): void => {
    for (let at = from; ; ) {
      const left = 2 * at + 1;
      let least = at;
      if (left < heap.length && before(left, least)) least = left;
      if (left + 1 < heap.length && before(left + 1, least)) least = left + 1;
      if (least === at) return;
      swap(at, least);
      at = least;
    }
  };
  const add = (ticket: Ticket): void => {
    if (places.has(ticket)) return;
    heap.push(ticket);
    keys.push(timeOf(ticket));
    places.set(ticket, heap.length - 1);
    up(heap.length - 1);
  };
  const remove = (ticket: Ticket): boolean => {
    const at = places.get(ticket);
    if (at === undefined) return false;
    swap(at, heap.length - 1);
    heap.pop();
    keys.pop();
    places.delete(ticket);
    if (at < heap.length) {
      up(at);
      down(at);
    }
    return true;
  };
  const first = (): Ticket | undefined => {
    for (;;) {
      const top = heap[0];
      if (!top) return undefined;
      const time = timeOf(top);
      if (time <= keys[0]!) return top;
      keys[0] = time;
      down(0);
    }
  };

  return {
    get size() {
      return heap.length;
    },
    add,
    remove,
    first,
    near(slack, count) {
      const found: Ticket[] = [];
      for (let top = first(); top && found.length < count; top = first()) {
        if (found[0] && timeOf(top) > timeOf(found[0]) + slack) break;
        found.push(top);
        remove(top);
      }
      for (const ticket of found) add(ticket);
      return found;
    },
  };
}
