// Cursor and selection: what keys and clicks do, and what becomes of them when the list changes under them.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  keepSelection,
  moveSelection,
  noSelection,
  type SelectionMove,
} from "../src/control/view/selection.ts";

const keys = ["a", "# head", "b", "c", "d"];
const list = { keys, selectable: (key: string) => !key.startsWith("#") };
const after = (moves: SelectionMove[]) =>
  moves.reduce((selection, move) => moveSelection(selection, move, list), noSelection);

test("the first key press shows the cursor, the next ones move it, and it stops at the ends", () => {
  assert.equal(after([{ do: "move", by: 1 }]).cursor, "a");
  assert.equal(
    after([
      { do: "move", by: 1 },
      { do: "move", by: 1 },
    ]).cursor,
    "# head",
  );
  assert.equal(after([{ do: "last" }, { do: "move", by: 3 }]).cursor, "d");
  assert.equal(after([{ do: "move", by: -1 }]).cursor, "d");
});

test("space selects what is under the cursor, never a head; nothing without a cursor", () => {
  const two = after([{ do: "move", by: 1 }, { do: "toggle" }, { do: "last" }, { do: "toggle" }]);
  assert.deepEqual([...two.selected], ["a", "d"]);
  assert.equal(after([{ do: "pick", key: "# head", how: "only" }, { do: "toggle" }]).selected.size, 0);
  assert.equal(after([{ do: "toggle" }]).selected.size, 0);
});

test("with shift the selection grows and shrinks from where it began", () => {
  const grown = after([
    { do: "pick", key: "a", how: "only" },
    { do: "move", by: 2, extend: true },
    { do: "move", by: 1, extend: true },
  ]);
  assert.deepEqual([...grown.selected], ["a", "b", "c"]);
  const shrunk = moveSelection(grown, { do: "move", by: -1, extend: true }, list);
  assert.deepEqual([...shrunk.selected], ["a", "b"]);
  assert.deepEqual(
    [
      ...after([
        { do: "pick", key: "d", how: "only" },
        { do: "pick", key: "b", how: "range" },
      ]).selected,
    ],
    ["b", "c", "d"],
  );
});

test("all selects every row that can be, clear none", () => {
  const all = after([{ do: "all" }]);
  assert.equal(all.selected.size, 4);
  assert.equal(moveSelection(all, { do: "clear" }, list).selected.size, 0);
});

test("a cursor whose item is gone stays at its place, and what is gone is not selected any more", () => {
  const selection = after([{ do: "pick", key: "c", how: "only" }, { do: "toggle" }]);
  const kept = keepSelection(selection, ["a", "b", "d"]);
  assert.equal(kept.cursor, "d");
  assert.equal(kept.selected.size, 0);
  const sorted = keepSelection(selection, ["d", "c", "b"]);
  assert.equal(sorted, selection, "sorted anew, nothing changes");
  assert.equal(keepSelection(selection, []).cursor, null);
});
