// One MCP server as a device: each approved tool an operation `NAME.tool` behind the one broker. A tool's own words decide
// nothing: it reaches out and cannot be undone, so it asks each time unless the person allowed it for good. What comes
// back is foreign text, labelled with its server.

import type { CallToolResult, ContentBlock } from "@modelcontextprotocol/client";
import { toMessage } from "../../error.ts";
import { deviceLimits, mcpLimits } from "../../limits.ts";
import type { Blobs } from "../blobs.ts";
import { type Device, type DeviceResult, defineDevice, defineOperation, type Operation } from "../device.ts";
import { fail } from "../failure.ts";
import { type Label, toUntrusted } from "../label.ts";
import { cutMiddle } from "../output.ts";
import { toBytes } from "../say.ts";
import type { McpServer, PinnedTool } from "./config.ts";
import { toManual, toOperationName } from "./definition.ts";
import type { Link } from "./link.ts";
import { toArgs } from "./schema.ts";
import { toOneLine, toSeen } from "./text.ts";

/** One server as a device. */
export function toDevice(server: McpServer, link: Link, blobs: Blobs): Device {
  const operations: Device["operations"] = {};
  for (const tool of Object.values(server.tools)) {
    const name = toOperationName(tool.definition.name);
    // Two tools whose names become one: neither is meant by it.
    if (operations[name]) delete operations[name];
    else operations[name] = toOperation(server, { tool, link, blobs });
  }
  return defineDevice({ name: server.name, operations });
}

function toOperation(
  server: McpServer,
  { tool, link, blobs }: { tool: PinnedTool; link: Link; blobs: Blobs },
): Operation<Record<string, unknown>> {
  const { definition } = tool;
  const place = `mcp:${server.name}`;
  const label = toUntrusted(place);
  const call = `${server.name}.${toOperationName(definition.name)}`;
  return defineOperation({
    about: `Uses the tool ${definition.name} of the MCP server ${server.name}; the body is a JSON object.`,
    args: toArgs(definition.inputSchema),
    // What a stranger says of its own harmlessness changes nothing.
    effect: "irreversible",
    sinks: {},
    reaches: place,
    allowed: tool.allowed,
    manual: { text: toManual(call, definition), label },
    async run(args, context) {
      const { key, signal } = context;
      const called = await link.call(tool, args, { key, signal, now: context.now() });
      if ("result" in called) return toResult(called.result, { label, blobs });
      return fail(
        cutMiddle(toSeen(called.why), deviceLimits.outputChars),
        called.foreign ? label : undefined,
      );
    },
  });
}

async function toResult(
  result: CallToolResult,
  { label, blobs }: { label: Label; blobs: Blobs },
): Promise<DeviceResult> {
  const parts: string[] = [];
  for (const block of (result.content ?? []).slice(0, mcpLimits.tools)) parts.push(toText(block));
  if (parts.length === 0 && result.structuredContent !== undefined)
    parts.push(JSON.stringify(result.structuredContent));
  const whole = parts.join("\n");
  const text = cutMiddle(toSeen(whole), deviceLimits.outputChars).trim();
  const data: Record<string, unknown> = { bytes: Buffer.byteLength(whole) };
  if (whole.length > deviceLimits.outputChars) data.output = await keepWhole(blobs, whole);
  const ok = result.isError !== true;
  return {
    ok,
    text: text === "" ? (ok ? "(an empty answer)" : "(failed without a word)") : text,
    label,
    data,
  };
}

// The answer itself counts; that its whole text cannot be kept is said in its place.
const keepWhole = (blobs: Blobs, text: string): Promise<string> =>
  blobs.put(text).catch((error) => `not kept: ${toMessage(error)}`);

function toText(block: ContentBlock): string {
  switch (block.type) {
    case "text":
      return block.text;
    case "image":
    case "audio":
      return `[${block.type}, ${toOneLine(block.mimeType, 60)}, ${toBytes((block.data.length * 3) / 4)}, not shown]`;
    case "resource_link":
      return `[resource ${toOneLine(block.uri, mcpLimits.lineChars)}: ${toOneLine(block.name, 60)}]`;
    case "resource": {
      const { resource } = block;
      if ("text" in resource) return resource.text;
      return `[resource ${toOneLine(resource.uri, mcpLimits.lineChars)}, ${toBytes((resource.blob.length * 3) / 4)}, not shown]`;
    }
    default:
      return "[something that Hum does not know]";
  }
}
