// `hum senses show` and `hum senses set`: voice, speed, language, patience, do not disturb, and servers of speech.

import type { Command } from "commander";
import type { Quiet, SenseSettings } from "../../device/senses/settings.ts";
import { HumError } from "../../error.ts";
import { makeHome } from "../../home.ts";
import { homeOf, type Io, say, sayJson } from "../io.ts";
import type { Context } from "../run.ts";

interface ServerOptions {
  model?: string;
  voice?: string;
  keyEnv?: string;
}

interface Change {
  senses?: Partial<SenseSettings>;
  quiet?: Partial<Quiet>;
}

/** Adds the commands below `hum senses`. */
export function addSenseSettings(senses: Command, { io }: Context): void {
  senses
    .command("show")
    .description("How Hum hears and speaks, and when it is quiet.")
    .option("--json", "print one JSON document")
    .action(async (options: { json?: boolean }) => show(io, options.json === true));
  senses
    .command("set")
    .description("Change one of that.")
    .argument("<name>", "voice, speed, language, patience, moment, threads, quiet, hearing or speaking")
    .argument("<value>", "what it is to be")
    .option("--model <name>", "with hearing and speaking: the model of the server")
    .option("--voice <name>", "with speaking: the voice of the server")
    .option("--key-env <name>", "the environment variable that holds the key of the server")
    .addHelpText(
      "after",
      `
  voice joe              a voice of \`hum senses show\`
  speed 1.2              0.5 to 2
  language de            what is spoken to Hum
  patience quick         quick, usual or patient: how long a pause is waited out
  moment off             whether an answer that takes long is announced
  quiet on               do not disturb: on, off, or hours such as 22:00-07:00
  hearing URL            a server with /audio/transcriptions: what is said goes there; "none" ends it
  speaking URL           a server with /audio/speech: what Hum says goes there; "none" ends it

A talk that is open goes on as it began.`,
    )
    .action(async (name: string, value: string, options: ServerOptions) => {
      const { saveSettings } = await import("../../device/senses/settings.ts");
      const { home } = makeHome(homeOf(io));
      await saveSettings(home, toChange(name, value, options));
      await show(io, false);
    });
}

function toChange(name: string, value: string, options: ServerOptions): Change {
  switch (name) {
    case "voice":
    case "language":
      return { senses: { [name]: value } };
    case "patience":
      return { senses: { patience: value as SenseSettings["patience"] } };
    case "speed":
    case "threads":
      return { senses: { [name]: Number(value) } };
    case "moment":
      return { senses: { moment: toSwitch(value) } };
    case "quiet":
      return { quiet: toQuiet(value) };
    case "hearing":
    case "speaking":
      return { senses: { [name]: toServer(name, value, options) } };
    default:
      throw new HumError("bad-input", `There is no setting ${name}. See \`hum senses set --help\`.`);
  }
}

function toSwitch(value: string): boolean {
  if (value !== "on" && value !== "off") throw new HumError("bad-input", "It is on or off.");
  return value === "on";
}

function toQuiet(value: string): Partial<Quiet> {
  if (value === "on") return { on: true };
  if (value === "off") return { on: false, hours: null };
  const [from, to, more] = value.split("-");
  if (from === undefined || to === undefined || more !== undefined)
    throw new HumError("bad-input", "It is on, off, or hours such as 22:00-07:00.");
  return { hours: { from, to } };
}

function toServer(name: string, url: string, { model, voice, keyEnv }: ServerOptions) {
  if (url === "none") return undefined;
  if (model === undefined) throw new HumError("bad-input", `Name the model of the server with --model.`);
  return {
    ...{ url, model },
    ...(keyEnv === undefined ? {} : { keyEnv }),
    ...(name === "speaking" && voice !== undefined ? { voice } : {}),
  };
}

async function show(io: Io, json: boolean): Promise<void> {
  const { readSettings } = await import("../../device/senses/settings.ts");
  const { isQuiet } = await import("../../device/senses/quiet.ts");
  const { isPresent } = await import("../../device/senses/install.ts");
  const { piperVoice } = await import("../../device/senses/catalogue.ts");
  const { fliteVoices } = await import("../../device/voice/flite-voices.ts");
  const home = homeOf(io);
  const { senses, quiet } = await readSettings(home);
  const joe = await isPresent(home, "piper-joe");
  const voices = [...(joe ? [piperVoice] : []), ...fliteVoices];
  const quietNow = isQuiet(quiet, new Date());
  if (json) return sayJson(io, { ...senses, quiet, quietNow, voices });
  const { hours } = quiet;
  const rows: [string, string][] = [
    ["language", senses.language ?? "that of the page, or en"],
    ["voice", `${senses.voice ?? voices[0]} (of ${voices.join(", ")})`],
    ["speed", String(senses.speed)],
    ["patience", senses.patience],
    ["moment", senses.moment ? "on" : "off"],
    ["threads", String(senses.threads)],
    [
      "quiet",
      `${quietNow ? "now" : "not now"}${hours ? `, each day from ${hours.from} to ${hours.to}` : ""}`,
    ],
    ["hearing", senses.hearing ? `${senses.hearing.url} (${senses.hearing.model})` : "on this machine"],
    ["speaking", senses.speaking ? `${senses.speaking.url} (${senses.speaking.model})` : "on this machine"],
  ];
  for (const [name, value] of rows) say(io, `${name.padEnd(9)} ${value}`);
}
