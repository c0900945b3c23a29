// The fixed tools, resources and prompts that the conformance suite of MCP calls by name, added to Hum's own server. What
// they answer is laid down by the suite; everything around them (greeting, sessions, streams, headers) is Hum's.

import { setTimeout as sleep } from "node:timers/promises";
import {
  CLIENT_CAPABILITIES_META_KEY,
  type ClientCapabilities,
  completable,
  fromJsonSchema,
  type McpServer,
  ResourceTemplate,
  type ServerContext,
  type ServerNotifier,
} from "@modelcontextprotocol/server";
import { z } from "zod";

/** A picture of one red point, and a sound of one sample. */
export const picture =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";
const sound = "UklGRiYAAABXQVZFZm10IBAAAAABAAEAQB8AAAB9AAACABAAZGF0YQIAAAAAAA==";

/** A text as content. */
export const text = (value: string) => ({ type: "text" as const, text: value });

/** What a client says it can do, in either way of beginning. */
export function capabilitiesOf(server: McpServer, context: ServerContext): ClientCapabilities {
  const envelope = context.mcpReq.envelope as Record<string, ClientCapabilities | undefined> | undefined;
  return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? server.server.getClientCapabilities() ?? {};
}

/** Adds what answers without asking. `notify` tells open subscriptions of changes. */
export function addPlain(server: McpServer, notify: () => ServerNotifier): void {
  addContent(server);
  addBehaviour(server, notify);
  addResources(server);
  addPrompts(server);
}

function addContent(server: McpServer): void {
  const image = { type: "image" as const, data: picture, mimeType: "image/png" };
  const answers = {
    test_simple_text: [text("This is a simple text response for testing.")],
    test_image_content: [image],
    test_audio_content: [{ type: "audio" as const, data: sound, mimeType: "audio/wav" }],
    test_embedded_resource: [
      {
        type: "resource" as const,
        resource: {
          uri: "test://embedded-resource",
          mimeType: "text/plain",
          text: "This is an embedded resource content.",
        },
      },
    ],
    test_multiple_content_types: [
      text("Multiple content types test:"),
      image,
      {
        type: "resource" as const,
        resource: {
          uri: "test://mixed-content-resource",
          mimeType: "application/json",
          text: '{"test":"data","value":123}',
        },
      },
    ],
  };
  for (const [name, content] of Object.entries(answers))
    server.registerTool(name, { description: `Answers with fixed content (${name}).` }, async () => ({
      content,
    }));
  const schema = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    type: "object",
    $defs: {
      address: {
        $anchor: "addressDef",
        type: "object",
        properties: { street: { type: "string" }, city: { type: "string" } },
      },
    },
    properties: {
      name: { type: "string" },
      address: { $ref: "#/$defs/address" },
      contactMethod: { type: "string", enum: ["phone", "email"] },
      phone: { type: "string" },
      email: { type: "string" },
    },
    allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
    if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
    // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
    then: { required: ["phone"] },
    else: { required: ["email"] },
    additionalProperties: false,
  } as const;
  server.registerTool(
    "json_schema_2020_12_tool",
    {
      description: "Takes what many words of JSON Schema 2020-12 describe.",
      inputSchema: fromJsonSchema(schema),
    },
    async () => ({ content: [text("ok")] }),
  );
  const mirrored = {
    type: "object",
    properties: { region: { type: "string", "x-mcp-header": "Region" }, query: { type: "string" } },
    required: ["region"],
  } as const;
  server.registerTool(
    "test_headers",
    { description: "Takes an argument that is a header too.", inputSchema: fromJsonSchema(mirrored) },
    async () => ({ content: [text("ok")] }),
  );
}

function addBehaviour(server: McpServer, notify: () => ServerNotifier): void {
  server.server.registerCapabilities({ logging: {} });
  server.registerTool("test_error_handling", { description: "Always fails." }, async () => {
    throw new Error("This tool intentionally returns an error for testing");
  });
  server.registerTool("test_tool_with_progress", { description: "Tells its progress." }, async (context) => {
    const progressToken = context.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progress > 0) await sleep(50);
      if (progressToken === undefined) continue;
      await context.mcpReq.notify({
        method: "notifications/progress",
        params: { progressToken, progress, total: 100, message: `Completed ${progress} of 100` },
      });
    }
    return { content: [text("Done.")] };
  });
  for (const name of ["test_tool_with_logging", "test_logging_tool"])
    server.registerTool(name, { description: "Logs while it works." }, async (context) => {
      await context.mcpReq.log("info", "Tool execution started");
      await sleep(50);
      await context.mcpReq.log("info", "Tool processing data");
      await sleep(50);
      await context.mcpReq.log("info", "Tool execution completed");
      return { content: [text("Logged.")] };
    });
  server.registerTool(
    "test_reconnection",
    { description: "Closes its stream in the middle." },
    async (context) => {
      await sleep(50);
      context.http?.closeSSE?.();
      await sleep(200);
      return { content: [text("Reconnection test completed successfully.")] };
    },
  );
  server.registerTool(
    "test_trigger_tool_change",
    { description: "Says that the tools changed." },
    async () => {
      notify().toolsChanged();
      return { content: [text("Said.")] };
    },
  );
  server.registerTool(
    "test_trigger_prompt_change",
    { description: "Says that the prompts changed." },
    async () => {
      notify().promptsChanged();
      return { content: [text("Said.")] };
    },
  );
}

function addResources(server: McpServer): void {
  const watched = new Set<string>();
  server.server.registerCapabilities({ resources: { subscribe: true } });
  server.server.setRequestHandler("resources/subscribe", ({ params }) => {
    watched.add(params.uri);
    return {};
  });
  server.server.setRequestHandler("resources/unsubscribe", ({ params }) => {
    watched.delete(params.uri);
    return {};
  });
  const fixed = {
    "test://static-text": {
      mimeType: "text/plain",
      text: "This is the content of the static text resource.",
    },
    "test://static-binary": { mimeType: "image/png", blob: picture },
    "test://watched-resource": { mimeType: "text/plain", text: "Watched." },
    "test://example-resource": { mimeType: "text/plain", text: "An example." },
  };
  for (const [uri, content] of Object.entries(fixed))
    server.registerResource(
      uri.slice(7),
      uri,
      { description: "A fixed resource.", mimeType: content.mimeType },
      async () => ({ contents: [{ uri, ...content }] }),
    );
  server.registerResource(
    "template",
    new ResourceTemplate("test://template/{id}/data", { list: undefined }),
    { description: "A resource made from a template.", mimeType: "application/json" },
    async (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: "application/json",
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
        },
      ],
    }),
  );
}

function addPrompts(server: McpServer): void {
  const user = <T>(content: T) => ({ role: "user" as const, content });
  server.registerPrompt("test_simple_prompt", { description: "A simple prompt." }, async () => ({
    messages: [user(text("This is a simple prompt for testing."))],
  }));
  const places = ["paris", "park", "party"];
  server.registerPrompt(
    "test_prompt_with_arguments",
    {
      description: "A prompt with arguments.",
      argsSchema: z.object({
        arg1: completable(z.string().describe("First test argument"), (value) =>
          places.filter((place) => place.startsWith(value)),
        ),
        arg2: z.string().describe("Second test argument"),
      }),
    },
    async ({ arg1, arg2 }) => ({
      messages: [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
    }),
  );
  server.registerPrompt(
    "test_prompt_with_embedded_resource",
    {
      description: "A prompt with a resource in it.",
      argsSchema: z.object({ resourceUri: z.string().describe("URI of the resource to embed") }),
    },
    async ({ resourceUri }) => ({
      messages: [
        user({
          type: "resource" as const,
          resource: {
            uri: resourceUri,
            mimeType: "text/plain",
            text: "Embedded resource content for testing.",
          },
        }),
        user(text("Please process the embedded resource above.")),
      ],
    }),
  );
  server.registerPrompt("test_prompt_with_image", { description: "A prompt with an image." }, async () => ({
    messages: [
      user({ type: "image" as const, data: picture, mimeType: "image/png" }),
      user(text("Please analyze the image above.")),
    ],
  }));
}
