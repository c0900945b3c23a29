// `hum senses …`: what Hum hears and speaks with: which parts there are, fetching them, and trying them on a file.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { HumError } from "../../error.ts";
import { makeHome } from "../../home.ts";
import { type Interrupt, watchInterrupt } from "../interrupt.ts";
import { homeOf, say, sayJson, tell } from "../io.ts";
import { createProgress } from "../models.ts";
import type { Context } from "../run.ts";
import { toSize, toTable } from "../text.ts";
import { addSenseSettings } from "./sense-settings.ts";

/** Adds the commands of the senses. */
export function addSenses(program: Command, context: Context): void {
  const { io } = context;
  const senses = program
    .command("senses")
    .description("Hearing, speaking and seeing: list, fetch, try.")
    .addHelpText(
      "after",
      '\nExamples:\n  hum senses ls\n  hum senses pull\n  hum senses hear question.wav\n  hum senses say "Good morning." morning.wav\n  hum senses pull piper-joe      a better voice\n  hum senses pull sight          what is on pictures\n  hum senses set quiet 22:00-07:00',
    );
  senses
    .command("ls")
    .description("List the senses that have weights of their own.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => {
      const { listSenses } = await import("../../device/senses/install.ts");
      const list = await listSenses(homeOf(io));
      if (options.json) return sayJson(io, list);
      const rows = list.map((one) => [
        one.id,
        one.present ? "ready" : "not here",
        toSize(one.bytes),
        one.licence,
        one.about,
      ]);
      for (const line of toTable(["SENSE", "STATE", "SIZE", "LICENCE", "ABOUT"], rows, [2])) say(io, line);
    });
  addSenseSettings(senses, context);
  senses
    .command("pull")
    .argument("[sense]", "one of `hum senses ls`; without it those that hearing needs")
    .description("Fetch what is not here yet, once; goes on where it was stopped.")
    .action(async (id: string | undefined) => {
      const interrupt = watchInterrupt(io);
      try {
        await pullAll(context, interrupt, id);
      } finally {
        interrupt.end();
      }
    });
  senses
    .command("hear")
    .description("Write down the words in a WAV file.")
    .argument("<file>", "a WAV file")
    .action(async (file: string) => {
      const { openSenses } = await import("../../device/senses/open.ts");
      const { fromWav } = await import("../../device/voice/wav.ts");
      const sound = fromWav(await read(resolve(io.cwd, file)));
      const { hearing, settings } = await openSenses(homeOf(io));
      const { transcribeLong } = await import("../../device/voice/long.ts");
      say(io, await transcribeLong(hearing, sound, { language: settings.language ?? "en" }));
    });
  senses
    .command("say")
    .description("Speak a text into a WAV file.")
    .argument("<text>", "what is to be said")
    .argument("<file>", "the WAV file that is written")
    .option("--voice <name>", "joe (once fetched), slt, awb, rms or kal16")
    .option("--speed <number>", "1 is usual", Number)
    .action(async (text: string, file: string, options: { voice?: string; speed?: number }) => {
      const { openSpeech } = await import("../../device/senses/open.ts");
      const { toWav } = await import("../../device/voice/wav.ts");
      const { createSpeaker } = await import("../../device/voice/speaker.ts");
      const { joinSound } = await import("../../device/voice/voice.ts");
      const pieces: Float32Array[] = [];
      const speaker = createSpeaker({
        speech: await openSpeech(homeOf(io)),
        ...options,
        play: ({ sound }) => pieces.push(sound),
      });
      speaker.write(text);
      await speaker.end();
      if (pieces.length === 0)
        throw new HumError("bad-input", "There is nothing in this text that the voice can say.");
      await writeFile(resolve(io.cwd, file), toWav(joinSound(pieces)));
    });
}

/** Fetches the senses that are not here. Throws `offline`, `damaged`, `disk-full`, `interrupted`. */
export async function pullAll(context: Context, interrupt: Interrupt, only?: string): Promise<void> {
  const { io } = context;
  const { home } = makeHome(homeOf(io));
  const { listSenses, pullSense } = await import("../../device/senses/install.ts");
  const all = await listSenses(home);
  const wanted = all.filter((one) => (only === undefined ? one.usual : one.id === only));
  if (wanted.length === 0)
    throw new HumError(
      "not-found",
      `There is no sense ${only}. There are: ${all.map((one) => one.id).join(", ")}.`,
    );
  for (const { id, bytes } of wanted) {
    const progress = await createProgress(io);
    let told = false;
    const work = pullSense({
      ...{ home, id, signal: interrupt.signal },
      onProgress(done, total) {
        if (!told) tell(io, `Fetching ${id} (${toSize(bytes)}), once.`);
        told = true;
        progress.show(done, total);
      },
    });
    try {
      await interrupt.race(work);
    } catch (error) {
      if (!interrupt.signal.aborted) throw error;
      // Nothing half is left when the command has ended.
      await work.catch(() => undefined);
      const again = only === undefined ? "hum senses pull" : `hum senses pull ${only}`;
      throw new HumError("interrupted", `Stopped. \`${again}\` goes on from here.`);
    } finally {
      progress.end();
    }
    say(io, `${id} is ready.`);
  }
}

async function read(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new HumError("not-found", `${file} cannot be read. Give the path of a WAV file.`, { cause });
  }
}
