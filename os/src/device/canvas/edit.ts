// Changing a picture by words: "make it night, add an owl, two deer and no rain". A small reader of parts, without a model:
// a part that it does not understand is said, not guessed. What was said is read as
//
//   part     (add | remove | none)? (number? word)+          a comma, a full stop, "and", "but", "then" begin a new part
//
// "another one" is the same scene by another seed.

import { lexicon, type Meaning } from "./lexicon.ts";
import { type Counted, type SceneText, sceneSchema } from "./scene.ts";

/** What came of an edit. */
export interface Edit {
  scene: SceneText;
  /** What was changed, as short phrases; empty when nothing was understood. */
  done: string[];
  /** Parts that were not understood. */
  unknown: string[];
}

const numbers: Record<string, number> = {
  ...{
    a: 1,
    an: 1,
    one: 1,
    another: 1,
    two: 2,
    three: 3,
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
  },
  ...{ some: 3, few: 3, many: 6, couple: 2, pair: 2, more: 2 },
  ...{ 一: 1, 两: 2, 二: 2, 三: 3, 四: 4, 五: 5, 六: 6, 七: 7, 八: 8, 九: 9, 几: 3 },
};

const remove = /\b(remove|without|delete|drop|no|not|away|erase)\b|去掉|删除|不要|没有/iu;
const again = /\b(another|different|new|next) (one|picture|version|try)\b|\btry again\b|再来一张|换一张/iu;
const empty = /\b(nobody|no ?one|no people)\b|没有人/iu;
const noAnimals = /\bno animals\b|没有动物/iu;

/** Changes a scene by words. */
export function editScene(before: SceneText, text: string): Edit {
  const edit: Edit = { scene: structuredClone(before), done: [], unknown: [] };
  let rest = text;
  if (again.test(text)) {
    edit.scene.seed = (before.seed + 1) % 1_000_000;
    edit.done.push("another picture of the same scene");
    rest = text.replace(again, " ");
  }
  // "remove the fox and the owl": what was begun holds on until another verb comes.
  let removing = false;
  for (const part of rest.split(/[,.;!?，。；、！？\n]|\b(?:and|but|then|with)\b|和|并/iu)) {
    if (part.trim() === "") continue;
    const verb = /\b(add|put|make|give|turn|set|let|draw|paint|change|have|move)\b|加|画|变|改|放/iu.test(
      part,
    );
    if (remove.test(part)) removing = true;
    else if (verb) removing = false;
    if (!apply(edit, part, removing)) edit.unknown.push(part.trim());
  }
  edit.scene = sceneSchema.parse(edit.scene);
  return edit;
}

/** The words of a part with what they mean, each with the number before it. */
function read(part: string): { meaning: Meaning; count: number; plural: boolean }[] {
  const found: { meaning: Meaning; count: number; plural: boolean }[] = [];
  let count: number | null = null;
  const add = (meaning: Meaning, plural = false) => {
    found.push({ meaning, count: count ?? (plural ? 2 : 1), plural });
    count = null;
  };
  for (const [token] of part.toLowerCase().matchAll(/[a-z]+|\d+|\p{Script=Han}+/gu)) {
    if (/^\d/.test(token)) count = Math.min(9, Number(token));
    else if (/^[a-z]/.test(token)) {
      if (numbers[token] !== undefined) count = numbers[token];
      const whole = lexicon.latin.get(token);
      const single =
        whole ??
        lexicon.latin.get(token.replace(/ies$/, "y")) ??
        lexicon.latin.get(token.replace(/(es|s)$/, "")) ??
        lexicon.latin.get(token.replace(/s$/, ""));
      if (single) add(single, !whole && /s$/.test(token));
    } else
      for (let at = 0; at < token.length; ) {
        const hit = lexicon.han.find(([word]) => token.startsWith(word, at));
        if (hit) add(hit[1]);
        else if (numbers[token[at] as string] !== undefined) count = numbers[token[at] as string] as number;
        at += hit ? hit[0].length : 1;
      }
  }
  return found;
}

function apply(edit: Edit, part: string, removing: boolean): boolean {
  const { scene, done } = edit;
  if (empty.test(part)) {
    scene.people = [];
    done.push("nobody");
    return true;
  }
  if (noAnimals.test(part)) {
    scene.animals = [];
    done.push("no animals");
    return true;
  }
  const found = read(part);
  const doing = found.find(({ meaning }) => meaning.field === "doing")?.meaning;
  // "a light rain", "a clear night": a thing or a mood that is also said of the weather is not meant twice.
  for (const { meaning, count } of found) {
    const { field, value } = meaning;
    if (field === "doing") continue;
    if (field === "animals" || field === "things") {
      const list = scene[field] as Counted<string>[];
      const next = removing ? list.filter((one) => one.kind !== value) : toMore(list, value, count);
      (scene as Record<string, unknown>)[field] = next;
      done.push(removing ? `no ${value}` : count > 1 ? `${count} ${value}` : `a ${value}`);
    } else if (field === "people") {
      if (removing) scene.people = scene.people.filter((one) => one.who !== value);
      else
        for (let i = 0; i < count && scene.people.length < 9; i++)
          scene.people.push({ who: value, doing: doing?.field === "doing" ? doing.value : "stand" });
      done.push(removing ? `no ${value}` : `${count > 1 ? count : "a"} ${value}`);
    } else if (field === "trees") {
      scene.trees = removing
        ? scene.trees.filter((one) => one !== value)
        : [value, ...scene.trees.filter((one) => one !== value)].slice(0, 4);
      done.push(removing ? `no ${value}` : value);
    } else if (removing) {
      if (field === "weather" && scene.weather === value) scene.weather = "clear";
      else continue;
      done.push(`no ${value}`);
    } else {
      (scene as Record<string, unknown>)[field] = value;
      done.push(value);
    }
  }
  if (
    doing?.field === "doing" &&
    !found.some(({ meaning }) => meaning.field === "people") &&
    scene.people.length > 0
  ) {
    scene.people = scene.people.map((one) => ({ ...one, doing: doing.value }));
    done.push(`they ${doing.value}`);
    return true;
  }
  return found.length > 0;
}

function toMore(list: readonly Counted<string>[], kind: string, count: number): Counted<string>[] {
  const before = list.find((one) => one.kind === kind);
  if (!before) return list.length < 8 ? [...list, { kind, count }] : [...list.slice(1), { kind, count }];
  return list.map((one) => (one === before ? { kind, count: Math.min(9, before.count + count) } : one));
}
