// Which models this home knows: those of the catalogue, and those that the user added. `config.json` keeps
//
//   { "model": "the one in use", "attempts": how often a task may be done to compare (model.ts), "models": { id: { "driver": "embedded", "file" } | { "driver": "remote", ... } } }
//
// Other keys of the file belong to others and are kept. Files of the catalogue lie in `models/ID.gguf`.

import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { HumError } from "../error.ts";
import { catalogue, defaultModel, findModel } from "./catalogue.ts";
import { createEmbedded, type EmbeddedOptions } from "./embedded.ts";
import { readGguf } from "./gguf.ts";
import type { Model } from "./model.ts";
import { createRemote } from "./remote.ts";
import type { RemoteOptions } from "./remote-protocol.ts";

/** What is kept of a model that was added. */
export type ModelSpec =
  | ({ driver: "embedded"; file: string } & Partial<
      Pick<EmbeddedOptions, "contextTokens" | "parked" | "slots" | "threads" | "attempts">
    >)
  | ({ driver: "remote"; orElse?: readonly string[]; hedge?: string } & Omit<RemoteOptions, "id" | "env">);

/** One line of `hum model ls`. */
export interface ListedModel {
  id: string;
  driver: "embedded" | "remote";
  /** True for the model that is used when nobody names one. */
  chosen: boolean;
  /** True when it can run now, as far as this machine can know. */
  present: boolean;
  bytes?: number;
  /** File or address. */
  where: string;
  licence?: string;
}

/**
 * What a user may add: a GGUF file, or a server; `orElse` names the models that answer when it cannot, `hedge` one that is asked
 * too when it is late, and paid too.
 */
export type AddedModel =
  | string
  | ({ id?: string; orElse?: readonly string[]; hedge?: string } & Omit<RemoteOptions, "id" | "env">);

/** What may be said when a model is opened. */
export type OpenOptions = Partial<
  Pick<EmbeddedOptions, "contextTokens" | "parked" | "slots" | "threads" | "warm" | "attempts">
>;

interface Config {
  model?: string;
  models?: Record<string, ModelSpec>;
  attempts?: number;
}

/** The file of a model of the catalogue in a home. */
export function toModelFile(home: string, id: string): string {
  return join(home, "models", `${id}.gguf`);
}

/** Every model that this home knows. */
export async function listModels(home: string): Promise<ListedModel[]> {
  const config = await readConfig(home);
  const chosen = config.model ?? defaultModel;
  const known = new Map<string, ModelSpec>();
  for (const { id } of catalogue) known.set(id, { driver: "embedded", file: toModelFile(home, id) });
  for (const [id, spec] of Object.entries(config.models ?? {})) known.set(id, spec);
  return Promise.all([...known].map(([id, spec]) => toListed(id, spec, chosen)));
}

async function toListed(id: string, spec: ModelSpec, chosen: string): Promise<ListedModel> {
  const common = { id, driver: spec.driver, chosen: id === chosen };
  if (spec.driver === "remote") {
    const present = spec.keyEnv === undefined || Boolean(process.env[spec.keyEnv]);
    return { ...common, present, where: spec.url ?? spec.provider };
  }
  const info = await stat(spec.file).catch(() => undefined);
  const entry = findModel(id);
  const bytes = info?.size ?? entry?.bytes;
  return {
    ...common,
    present: info !== undefined,
    where: spec.file,
    ...(bytes === undefined ? {} : { bytes }),
    ...(entry ? { licence: entry.licence } : {}),
  };
}

/** Makes a model the one in use. */
export async function useModel(home: string, id: string): Promise<void> {
  await changeConfig(home, (config) => {
    findSpec(home, config, id);
    return { ...config, model: id };
  });
}

/** Adds a model and returns its id: a GGUF file where it lies (it is not copied), or a server. */
export async function addModel(home: string, added: AddedModel): Promise<string> {
  const { id, spec } = typeof added === "string" ? await toFileSpec(added) : toRemoteSpec(added);
  if (findModel(id)) {
    throw new HumError(
      "conflict",
      `The name ${id} belongs to the catalogue. Rename the file, or give another name.`,
    );
  }
  await changeConfig(home, (config) => {
    if (spec.driver === "remote") {
      for (const other of spec.orElse ?? []) findSpec(home, config, other);
      if (spec.hedge !== undefined && findSpec(home, config, spec.hedge).driver !== "remote")
        throw new HumError(
          "bad-input",
          `${spec.hedge} is not a server. Name a model on a server, or leave it out.`,
        );
    }
    return { ...config, models: { ...config.models, [id]: spec } };
  });
  return id;
}

async function toFileSpec(path: string): Promise<{ id: string; spec: ModelSpec }> {
  const file = resolve(path);
  const found = await readGguf(file);
  if ("problem" in found) {
    throw new HumError(
      "bad-input",
      `${file} cannot be added: ${found.problem}. Give the path of a GGUF model file.`,
    );
  }
  const id = basename(file)
    .replace(/\.gguf$/i, "")
    .toLowerCase();
  return { id, spec: { driver: "embedded", file } };
}

function toRemoteSpec({ id, ...options }: Exclude<AddedModel, string>): { id: string; spec: ModelSpec } {
  if (options.provider === "openai-compatible" && !options.url) {
    throw new HumError("bad-input", "A model on a server needs its url, e.g. http://127.0.0.1:8000/v1.");
  }
  if (options.url !== undefined && !/^https?:\/\//.test(options.url)) {
    throw new HumError(
      "bad-input",
      `${options.url} is not an address. It must begin with http:// or https://.`,
    );
  }
  return { id: id ?? options.model, spec: { driver: "remote", ...options } };
}

/** Opens a model by its id, or the one in use. Throws for an id nobody knows; a missing file is a failure of each call. */
export async function openModel(home: string, id?: string, options: OpenOptions = {}): Promise<Model> {
  const config = await readConfig(home);
  const chosen = id ?? config.model ?? defaultModel;
  const spec = findSpec(home, config, chosen);
  if (spec.driver === "remote") {
    const { driver: _, orElse: __, hedge: ___, ...rest } = spec;
    return createRemote({ id: chosen, ...rest });
  }
  const { driver: _, ...rest } = spec;
  const attempts = config.attempts === undefined ? {} : { attempts: config.attempts };
  return createEmbedded({ id: chosen, kvDir: join(home, "kv"), ...attempts, ...rest, ...options });
}

/** Ids of the models that answer when one cannot, as the person named them; none for a model nobody knows. */
export async function listFallbacks(home: string, id?: string): Promise<readonly string[]> {
  return (await findServer(home, id))?.orElse || [];
}

/** Id of the model that is asked too when one is late, as the person named it; null for none. */
export async function findHedge(home: string, id?: string): Promise<string | null> {
  return (await findServer(home, id))?.hedge || null;
}

async function findServer(home: string, id?: string) {
  const config = await readConfig(home);
  const spec = config.models?.[id ?? config.model ?? defaultModel];
  return spec?.driver === "remote" ? spec : null;
}

function findSpec(home: string, config: Config, id: string): ModelSpec {
  const spec = config.models?.[id];
  if (spec) return spec;
  if (findModel(id)) return { driver: "embedded", file: toModelFile(home, id) };
  const known = [...catalogue.map((entry) => entry.id), ...Object.keys(config.models ?? {})];
  const message = `There is no model ${id}. Known are: ${known.join(", ")}. Add a file or a server with \`hum model add\`.`;
  throw new HumError("not-found", message, { data: { id, known } });
}

/** What `config.json` holds. Throws `damaged` when it is no JSON. */
export async function readConfig(home: string): Promise<Config> {
  const file = join(home, "config.json");
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as Config;
  } catch (cause) {
    throw new HumError("damaged", `${file} is not valid JSON. Mend it, or delete it to start anew.`, {
      cause,
    });
  }
}

// Changes of one home that are under way, one after the other: of two that read the same file the second would undo the first.
const changing = new Map<string, Promise<unknown>>();

/** Changes `config.json`, one change after the other. What `to` throws leaves it as it was. */
export async function changeConfig(
  home: string,
  to: (config: Config) => Config | Promise<Config>,
): Promise<void> {
  const before = changing.get(home) ?? Promise.resolve();
  const change = before.catch(() => {}).then(async () => writeConfig(home, await to(await readConfig(home))));
  changing.set(home, change);
  try {
    await change;
  } finally {
    if (changing.get(home) === change) changing.delete(home);
  }
}

async function writeConfig(home: string, config: Config): Promise<void> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  const draft = join(home, `config.json.${randomUUID()}.draft`);
  await writeFile(draft, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, join(home, "config.json"));
}
