// What a talk is at, for all who show it. One talk in a tab.

import { create } from "zustand";
import type { TalkMessage } from "../../../os/src/workplace/talk/protocol.ts";
import { uploadFile } from "../client/commands.ts";
import { readToken } from "../client/token.ts";
import { openLine, type TalkLine, type Trouble } from "./line.ts";
import { useTalking } from "./talking.ts";

/** Where a talk is. */
export type Phase = "off" | "opening" | "listening" | "hearing" | "thinking" | "speaking";

interface TalkState {
  phase: Phase;
  /** The microphone goes out. */
  listening: boolean;
  level: number;
  /** Words of the person, the firm ones and the others. */
  firm: string;
  words: string;
  /** The sentence that Hum says or said last. */
  said: string;
  channel: string | null;
  trouble: Trouble | null;
  /** Words of the server about the trouble. */
  detail: string;
}

const quiet: TalkState = {
  ...{ phase: "off", listening: false, level: 0, firm: "", words: "", said: "" },
  ...{ channel: null, trouble: null, detail: "" },
};

/** The talk of this tab. */
export const useTalk = create<TalkState>(() => quiet);
useTalk.subscribe(({ phase }) => {
  const on = phase !== "off";
  if (useTalking.getState().on !== on) useTalking.setState({ on });
});

let line: TalkLine | null = null;
let wanted = 0;

/** Begins a talk with a program, in the language of the page. */
export async function startTalk(language: string, program = "guide"): Promise<void> {
  if (useTalk.getState().phase !== "off") return;
  useTalk.setState({ ...quiet, phase: "opening" });
  const mine = ++wanted;
  const url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/v1/talk`;
  try {
    const opened = await openLine(
      { url, token: readToken(), program, language: language.slice(0, 2) },
      {
        onMessage: take,
        onLevel: (level) => useTalk.setState({ level }),
        onPlaying: (playing) => {
          if (playing) useTalk.setState({ phase: "speaking" });
          else if (useTalk.getState().phase === "speaking") useTalk.setState({ phase: "listening" });
        },
        onClosed(trouble, detail) {
          if (mine !== wanted) return;
          line = null;
          useTalk.setState({ ...quiet, trouble, detail });
        },
      },
    );
    // It was ended while the person was still being asked for the microphone.
    if (mine !== wanted) return opened.close();
    line = opened;
    useTalk.setState({ listening: true });
  } catch (error) {
    if (mine === wanted)
      useTalk.setState({ ...quiet, trouble: typeof error === "string" ? (error as Trouble) : "unable" });
  }
}

/** Ends the talk and lets go of the microphone. What was asked for goes on. */
export function stopTalk(): void {
  wanted++;
  const open = line;
  line = null;
  open?.close();
  useTalk.setState(quiet);
}

/** Opens or closes the microphone of a talk; closing it ends the turn. */
export function setListening(on: boolean): void {
  if (!line || useTalk.getState().listening === on) return;
  line.listen(on);
  if (!on) line.release();
  useTalk.setState({ listening: on });
}

/** Puts a picture into the folder of the talk; the next words go with it. Throws what the server says. */
export async function showInTalk(frame: File): Promise<void> {
  const { channel } = useTalk.getState();
  if (!line || channel === null) return;
  const path = frame.name.replace(/(?=\.\w+$)/, `-${Date.now().toString(36)}`);
  const key = crypto.randomUUID();
  const file = await uploadFile({ thread: channel }, { path, bytes: frame, key });
  line?.show(file.path);
}

/** Takes the trouble away. */
export const forgetTrouble = (): void => useTalk.setState({ trouble: null, detail: "" });

function take(message: TalkMessage): void {
  useTalk.setState(toChange(message, useTalk.getState().phase));
}

function toChange(message: TalkMessage, phase: Phase): Partial<TalkState> {
  switch (message.type) {
    case "ready":
      return { phase: "listening", channel: message.channel };
    case "speech":
      return { phase: "hearing", words: "", firm: "" };
    case "words":
      return { words: message.text, firm: message.firm };
    case "turn":
      return message.post === null
        ? { phase: phase === "hearing" ? "listening" : phase, words: "", firm: "" }
        : { phase: "thinking", words: message.text, firm: message.text };
    case "say":
      return { said: message.text };
    case "trouble":
      return { detail: message.message };
    case "stop":
    case "soft":
      return {};
  }
}
