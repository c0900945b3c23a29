// The text of one answer as its tokens arrive: whole characters only (a token may end inside a UTF-8 character), stops
// cut across token borders, and in the end the tokens that made exactly the emitted text, for the next turn's prefix.

import type { LlamaModel, Token } from "node-llama-cpp";
import { createStopFilter } from "./stops.ts";

/** A broken character this many tokens long is emitted as it is. */
const longestCharacter = 8;
/** Tokens before the text that the detokenizer may look at. */
const lookBack = 4;

/** Collects one answer. */
export interface Answer {
  push(token: Token): { text: string; stopped: boolean };
  flush(): string;
  /** What was emitted, and tokens that spell it. */
  said(): { text: string; tokens: Token[] };
}

/** Starts an answer after the tokens of a prompt. */
export function createAnswer(model: LlamaModel, stops: readonly string[], prompt: readonly Token[]): Answer {
  const filter = createStopFilter(stops);
  const tokens: Token[] = [];
  /** Length of the detokenized text after each whole character: [tokens, characters]. */
  const borders: [number, number][] = [];
  let before = prompt.slice(-lookBack);
  let pending: Token[] = [];
  let length = 0;
  let emitted = "";

  function take(): string {
    const text = model.detokenize(pending, false, before);
    if (text.endsWith("\uFFFD") && pending.length < longestCharacter) return "";
    before = [...before, ...pending].slice(-lookBack);
    pending = [];
    length += text.length;
    borders.push([tokens.length, length]);
    return text;
  }

  return {
    push(token) {
      tokens.push(token);
      pending.push(token);
      const result = filter.push(take());
      emitted += result.text;
      return result;
    },
    flush() {
      const cut = pending.length > 0 ? model.detokenize(pending, false, before) : "";
      const last = cut === "" ? { text: "", stopped: false } : filter.push(cut);
      const text = last.text + (last.stopped ? "" : filter.flush());
      emitted += text;
      return text;
    },
    said() {
      const whole = borders.findLast(([, characters]) => characters <= emitted.length) ?? [0, 0];
      const rest = emitted.slice(whole[1]);
      return {
        text: emitted,
        tokens: [...tokens.slice(0, whole[0]), ...(rest === "" ? [] : model.tokenize(rest, false))],
      };
    },
  };
}
