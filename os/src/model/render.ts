// From messages to tokens, inside the engine's process. Role markers are special tokens; the text of a message is
// tokenized with special tokens off, so that no text can end its message or speak in another role.
//
// ChatML (Qwen, SmolLM and others) is written here: <|im_start|>role\n TEXT <|im_end|>\n. Any other model goes through
// the chat wrapper that node-llama-cpp resolves from the model file, which keeps the same rule.

import { type ChatHistoryItem, type LlamaModel, resolveChatWrapper, type Token } from "node-llama-cpp";
import type { ModelMessage } from "./model.ts";
import { engineLimits } from "./sizes.ts";

/** Tokens of earlier answers by their text, where known. */
export type AnswerTokens = (text: string) => readonly Token[] | undefined;

/** What a request becomes. */
export interface Prompt {
  tokens: Token[];
  /** How many of the first tokens come from the shared messages. */
  shared: number;
}

/** What is rendered. */
export interface PromptParts {
  messages: readonly ModelMessage[];
  shared: number;
  begin: string;
  answers: AnswerTokens;
}

/** Creates the renderer for a model. */
export function createRenderer(model: LlamaModel, chatml: boolean): (parts: PromptParts) => Prompt {
  return chatml ? createChatml(model) : createWrapped(model);
}

function createChatml(model: LlamaModel): (parts: PromptParts) => Prompt {
  const special = (text: string) => model.tokenize(text, true);
  const start: Record<string, Token[]> = {};
  for (const role of ["system", "user", "assistant"]) start[role] = special(`<|im_start|>${role}\n`);
  const end = special("<|im_end|>\n");
  const bos = model.tokens.bos;

  return function toChatml({ messages, shared, begin, answers }) {
    const tokens: Token[] = model.tokens.shouldPrependBosToken && bos !== null ? [bos] : [];
    let sharedTokens = 0;
    messages.forEach((message, index) => {
      if (index === shared) sharedTokens = tokens.length;
      const known = message.role === "assistant" ? answers(message.text) : undefined;
      push(tokens, start[message.role]!);
      push(tokens, known ?? model.tokenize(message.text, false));
      push(tokens, end);
    });
    if (shared >= messages.length) sharedTokens = tokens.length;
    push(tokens, start.assistant!);
    if (begin !== "") push(tokens, model.tokenize(begin, false));
    return { tokens, shared: sharedTokens };
  };
}

function createWrapped(model: LlamaModel): (parts: PromptParts) => Prompt {
  const wrapper = resolveChatWrapper(model, { type: "auto" });
  const render = (messages: readonly ModelMessage[], begin: string): Token[] => {
    const chatHistory: ChatHistoryItem[] = messages.map(({ role, text }) =>
      role === "assistant" ? { type: "model", response: [text] } : { type: role, text },
    );
    chatHistory.push({ type: "model", response: begin === "" ? [] : [begin] });
    const { contextText } = wrapper.generateContextState({ chatHistory });
    const tokens = contextText.tokenize(model.tokenizer);
    const bos = model.tokens.bos;
    if (model.tokens.shouldPrependBosToken && bos !== null && tokens[0] !== bos) tokens.unshift(bos);
    return tokens;
  };
  return function toWrapped({ messages, shared, begin }) {
    const tokens = render(messages, begin);
    const common = shared > 0 ? commonLength(tokens, render(messages.slice(0, shared), "")) : 0;
    return { tokens, shared: common };
  };
}

/** How many of the first tokens are the same. */
export function commonLength(left: ArrayLike<number>, right: ArrayLike<number>): number {
  const size = Math.min(left.length, right.length);
  let index = 0;
  while (index < size && left[index] === right[index]) index++;
  return index;
}

/** The part of a length that is whole blocks. */
export function wholeBlocks(tokens: number): number {
  return tokens - (tokens % engineLimits.blockTokens);
}

/** Appends without spreading: a window of 30,000 tokens would not fit on the stack. */
function push(target: Token[], tokens: readonly Token[]): void {
  for (const token of tokens) target.push(token);
}
