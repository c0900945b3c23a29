// Cursor and selection of a list by keyboard and pointer. Keys are those of the items; the cursor stays on its item when
// the list is sorted anew, and goes to the place where it was when its item is gone.

/** Where the cursor is and what is selected. */
export interface Selection {
  cursor: string | null;
  /** Where a range began. */
  anchor: string | null;
  selected: ReadonlySet<string>;
  /** Place of the cursor when it was last known. */
  at: number;
}

/** What a person does to it. */
export type SelectionMove =
  | { do: "move"; by: number; extend?: boolean }
  | { do: "first" | "last" }
  | { do: "toggle" }
  | { do: "all" }
  | { do: "clear" }
  | { do: "pick"; key: string; how: "only" | "toggle" | "range" };

/** Nothing selected, no cursor. */
export const noSelection: Selection = { cursor: null, anchor: null, selected: new Set(), at: 0 };

/** The selection after a move. `keys` are the items in the order shown, `selectable` those that can be selected. */
export function moveSelection(
  selection: Selection,
  move: SelectionMove,
  list: { keys: readonly string[]; selectable: (key: string) => boolean },
): Selection {
  const { keys, selectable } = list;
  if (keys.length === 0) return noSelection;
  const at = toPlace(selection, keys);
  const put = (place: number, more: Partial<Selection> = {}): Selection => {
    const next = Math.min(Math.max(place, 0), keys.length - 1);
    const cursor = keys[next] ?? null;
    return { ...selection, anchor: cursor, ...more, cursor, at: next };
  };
  switch (move.do) {
    case "move": {
      // The first key press shows the cursor where it is, it does not jump over the first item.
      const next = selection.cursor === null ? (move.by < 0 ? keys.length - 1 : 0) : at + move.by;
      if (!move.extend) return put(next);
      const anchor = selection.anchor ?? keys[at] ?? null;
      const placed = put(next, { anchor });
      return { ...placed, selected: toRange(keys, { from: anchor, to: placed.cursor, selectable }) };
    }
    case "first":
      return put(0);
    case "last":
      return put(keys.length - 1);
    case "toggle": {
      const key = keys[at];
      if (selection.cursor === null || key === undefined || !selectable(key)) return put(at);
      return put(at, { selected: toggle(selection.selected, key) });
    }
    case "all":
      return { ...selection, selected: new Set(keys.filter(selectable)) };
    case "clear":
      return { ...selection, selected: new Set(), anchor: selection.cursor };
    case "pick": {
      const place = keys.indexOf(move.key);
      if (place < 0) return selection;
      if (move.how === "only") return put(place, { selected: new Set() });
      if (move.how === "toggle")
        return put(place, selectable(move.key) ? { selected: toggle(selection.selected, move.key) } : {});
      const from = selection.anchor ?? move.key;
      const selected = toRange(keys, { from, to: move.key, selectable });
      return put(place, { anchor: from, selected });
    }
  }
}

/** Drops what is not shown any more; the cursor goes to the place where it was. */
export function keepSelection(selection: Selection, keys: readonly string[]): Selection {
  if (selection.cursor === null && selection.selected.size === 0) return selection;
  const present = new Set(keys);
  const selected = [...selection.selected].filter((key) => present.has(key));
  const same = selected.length === selection.selected.size;
  const cursor = selection.cursor !== null && present.has(selection.cursor);
  if (same && (cursor || selection.cursor === null)) return selection;
  const at = Math.min(selection.at, Math.max(0, keys.length - 1));
  return {
    cursor: cursor ? selection.cursor : (keys[at] ?? null),
    anchor: selection.anchor !== null && present.has(selection.anchor) ? selection.anchor : null,
    selected: same ? selection.selected : new Set(selected),
    at,
  };
}

function toPlace(selection: Selection, keys: readonly string[]): number {
  const found = selection.cursor === null ? -1 : keys.indexOf(selection.cursor);
  return found >= 0 ? found : Math.min(selection.at, keys.length - 1);
}

function toggle(selected: ReadonlySet<string>, key: string): Set<string> {
  const next = new Set(selected);
  if (!next.delete(key)) next.add(key);
  return next;
}

function toRange(
  keys: readonly string[],
  range: { from: string | null; to: string | null; selectable: (key: string) => boolean },
): Set<string> {
  const a = keys.indexOf(range.from ?? "");
  const b = keys.indexOf(range.to ?? "");
  if (a < 0 || b < 0) return new Set();
  return new Set(keys.slice(Math.min(a, b), Math.max(a, b) + 1).filter(range.selectable));
}
