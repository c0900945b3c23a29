// Where time and tokens went: the bars of an entity and of all it started, added up by process, kind and name. The width
// of a block is its part of the whole; a block lies below the one that it is part of.

import type { Pid } from "../../../../os/src/entity/entity.ts";
import type { TimelineBar } from "../../../../os/src/workplace/contract.ts";

/** What is added up. */
export type Measure = "time" | "tokens";

/** One sum, with its parts. */
export interface FlameNode {
  key: string;
  name: string;
  kind: TimelineBar["kind"] | "process";
  pid: Pid;
  ms: number;
  tokens: number;
  count: number;
  parts: FlameNode[];
}

/** A block in place: `x` and `width` are parts of the whole width. */
export interface FlameBlock {
  node: FlameNode;
  depth: number;
  x: number;
  width: number;
  /** Its part of the block at the top. */
  part: number;
}

/** Narrower blocks are not drawn: a part of the width. */
const narrow = 0.002;

/** Adds up. Waits are left out of the sum of time unless wanted: they cost nothing. */
export function toFlame(
  bars: readonly TimelineBar[],
  view: {
    root: Pid;
    now: number;
    waits: boolean;
    parentOf: (pid: Pid) => Pid | null;
    nameOf: (pid: Pid) => string;
  },
): FlameNode {
  const processes = new Map<Pid, FlameNode>();
  const processOf = (pid: Pid): FlameNode => {
    const found = processes.get(pid);
    if (found) return found;
    const made: FlameNode = { ...empty(`p${pid}`, view.nameOf(pid), "process", pid) };
    processes.set(pid, made);
    return made;
  };
  const root = processOf(view.root);
  for (const bar of bars) {
    if (bar.kind === "wait" && !view.waits) continue;
    const process = processOf(bar.pid);
    const kind = partOf(process, bar.kind, bar.kind);
    const leaf = bar.name === "" || bar.name === bar.kind ? kind : partOf(kind, bar.name, bar.kind);
    leaf.ms += Math.max(0, (bar.to ?? view.now) - bar.from);
    leaf.tokens += bar.tokens ?? 0;
    leaf.count += 1;
  }
  const linked = new Set<Pid>([view.root]);
  for (const pid of [...processes.keys()].sort((a, b) => a - b)) link(pid);
  addUp(root);
  return root;

  // A child belongs to its parent when that is here, else to the root.
  function link(pid: Pid): void {
    if (linked.has(pid)) return;
    linked.add(pid);
    const parent = view.parentOf(pid);
    const to = parent !== null && parent !== pid && processes.has(parent) ? parent : view.root;
    link(to);
    processOf(to).parts.push(processOf(pid));
  }
}

function empty(key: string, name: string, kind: FlameNode["kind"], pid: Pid): FlameNode {
  return { key, name, kind, pid, ms: 0, tokens: 0, count: 0, parts: [] };
}

function partOf(node: FlameNode, name: string, kind: TimelineBar["kind"]): FlameNode {
  const key = `${node.key}/${name}`;
  const found = node.parts.find((part) => part.key === key);
  if (found) return found;
  const made = empty(key, name, kind, node.pid);
  node.parts.push(made);
  return made;
}

// A sum is what stands in the node itself and in its parts.
function addUp(node: FlameNode): void {
  for (const part of node.parts) {
    addUp(part);
    node.ms += part.ms;
    node.tokens += part.tokens;
    node.count += part.count;
  }
}

/** The blocks of a sum, the largest parts first. */
export function layoutFlame(top: FlameNode, measure: Measure): FlameBlock[] {
  const sizeOf = (node: FlameNode) => (measure === "time" ? node.ms : node.tokens);
  const whole = sizeOf(top);
  const blocks: FlameBlock[] = [{ node: top, depth: 0, x: 0, width: 1, part: 1 }];
  if (whole <= 0) return blocks;
  const place = (node: FlameNode, depth: number, x: number) => {
    let at = x;
    for (const part of [...node.parts].sort((a, b) => sizeOf(b) - sizeOf(a) || (a.key < b.key ? -1 : 1))) {
      const width = sizeOf(part) / whole;
      if (width >= narrow) {
        blocks.push({ node: part, depth, x: at, width, part: width });
        place(part, depth + 1, at);
      }
      at += width;
    }
  };
  place(top, 1, 0);
  return blocks;
}

/** A node by its key, null when it is not there any more. */
export function findNode(node: FlameNode, key: string): FlameNode | null {
  if (node.key === key) return node;
  for (const part of node.parts) {
    const found = findNode(part, key);
    if (found) return found;
  }
  return null;
}
