// What a person is shown of a server before they approve it: its tools as it lists them now, and how they differ from
// what was approved before. What was shown is what gets pinned: the same objects, not a second look.

import { mcpLimits } from "../../limits.ts";
import type { McpServer, PinnedTool } from "./config.ts";
import { type ConnectOptions, connectMcp } from "./connection.ts";
import { type Definition, hashDefinition, toDefinition, toLines, toOperationName } from "./definition.ts";
import { toOneLine } from "./text.ts";

/** A server as it is now. */
export interface Survey {
  era: McpServer["era"];
  tools: Definition[];
  /** Tools that cannot be used, with the reason. */
  refused: string[];
}

/** One difference between what was approved and what is there. */
export interface Difference {
  tool: string;
  kind: "new" | "changed" | "gone";
  /** What was added and taken away, line by line, with + and -. */
  lines: string[];
}

/** Starts or reaches a server once, and lists its tools. Throws `offline` when it is none. */
export async function surveyServer(
  server: Pick<McpServer, "name" | "at">,
  options: ConnectOptions,
): Promise<Survey> {
  const connection = await connectMcp({ ...server, era: null }, options);
  try {
    const listed = await connection.list(options.signal);
    const survey: Survey = { era: connection.era, tools: [], refused: [] };
    const taken = new Map<string, string>();
    for (const tool of listed.slice(0, mcpLimits.tools)) {
      const definition = toDefinition(tool);
      const name = toOneLine(String(tool.name), 60);
      if ("why" in definition) {
        survey.refused.push(`${JSON.stringify(name)}: ${definition.why}`);
        continue;
      }
      const other = taken.get(toOperationName(definition.name));
      if (other === undefined) {
        taken.set(toOperationName(definition.name), definition.name);
        survey.tools.push(definition);
      } else survey.refused.push(`${name}: it cannot be told from ${other}`);
    }
    const more = listed.length - mcpLimits.tools;
    if (more > 0)
      survey.refused.push(`${more} more: at most ${mcpLimits.tools} tools of one server are used`);
    return survey;
  } finally {
    await connection.close();
  }
}

/** The tools of a survey as a person approves them; one that did not change keeps what the person allowed. */
export function toPinned(
  tools: readonly Definition[],
  before: Readonly<Record<string, PinnedTool>>,
): Record<string, PinnedTool> {
  const pinned = tools.map((definition): [string, PinnedTool] => {
    const hash = hashDefinition(definition);
    const old = Object.hasOwn(before, definition.name) ? before[definition.name] : undefined;
    return [definition.name, { hash, definition, allowed: old?.hash === hash && old.allowed }];
  });
  return Object.fromEntries(pinned);
}

/** How the tools of a server differ from what was approved. */
export function compareTools(
  before: Readonly<Record<string, PinnedTool>>,
  tools: readonly Definition[],
): Difference[] {
  const differences: Difference[] = [];
  const seen = new Set<string>();
  for (const definition of tools) {
    seen.add(definition.name);
    const old = Object.hasOwn(before, definition.name) ? before[definition.name] : undefined;
    if (!old)
      differences.push({
        tool: definition.name,
        kind: "new",
        lines: toLines(definition).map((line) => `+ ${line}`),
      });
    else if (old.hash !== hashDefinition(definition))
      differences.push({
        tool: definition.name,
        kind: "changed",
        lines: compareLines(toLines(old.definition), toLines(definition)),
      });
  }
  for (const tool of Object.keys(before))
    if (!seen.has(tool)) differences.push({ tool, kind: "gone", lines: [] });
  return differences;
}

function compareLines(before: readonly string[], now: readonly string[]): string[] {
  const lines = [
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
  return lines.length > 0 ? lines : ["it differs only in what cannot be seen, or in the order of its lines"];
}
