// The line of a talk: the microphone goes out, answers come back and are played. Nothing is captured before `open` was
// called by an act of the person, and the microphone is let go when the line is closed, whoever closes it.

import type { TalkMessage, TalkRequest } from "../../../os/src/workplace/talk/protocol.ts";
import { createPlayer, isEcho, loudnessOf } from "./player.ts";
import tap from "./tap.js?url";

const piecesPerLevel = 5;
const levelSteps = 6;

/** Why there is no talk. */
export type Trouble = "no-microphone" | "refused" | "no-senses" | "token" | "lost" | "unable";

/** What happens on a line. */
export interface LineEvents {
  onMessage(message: TalkMessage): void;
  /** How loud it is just now, 0 to 1. */
  onLevel(level: number): void;
  /** True while something is being played. */
  onPlaying(playing: boolean): void;
  /** The line is closed; `detail` are words of the server. */
  onClosed(trouble: Trouble | null, detail: string): void;
}

/** An open line. */
export interface TalkLine {
  /** Whether the microphone goes out. */
  listen(on: boolean): void;
  /** Ends the turn now. */
  release(): void;
  /** A picture in the folder of the line goes with the next words. */
  show(path: string): void;
  close(): void;
}

/** Opens the microphone and the line. Throws a Trouble. */
export async function openLine(
  how: { url: string; token: string; program: string; language: string },
  events: LineEvents,
): Promise<TalkLine> {
  const media = navigator.mediaDevices;
  if (!media || typeof AudioWorkletNode === "undefined") throw "unable" satisfies Trouble;
  const microphone = await media
    .getUserMedia({
      audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true },
    })
    .catch((error: DOMException) => {
      throw (error.name === "NotAllowedError" ? "refused" : "no-microphone") satisfies Trouble;
    });
  const letGo = () => {
    for (const track of microphone.getTracks()) track.stop();
  };
  const context = new AudioContext({ latencyHint: "interactive" });
  try {
    await context.audioWorklet.addModule(tap);
    await context.resume();
  } catch {
    letGo();
    await context.close();
    throw "unable" satisfies Trouble;
  }
  const node = new AudioWorkletNode(context, "tap", { numberOfInputs: 1, numberOfOutputs: 1 });
  context.createMediaStreamSource(microphone).connect(node);
  // Its output is silence; it keeps the node at work.
  node.connect(context.destination);
  const socket = new WebSocket(how.url);
  socket.binaryType = "arraybuffer";
  const send = (request: TalkRequest) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
  };
  const player = createPlayer(context, () => {
    events.onPlaying(false);
    send({ type: "played" });
  });
  let listening = true;
  // To draw each piece anew costs more than to hear it, so the ring moves a few times a second, in steps.
  let [loudest, pieces, told] = [0, 0, 0];
  const tellLevel = (level: number) => {
    loudest = Math.max(loudest, level);
    if (++pieces % piecesPerLevel !== 0) return;
    const step = Math.round(loudest * levelSteps) / levelSteps;
    loudest = 0;
    if (step !== told) events.onLevel(step);
    told = step;
  };
  let answer = "";
  let caption: TalkMessage | null = null;
  let detail = "";
  let closed = false;
  const end = (trouble: Trouble | null) => {
    if (closed) return;
    closed = true;
    player.stop();
    letGo();
    node.port.onmessage = null;
    void context.close();
    socket.close();
    events.onClosed(trouble, detail);
  };
  node.port.onmessage = ({ data }: MessageEvent<Int16Array<ArrayBuffer>>) => {
    const level = loudnessOf(data);
    if (isEcho(level, player.loudness())) data.fill(0);
    tellLevel(listening ? Math.min(1, level * 8) : 0);
    if (listening && socket.readyState === WebSocket.OPEN) socket.send(data.buffer);
  };
  for (const track of microphone.getTracks()) track.onended = () => end("no-microphone");
  socket.onopen = () =>
    socket.send(JSON.stringify({ token: how.token, program: how.program, language: how.language }));
  socket.onmessage = ({ data }) => {
    if (typeof data !== "string") {
      player.add(answer, new Int16Array(data as ArrayBuffer));
      events.onPlaying(true);
      if (caption) events.onMessage(caption);
      caption = null;
      return;
    }
    const message = JSON.parse(data) as TalkMessage;
    if (message.type === "say") {
      // Its sound comes next: that is played first, and shown then.
      answer = message.post;
      caption = message;
      return;
    }
    if (message.type === "soft") player.soften();
    if (message.type === "trouble") detail = message.message;
    if (message.type === "stop") {
      send({ type: "stopped", playedMs: player.stop() });
      events.onPlaying(false);
    }
    events.onMessage(message);
  };
  socket.onclose = ({ code }) => end(code === 4404 ? "no-senses" : code === 4401 ? "token" : "lost");
  return {
    listen(on) {
      listening = on;
    },
    release: () => send({ type: "release" }),
    show: (path) => send({ type: "show", path }),
    close: () => end(null),
  };
}
