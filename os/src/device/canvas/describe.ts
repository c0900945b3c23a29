// A scene as one sentence: for whoever cannot see the picture, and for the model that made it.

import type { Counted, SceneText } from "./scene.ts";

const places: Record<SceneText["setting"], string> = {
  lake: "a lake",
  sea: "the sea",
  meadow: "a meadow",
  forest: "a forest",
  mountains: "the mountains",
  village: "a village",
  garden: "a garden",
};

const irregular: Record<string, string> = {
  ...{
    deer: "deer",
    sheep: "sheep",
    butterfly: "butterflies",
    firefly: "fireflies",
    fox: "foxes",
    flowers: "flowers",
  },
  ...{ bench: "benches", woman: "women", man: "men" },
};

const counted = ({ kind, count }: Counted<string>) => {
  if (kind === "flowers") return "flowers";
  if (count === 1) return `${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
  return `${count} ${irregular[kind] ?? `${kind}s`}`;
};

const list = (parts: readonly string[]) =>
  parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;

const acts: Record<string, string> = {
  ...{ stand: "standing", walk: "walking", sit: "sitting", read: "reading", talk: "talking", wave: "waving" },
  ...{
    carry: "carrying a basket",
    pick: "picking",
    kneel: "kneeling",
    reach: "reaching up",
    row: "rowing",
    work: "working",
  },
};

/** A scene in one sentence. */
export function describeScene(scene: SceneText): string {
  const where = `${places[scene.setting]} ${scene.time === "night" ? "by night" : `at ${scene.time}`} in ${scene.season}`;
  const people = scene.people.map(({ who, doing }) => `a ${who} ${acts[doing]}`);
  const all = [...people, ...scene.animals.map(counted), ...scene.things.map(counted)];
  const trees =
    scene.trees.length > 0
      ? `; ${list(scene.trees.map((tree) => (tree === "broad" ? "broad-leaved" : tree)))} trees`
      : "";
  const sentence = `${where}, ${scene.weather}, ${scene.mood}${all.length > 0 ? `: ${list(all)}` : ""}${trees}.`;
  return sentence[0]!.toUpperCase() + sentence.slice(1);
}
