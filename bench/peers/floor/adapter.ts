/**
 * The floor: the same agent as a plain `fetch` loop. No framework, no retry, no history beyond the messages.
 * It shows what Node's own HTTP client and JSON cost here; a peer is to be read against it.
 */
import {
  instructions,
  isFinal,
  type Peer,
  type PeerAgent,
  type PeerOptions,
  stepTool,
  taskPrompt,
} from "../contract.ts";

interface Reply {
  choices: {
    message: {
      role: string;
      content: string | null;
      tool_calls?: { id: string; function: { arguments: string } }[];
    };
  }[];
}

/** See contract.ts. */
export async function createPeer(options: PeerOptions): Promise<Peer> {
  const integer = { type: "integer" };
  const parameters = {
    type: "object",
    properties: { agent: integer, step: integer },
    required: ["agent", "step"],
  };
  const tools = [{ type: "function", function: { ...stepTool, parameters } }];
  const headers = { "content-type": "application/json", authorization: `Bearer ${options.apiKey}` };

  function createAgent(i: number): PeerAgent {
    const messages: object[] = [
      { role: "system", content: instructions(i) },
      { role: "user", content: taskPrompt(i, options.steps) },
    ];
    async function run(signal: AbortSignal): Promise<boolean> {
      for (let turn = 0; turn < options.maxSteps; turn++) {
        const body = JSON.stringify({ model: options.model, messages, tools });
        const response = await fetch(`${options.baseURL}/chat/completions`, {
          method: "POST",
          headers,
          body,
          signal,
        });
        if (!response.ok) return false;
        const message = ((await response.json()) as Reply).choices[0]!.message;
        messages.push(message);
        if (!message.tool_calls) return isFinal(i, message.content);
        for (const call of message.tool_calls) {
          const { agent, step } = JSON.parse(call.function.arguments) as { agent: number; step: number };
          messages.push({ role: "tool", tool_call_id: call.id, content: await options.effect(agent, step) });
        }
      }
      return false;
    }
    return { run };
  }
  return { name: "floor", version: process.versions.node, createAgent };
}
