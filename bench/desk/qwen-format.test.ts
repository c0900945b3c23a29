// The chat form of the baseline: prompts as the template writes them, calls read in all the forms models write them in.

import assert from "node:assert/strict";
import { test } from "node:test";
import { dropOldestStep, readAnswer, renderPrompt } from "./qwen-format.ts";

const call = { name: "bash", arguments: { command: 'echo "a{b" && ls' } };

test("a call is read tagged, fenced, bare, unclosed, and with its arguments as a string", () => {
  const json = JSON.stringify(call);
  const forms = [
    `<tool_call>\n${json}\n</tool_call>`,
    `<tools>\n${json}\n</tools>`,
    `\`\`\`json\n${JSON.stringify(call, null, 2)}\n\`\`\``,
    json,
    json.slice(0, -1),
    `{${json}}`,
    JSON.stringify({ name: "bash", parameters: call.arguments }),
    JSON.stringify({ name: "bash", arguments: JSON.stringify(call.arguments) }),
  ];
  for (const form of forms) assert.deepEqual(readAnswer(form).calls, [call], form);
});

test("text stays text, several calls stay in order, and invented results are dropped", () => {
  assert.deepEqual(readAnswer('The result is {"name": "Ada", "open": 3}.').calls, []);
  assert.equal(readAnswer("```bash\nls\n```").text, "```bash\nls\n```");
  const json = JSON.stringify(call);
  const two = readAnswer(`First.\n<tool_call>\n${json}\n</tool_call>\n<tool_call>\n${json}\n</tool_call>`);
  assert.equal(two.calls.length, 2);
  assert.equal(two.text, "First.");
  assert.equal(readAnswer(`${json}\n<tool_response>\n${json}\n</tool_response>`).calls.length, 1);
  const shell = String.raw`{"name": "bash", "arguments": {"command": "find . \( -name 'a' \) -exec ls {} \;"}}`;
  assert.deepEqual(readAnswer(shell).calls[0]?.arguments, {
    command: String.raw`find . \( -name 'a' \) -exec ls {} \;`,
  });
  const broken = '{"name": "bash", "arguments": {"command": "cat > x <<E\nhello\nE"}}';
  assert.deepEqual(readAnswer(broken).calls[0]?.arguments, { command: "cat > x <<E\nhello\nE" });
});

test("a prompt has the form of the template, and its oldest step can be dropped", () => {
  const step = (id: string, output: string) => [
    {
      role: "assistant" as const,
      content: [{ type: "tool-call" as const, toolCallId: id, toolName: "bash", input: { command: "ls" } }],
    },
    {
      role: "tool" as const,
      content: [
        {
          type: "tool-result" as const,
          toolCallId: id,
          toolName: "bash",
          output: { type: "text" as const, value: output },
        },
      ],
    },
  ];
  const head = [
    { role: "system" as const, content: "Be good." },
    { role: "user" as const, content: [{ type: "text" as const, text: "Go." }] },
  ];
  const shell = { type: "function" as const, name: "bash", inputSchema: { type: "object" as const } };
  const prompt = [...head, ...step("1", "a.txt"), ...step("2", "b.txt")];
  const text = renderPrompt(prompt, [shell]);
  assert.ok(text.startsWith("<|im_start|>system\nBe good.\n\n# Tools\n"));
  assert.ok(
    text.includes('{"type": "function", "function": {"name": "bash", "parameters": {"type": "object"}}}'),
  );
  assert.ok(
    text.endsWith(
      '<|im_start|>assistant\n<tool_call>\n{"name": "bash", "arguments": {"command": "ls"}}\n</tool_call><|im_end|>\n' +
        "<|im_start|>user\n<tool_response>\nb.txt\n</tool_response><|im_end|>\n<|im_start|>assistant\n",
    ),
  );
  assert.deepEqual(dropOldestStep(prompt), [...head, ...step("2", "b.txt")]);
  assert.equal(dropOldestStep([...head, ...step("2", "b.txt")]), null);
});
