// What there is on a picture beside its words: the one contract behind which all that see stand. Whatever comes back is a
// guess about somebody else's picture. Faces have a place and no name; nobody is recognised.

/** A picture that was proved by its head. */
export interface Picture {
  bytes: Buffer;
  kind: "PNG" | "JPEG" | "GIF" | "BMP" | "WebP";
  width: number;
  height: number;
}

/** Where something is: left, top, width and height as parts of the picture, 0 to 1. */
export type Box = readonly [x: number, y: number, width: number, height: number];

/** Something that is seen, with how sure that is (0 to 1). */
export interface SeenThing {
  what: string;
  sure: number;
  box: Box;
}

/** What is seen. */
export interface Seen {
  things: SeenThing[];
  faces: { sure: number; box: Box }[];
  hands: SeenThing[];
  /** A description in words, by a model that understands pictures; null without one. */
  words: string | null;
}

/** One that sees. */
export interface Sight {
  id: string;
  /** Looks; with a question it says what helps to answer it. Throws a sentence when the picture cannot be looked at. */
  look(picture: Picture, question: string | null, signal: AbortSignal): Promise<Seen>;
}

const columns = ["left", "middle", "right"] as const;
const rows = ["above", "", "below"] as const;

/** Where the middle of a box lies, in words. */
export function toPlaceWords([x, y, width, height]: Box): string {
  const cell = (at: number) => Math.max(0, Math.min(2, Math.floor(at * 3)));
  const [column, row] = [columns[cell(x + width / 2)] as string, rows[cell(y + height / 2)] as string];
  return row === "" ? column : `${column} ${row}`;
}

/** What is seen, as sentences. */
export function toSeenWords(seen: Seen): string {
  if (seen.words !== null) return seen.words;
  const places = (all: readonly { box: Box }[]) => all.map((one) => toPlaceWords(one.box)).join(", ");
  const kinds = Map.groupBy(seen.things, (one) => one.what);
  const things = [...kinds].map(
    ([what, all]) => `${all.length > 1 ? `${all.length} x ${what}` : what} (${places(all)})`,
  );
  const hands = seen.hands.map((one) => `${one.what} (${toPlaceWords(one.box)})`);
  return [
    things.length > 0 ? `Maybe seen: ${things.join(", ")}.` : "No thing is seen that is known by name.",
    seen.faces.length > 0 ? `Faces: ${seen.faces.length} (${places(seen.faces)}).` : "No face is seen.",
    ...(hands.length > 0 ? [`Hands: ${hands.join(", ")}.`] : []),
  ].join("\n");
}
