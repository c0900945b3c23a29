// `hum talk`: speak with Hum from the terminal, through the microphone of this machine or with files. A machine must run
// (`hum start`); all that is said stands in the direct line of the workplace.

import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { delimiter, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { frameMs, frameSamples, joinSound, sampleRate } from "../../device/voice/voice.ts";
import { fromInt16, fromWav, toInt16, toWav } from "../../device/voice/wav.ts";
import { HumError } from "../../error.ts";
import { toPaths } from "../../home.ts";
import { readToken } from "../../workplace/http/token.ts";
import { type Interrupt, interruptedCode, watchInterrupt } from "../interrupt.ts";
import { homeOf, type Io, say, tell } from "../io.ts";
import { connectDoor } from "../remote-door.ts";
import type { Context } from "../run.ts";
import { type CliLine, openCliLine } from "../talk-line.ts";
import { clean } from "../text.ts";

interface TalkOptions {
  in?: string;
  out?: string;
  program: string;
  language?: string;
  wait: number;
}

/** Adds `talk`. */
export function addTalk(program: Command, context: Context): void {
  const { io } = context;
  program
    .command("talk")
    .description("Talk with Hum: through the microphone, or with WAV files.")
    .option("--in <file>", "a WAV file in place of the microphone")
    .option("--out <file>", "the answers go into this WAV file")
    .option("--program <name>", "whom to talk with", "guide")
    .option("--language <code>", "what is spoken, e.g. en, zh, de")
    .option("--wait <seconds>", "with --in: how long an answer is waited for", Number, 300)
    .addHelpText(
      "after",
      "\nExamples:\n  hum talk\n  hum talk --in question.wav --out answer.wav\n\nCtrl-C ends the talk; what you asked for goes on.",
    )
    .action(async (options: TalkOptions) => {
      const interrupt = watchInterrupt(io);
      try {
        context.done(await talk(io, options, interrupt));
      } finally {
        interrupt.end();
      }
    });
}

async function talk(io: Io, options: TalkOptions, interrupt: Interrupt): Promise<number> {
  const { home, socket } = toPaths(homeOf(io));
  const sound = options.in === undefined ? null : fromWav(await read(resolve(io.cwd, options.in)));
  const door = await connectDoor(socket);
  await door?.close();
  const port = door?.machine.port;
  if (port === undefined)
    throw new HumError("not-found", "Hum does not run. `hum start` starts it; then talk.");
  const { program, language } = options;
  tell(io, "One moment …");
  const line = await interrupt.race(
    openCliLine({ port, token: readToken(home), program, ...(language === undefined ? {} : { language }) }),
  );
  const answers: Float32Array[] = [];
  try {
    const player = options.out === undefined ? findTool(io.env, players) : null;
    const listening =
      sound === null ? listenTo(io, line, interrupt.signal) : playFile(line, sound, interrupt.signal);
    const code = await hearAnswers({
      io,
      line,
      answers,
      player,
      interrupt,
      file: sound !== null,
      waitMs: options.wait * 1000,
      listening,
    });
    if (options.out !== undefined && answers.length > 0)
      await writeFile(resolve(io.cwd, options.out), toWav(joinSound(answers)));
    return code;
  } finally {
    line.close();
  }
}

interface Hearing {
  io: Io;
  line: CliLine;
  answers: Float32Array[];
  player: Tool | null;
  interrupt: Interrupt;
  file: boolean;
  waitMs: number;
  listening: Promise<void>;
}

/** Shows what was heard, and plays or keeps what is said; with a file until its answer is there. */
async function hearAnswers({
  io,
  line,
  answers,
  player,
  interrupt,
  file,
  waitMs,
  listening,
}: Hearing): Promise<number> {
  const failed = new Promise<never>((_, reject) => listening.catch(reject));
  failed.catch(() => {});
  const sayings = line.said()[Symbol.asyncIterator]();
  let [turns, answered, over] = [0, 0, false];
  void listening.then(() => {
    over = true;
  });
  let playing: Promise<void> = Promise.resolve();
  /** With a file: all of it was heard and answered, so only a sentence that follows at once is waited for. */
  const isAnswered = () => file && over && turns > 0 && answered >= turns;
  const never = new Promise<never>(() => {});
  let coming: ReturnType<typeof sayings.next> | null = null;
  for (;;) {
    coming ??= sayings.next();
    const late = file ? sleep(isAnswered() ? 1_500 : waitMs, "late" as const, { ref: false }) : never;
    // The answer may be there before the silence at the end of the file is.
    const heard = over ? never : listening.then(() => "heard" as const);
    let next: Awaited<typeof coming> | "late" | "heard";
    try {
      next = await interrupt.race(Promise.race([coming, late, heard, failed]));
    } catch (error) {
      if (interrupt.signal.aborted) return interruptedCode;
      throw error;
    }
    if (next === "heard") continue;
    if (next === "late" && isAnswered()) {
      await playing;
      line.tell({ type: "played" });
      return 0;
    }
    if (next === "late") throw new HumError("offline", "No answer came in time. It goes on; see `hum ps`.");
    coming = null;
    if (next.done) throw new HumError("offline", "The line to Hum broke. What you asked for goes on.");
    const { message, sound } = next.value;
    if (message.type === "ready")
      tell(io, file ? "Listening to the file." : "Listening. Ctrl-C ends the talk.");
    else if (message.type === "trouble") tell(io, clean(message.message));
    else if (message.type === "turn" && message.post !== null) {
      turns++;
      say(io, `you: ${clean(message.text)}`);
    } else if (message.type === "turn" && file && over && turns === 0)
      throw new HumError("bad-input", "There are no words in this file.");
    else if (message.type === "say" && sound) {
      if (!message.aside) answered++;
      say(io, `hum: ${clean(message.text)}`);
      answers.push(fromInt16(sound));
      if (player) playing = playing.then(() => playSound(player, sound));
      if (!file) void playing.then(() => line.tell({ type: "played" }));
    }
  }
}

/** Sends a file as a microphone would: in its own time, and then silence until the turn has ended. */
async function playFile(line: CliLine, sound: Float32Array, signal: AbortSignal): Promise<void> {
  const all = joinSound([sound, new Float32Array(sampleRate * 2)]);
  const began = performance.now();
  for (let at = 0; at < all.length && !signal.aborted; at += frameSamples) {
    line.hear(toInt16(all.subarray(at, at + frameSamples)));
    const ahead = (at / frameSamples) * frameMs - (performance.now() - began);
    if (ahead > frameMs) await sleep(ahead);
  }
  line.tell({ type: "release" });
}

/** A program of this machine that records or plays raw sound of 16 bits. */
interface Tool {
  name: string;
  args: readonly string[];
}

const raw = ["-q", "-t", "raw", "-f", "S16_LE", "-r", "16000", "-c", "1"];
const soxRaw = ["-q", "-t", "raw", "-e", "signed", "-b", "16", "-r", "16000", "-c", "1"];
const recorders: readonly Tool[] = [
  { name: "arecord", args: raw },
  { name: "rec", args: [...soxRaw, "-"] },
];
const players: readonly Tool[] = [
  { name: "aplay", args: raw },
  { name: "play", args: [...soxRaw, "-"] },
];

function findTool(env: NodeJS.ProcessEnv, tools: readonly Tool[]): Tool | null {
  const folders = (env.PATH ?? "").split(delimiter).filter(Boolean);
  const isThere = (name: string) =>
    folders.some((folder) => {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
  return tools.find((tool) => isThere(tool.name)) ?? null;
}

async function listenTo(io: Io, line: CliLine, signal: AbortSignal): Promise<void> {
  const tool = findTool(io.env, recorders);
  if (!tool)
    throw new HumError(
      "not-found",
      "No microphone can be reached from here (arecord or sox's rec is missing). Use --in FILE, or talk in the page.",
    );
  const child = spawn(tool.name, tool.args, { stdio: ["ignore", "pipe", "ignore"] });
  signal.addEventListener("abort", () => child.kill(), { once: true });
  let rest: Buffer = Buffer.alloc(0);
  child.stdout.on("data", (piece: Buffer) => {
    const all = Buffer.concat([rest, piece]);
    const samples = new Int16Array(Math.floor(all.length / 2));
    for (let i = 0; i < samples.length; i++) samples[i] = all.readInt16LE(i * 2);
    rest = all.subarray(samples.length * 2);
    for (let at = 0; at < samples.length; at += frameSamples * 8)
      line.hear(samples.slice(at, at + frameSamples * 8));
  });
  const code = await new Promise<number | null>((done) => {
    child.on("error", () => done(-1));
    child.on("close", done);
  });
  if (!signal.aborted)
    throw new HumError("offline", `The microphone stopped (${tool.name} ended with ${code}).`);
}

function playSound(tool: Tool, sound: Int16Array): Promise<void> {
  const child = spawn(tool.name, tool.args, { stdio: ["pipe", "ignore", "ignore"] });
  child.stdin.on("error", () => {});
  child.stdin.end(Buffer.from(sound.buffer, sound.byteOffset, sound.byteLength));
  return new Promise((done) => {
    child.on("error", () => done());
    child.on("close", () => done());
  });
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new HumError("not-found", `${file} cannot be read. Give the path of a WAV file.`, { cause });
  }
}
