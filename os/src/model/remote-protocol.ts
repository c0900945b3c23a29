// What a remote driver asks of a way to speak with servers. A protocol turns a request into what its servers expect and
// their answers into parts; it throws what went wrong as the server said it (remote-failure.ts makes it a failure).

import type { ModelRequest, Price, Role, Usage } from "./model.ts";

/** How a remote model is reached. */
export interface RemoteOptions {
  id: string;
  provider: "openai-compatible" | "anthropic" | "ollama";
  /** Base address, e.g. `http://127.0.0.1:11434` for Ollama; needless for Anthropic. */
  url?: string;
  /** The provider's name of the model. */
  model: string;
  /** Name of the environment variable that holds the key. */
  keyEnv?: string;
  contextTokens?: number;
  /** Calls it takes at once; found by trying when nobody says. */
  slots?: number;
  requestsPerMinute?: number;
  tokensPerMinute?: number;
  /** Money for a million tokens, and most money a day. */
  price?: Price;
  spendPerDay?: number;
  /** Where the key is looked up; the environment when not given. */
  env?: Record<string, string | undefined>;
}

/** A piece of an answer. The last one is `end`; an answer without it broke off. */
export type RemotePart =
  | { type: "text"; text: string }
  | { type: "end"; reason: "stop" | "length" | "refused"; usage: Partial<Usage> };

/** A way to speak with servers. */
export interface Protocol {
  /** Asks once; ends early, or throws, when the signal aborts. Who stops pulling (`return`) lets go of the server too. */
  ask(request: ModelRequest, signal: AbortSignal): AsyncIterable<RemotePart>;
  close(): Promise<void>;
}

/** Most stop texts that every server takes. */
export const mostStops = 4;

/** The window as servers take it: what leads it as one system text, then messages of user and assistant. */
export function toWindow(request: ModelRequest): {
  system: string;
  messages: { role: Exclude<Role, "system">; text: string }[];
} {
  const first = request.messages.findIndex((message) => message.role !== "system");
  const leading = request.messages.slice(0, first < 0 ? request.messages.length : first);
  const messages = request.messages.slice(leading.length).map(({ role, text }) =>
    // A system message after the first question speaks as a user: not every server takes it where it stands.
    role === "system" ? { role: "user" as const, text: `[system]\n${text}` } : { role, text },
  );
  // Some servers refuse a window without a question.
  if (messages.length === 0) messages.push({ role: "user", text: "Go on." });
  // Servers refuse white space at the end of a begun answer; begin.ts takes it off again.
  const begin = request.begin?.trimEnd();
  if (begin) messages.push({ role: "assistant", text: begin });
  return { system: leading.map((message) => message.text).join("\n\n"), messages };
}
