// The device `eyes`: what there is in a picture. `read` gives its words (OCR, offline); `look` also tells what else is seen:
// things, faces by number and place, hands, or the description of a model that sees, where a person has set one up. Whatever
// comes back is somebody else's: it is untrusted, with the file as its origin, and never an order.

import { z } from "zod";
import { toMessage } from "../../error.ts";
import { eyeLimits } from "../../limits.ts";
import {
  type Device,
  type DeviceContext,
  type DeviceResult,
  defineDevice,
  defineOperation,
} from "../device.ts";
import { fail, toFailure } from "../failure.ts";
import { pathSchema } from "../files-change.ts";
import { toUntrusted } from "../label.ts";
import { resolveInside } from "../paths.ts";
import { type OpenedPicture, openPicture } from "./open.ts";
import { type Sight, toSeenWords } from "./sight.ts";
import { type ReadWords, readWithTesseract, type SeenText } from "./words.ts";

/** What the device needs. */
export interface EyesOptions {
  /** Folders of Hum itself that no share opens. */
  protect?: readonly string[];
  /** Another reader of words. */
  readWords?: ReadWords;
  /** Who sees; asked for at each look, so that a change of the settings counts at once. Without it `look` reads words only. */
  openSight?(): Promise<Sight>;
}

/** Makes the device `eyes`. */
export function createEyes(options: EyesOptions = {}): Device {
  const { protect = [], readWords = readWithTesseract, openSight } = options;

  const on = async (
    path: string,
    context: DeviceContext,
    see: (picture: OpenedPicture, signal: AbortSignal) => Promise<{ text: string; data: object }>,
  ): Promise<DeviceResult> => {
    const found = await resolveInside(path, "read", { ...context, protect });
    if (!found.ok) return fail(found.why);
    try {
      const picture = await openPicture(found.path, path);
      if (typeof picture === "string") return fail(picture);
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(eyeLimits.readMs)]);
      const { text, data } = await see(picture, signal);
      const { kind, width, height, bytes } = picture;
      return {
        ok: true,
        text: text + (picture.moving ? "\n(It moves; this is its first frame.)" : ""),
        label: toUntrusted(`file:${found.path}`),
        data: { kind, width, height, bytes: bytes.length, ...data },
      };
    } catch (error) {
      if (context.signal.aborted) return fail(`${path}: stopped before it was finished.`);
      return toFailure(error, path);
    }
  };

  const read = defineOperation({
    about: "Reads the words in a picture (a photo, a scan, a screenshot).",
    args: z.strictObject({ path: pathSchema }),
    effect: "none",
    sinks: { path: "data" },
    run: ({ path }, context) =>
      on(path, context, async (picture, signal) => {
        const words = await readWords(picture, signal);
        const data = { sure: Math.round(words.sure) };
        if (words.text.trim() === "")
          return { text: `${path} (${picture.place}): no words can be read in it.`, data };
        return { text: `${path} (${picture.place}, ${toCertainty(words)}):\n${toCut(words.text)}`, data };
      }),
  });

  const look = defineOperation({
    about: "Tells what is on a picture: things, faces (number and place), hands, and the words in it.",
    args: z.strictObject({ path: pathSchema, question: z.string().min(1).max(500).optional() }),
    effect: "none",
    sinks: { path: "data" },
    run: ({ path, question }, context) =>
      on(path, context, async (picture, signal) => {
        const sight = await openSight?.();
        const seeing = sight?.look(picture, question ?? null, signal).catch((error: unknown) => {
          if (context.signal.aborted) throw error;
          return `Things could not be looked for: ${toMessage(error).replace(/\.$/, "")}.`;
        });
        const reading = readWords(picture, signal);
        // Whichever fails first must not leave the other one unheard.
        const [seen, words] = await Promise.all([seeing, reading]);
        const told = seen === undefined ? [] : [typeof seen === "string" ? seen : toSeenWords(seen)];
        const inIt =
          words.text.trim() === ""
            ? "No words can be read in it."
            : `Words in it (${toCertainty(words)}):\n${toCut(words.text)}`;
        return {
          text: [`${path} (${picture.place})`, ...told.map(toCut), inIt].join("\n"),
          data: typeof seen === "object" ? { ...seen, by: sight?.id } : {},
        };
      }),
  });
  return defineDevice({ name: "eyes", operations: { read, look } });
}

const toCertainty = ({ sure }: SeenText) =>
  `words read with ${Math.round(sure)} % certainty${sure < eyeLimits.sure ? "; much of it may be misread" : ""}`;

const toCut = (text: string) => {
  const trimmed = text.trim();
  return trimmed.length > eyeLimits.chars ? `${trimmed.slice(0, eyeLimits.chars)}\n[cut]` : trimmed;
};
