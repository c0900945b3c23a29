// The chat form of Qwen2.5 with native tool calling, as its own template writes it, and a lenient reader of tool calls.
// Rule: whatever is plainly a call counts as one: tagged, fenced or bare, with a line break or a `\(` inside a string or
// without the last brace. That is more than Ollama or vLLM accept; only quotes not escaped in a string stay unreadable.

import type {
  LanguageModelV4FunctionTool,
  LanguageModelV4Message,
  LanguageModelV4ToolResultOutput,
} from "@ai-sdk/provider";

/** A call as the model wrote it. */
export interface WrittenCall {
  name: string;
  arguments: Record<string, unknown>;
}

/** JSON with a blank after `:` and `,`, as Python and thus the training data write it. */
function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}: ${pythonJson(field)}`).join(", ")}}`;
}

function systemText(prompt: LanguageModelV4Message[], tools: LanguageModelV4FunctionTool[]): string {
  const said = prompt.flatMap((message) => (message.role === "system" ? [message.content] : [])).join("\n\n");
  if (tools.length === 0) return said;
  const signatures = tools.map(({ name, description, inputSchema }) => {
    const { $schema: _schema, additionalProperties: _additional, ...parameters } = inputSchema;
    return pythonJson({ type: "function", function: { name, description, parameters } });
  });
  return `${said}

# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
${signatures.join("\n")}
</tools>

For each function call, return a json object with function name and arguments within <tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>`;
}

function outputText(output: LanguageModelV4ToolResultOutput): string {
  if (output.type === "text" || output.type === "error-text") return output.value;
  if (output.type === "json" || output.type === "error-json") return pythonJson(output.value);
  if (output.type === "execution-denied") return output.reason ?? "denied";
  return output.value.map((part) => (part.type === "text" ? part.text : "")).join("\n");
}

function turnText(message: LanguageModelV4Message): string {
  if (message.role === "system") return "";
  if (message.role === "tool") {
    const results = message.content.flatMap((part) =>
      part.type === "tool-result" ? [outputText(part.output)] : [],
    );
    const blocks = results.map((text) => `<tool_response>\n${text}\n</tool_response>`);
    return `<|im_start|>user\n${blocks.join("\n")}<|im_end|>\n`;
  }
  const parts: string[] = [];
  for (const part of message.content) {
    if (part.type === "text" && part.text !== "") parts.push(part.text);
    if (part.type === "tool-call") {
      parts.push(`<tool_call>\n${pythonJson({ name: part.toolName, arguments: part.input })}\n</tool_call>`);
    }
  }
  return `<|im_start|>${message.role}\n${parts.join("\n")}<|im_end|>\n`;
}

/** The part of the prompt that all runs share: the system turn. */
export function renderHead(prompt: LanguageModelV4Message[], tools: LanguageModelV4FunctionTool[]): string {
  return `<|im_start|>system\n${systemText(prompt, tools)}<|im_end|>\n`;
}

/** The prompt as the model reads it, up to the place where its answer begins. */
export function renderPrompt(prompt: LanguageModelV4Message[], tools: LanguageModelV4FunctionTool[]): string {
  return `${renderHead(prompt, tools)}${prompt.map(turnText).join("")}<|im_start|>assistant\n`;
}

/** The prompt without its oldest step (an assistant turn and the results of its calls); the task itself stays. */
export function dropOldestStep(prompt: LanguageModelV4Message[]): LanguageModelV4Message[] | null {
  const first = prompt.findIndex((message) => message.role === "assistant");
  if (first < 0) return null;
  let end = first + 1;
  while (prompt[end]?.role === "tool") end++;
  return end >= prompt.length ? null : [...prompt.slice(0, first), ...prompt.slice(end)];
}

/** The end of the JSON object that begins at `start`, with line breaks and shell escapes in strings made legal. */
function objectAt(text: string, start: number): { json: string; end: number } {
  const breaks: Record<string, string> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  let json = "";
  let depth = 0;
  let inString = false;
  let i = start;
  for (; i < text.length; i++) {
    const mark = text[i]!;
    if (inString && mark === "\\") {
      const next = text[++i] ?? "";
      json += /["\\/bfnrtu]/.test(next) ? mark + next : `${mark}${mark}${breaks[next] ?? next}`;
      continue;
    }
    json += inString ? (breaks[mark] ?? mark) : mark;
    if (mark === '"') inString = !inString;
    else if (!inString && mark === "{") depth++;
    else if (!inString && mark === "}" && --depth === 0) return { json, end: i + 1 };
  }
  return { json: json.trimEnd() + (inString ? "" : "}".repeat(Math.max(depth, 0))), end: i };
}

function asCall(json: string): WrittenCall | null {
  try {
    const value = JSON.parse(json) as Record<string, unknown>;
    let given = value.arguments ?? value.parameters;
    if (typeof given === "string") given = JSON.parse(given) as unknown;
    if (typeof value.name !== "string" || given === null || typeof given !== "object") return null;
    return { name: value.name, arguments: given as Record<string, unknown> };
  } catch {
    return null;
  }
}

/** Splits what the model wrote into tool calls and the text around them. */
export function readAnswer(written: string): { text: string; calls: WrittenCall[] } {
  const source = written.split("<tool_response>")[0]!;
  const calls: WrittenCall[] = [];
  let text = "";
  let i = 0;
  while (i < source.length) {
    if (source[i] === "{") {
      const { json, end } = objectAt(source, i);
      const call = asCall(json);
      if (call !== null) {
        calls.push(call);
        i = end;
        continue;
      }
    }
    text += source[i++];
  }
  if (calls.length > 0) text = text.replace(/<\/?(tool_call|tools|function_call|json)>|```(json|xml)?/g, "");
  return { text: text.trim(), calls };
}
