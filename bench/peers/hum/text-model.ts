/**
 * The fake model for Hum, which speaks text and not provider tool calls: the same answers as `answer` of the fake
 * server, written as Hum's fenced blocks. The server uses it for the model name `hum-text`, with the same latency,
 * slots, refusals and counters; the scripted model of `hum-kernel` uses it without a server.
 *
 * Rule: pure, and a function of the conversation alone. What was done is read from what the model itself said, because
 * each accepted answer stays in the window as one block.
 */

/** The model name that asks the fake server for text. */
export const textModel = "hum-text";

/** The operation behind the tool `step`. */
export const stepOperation = "ledger.step";

/** One message of a window, as a provider or as Hum writes it. */
export interface TextMessage {
  role: string;
  content?: unknown;
}

const fence = "```";
const memory = "The customer likes short lists. ".repeat(64);

/** The task of an entity in W4: keep 2 kB in mind, then wait for a message. */
export function idlePrompt(i: number): string {
  return `You are agent ${i}. Keep a note, then wait for a message.`;
}

/**
 * What the model says next.
 * @example answerText([{ role: 'user', content: taskPrompt(7, 3) }]) // the block `ledger.step` with step 0
 */
export function answerText(messages: readonly TextMessage[]): string {
  let asked = "";
  let steps = 0;
  let notes = 0;
  for (const { role, content } of messages) {
    const text = typeof content === "string" ? content : JSON.stringify(content ?? "");
    if (role === "assistant") {
      steps += count(text, `${fence}${stepOperation}`);
      notes += count(text, `${fence}note`);
    } else if (role === "user") asked += `${text}\n`;
  }
  const task = /agent (\d+)\. Take (\d+) steps/.exec(asked);
  if (task) {
    const agent = Number(task[1]);
    if (steps >= Number(task[2])) return `agent ${agent} done`;
    return `${fence}${stepOperation}\n${JSON.stringify({ agent, step: steps })}\n${fence}`;
  }
  if (!asked.includes("Keep a note")) return "There is no task in this conversation.";
  return notes === 0
    ? `${fence}note\n${memory}\n${fence}`
    : `${fence}ask Kim\nWhat shall I do next?\n${fence}`;
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}
