// Who stands where: from the lists of a scene to groups, each with a place. People who are together stand together and look
// at one another, with their pets; wild animals keep a little apart; what swims or flies is given to the water and the air.

import type { Chance } from "./paint/chance.ts";
import type { Company } from "./paint/near.ts";
import type { AnimalKind, Doing, SceneText, Somebody } from "./scene.ts";

/** A group, the largest part of the cast first. */
export interface Group {
  kind: "people" | "animals";
  members: Company;
}

/** The cast of a picture. */
export interface Cast {
  groups: Group[];
  /** Somebody in a boat for each who rows. */
  rowers: number;
  swimming: ("duck" | "swan")[];
  wading: ("crane" | "heron")[];
  owls: number;
  birds: number;
  butterflies: number;
  fireflies: number;
}

const pets: readonly AnimalKind[] = ["dog", "cat", "rabbit", "hen"];

const together = 3;

// What is done, in the poses that the painter has. Two who talk sit or stand toward one another.
const poses: Record<Doing, readonly string[]> = {
  stand: ["stand"],
  walk: ["walk"],
  sit: ["sit"],
  read: ["read"],
  talk: ["talk", "talk", "stand"],
  wave: ["wave"],
  carry: ["carry"],
  pick: ["bend"],
  kneel: ["kneel"],
  reach: ["reach"],
  row: ["row"],
  work: ["bend", "kneel", "carry"],
};

/** Makes groups of a scene's people and animals. */
export function toCast(scene: SceneText, chance: Chance, water: boolean): Cast {
  const count = (kind: AnimalKind) =>
    scene.animals.reduce((sum, one) => sum + (one.kind === kind ? one.count : 0), 0);
  const times = <K extends AnimalKind>(kind: K): K[] => Array.from({ length: count(kind) }, () => kind);
  const rowers = water ? scene.people.filter((one) => one.doing === "row").length : 0;
  const onLand = scene.people.filter((one) => !(water && one.doing === "row"));
  const groups: Group[] = toParties(onLand).map((party) => ({
    kind: "people",
    members: party.map((one, i) => toMember(one, i > 0 && i === party.length - 1, chance)),
  }));
  const tame = pets.flatMap((kind) => times(kind));
  tame.forEach((kind, i) => {
    const people = groups.filter((group) => group.kind === "people");
    const company = people[i % Math.max(1, people.length)];
    if (company && company.members.length < together + 2)
      company.members = [...company.members, i % 3 === 2 ? `<${kind}` : kind];
    else groups.push({ kind: "animals", members: [kind] });
  });
  for (const kind of ["elephant", "horse", "cow", "bear", "deer", "fawn", "fox", "sheep"] as const) {
    const all = times(kind).map((one, i) =>
      i % 2 ? `<${one}` : i % 3 === 2 && one === "deer" ? "grazing" : one,
    );
    for (let i = 0; i < all.length; i += together)
      groups.push({ kind: "animals", members: all.slice(i, i + together) });
  }
  const swimming = [...times("duck"), ...times("swan")];
  return {
    groups,
    rowers,
    swimming: water ? swimming : [],
    wading: [...times("crane"), ...times("heron")],
    owls: count("owl"),
    birds: count("bird"),
    butterflies: count("butterfly"),
    fireflies: count("firefly"),
  };
}

/** People in parties of up to three; those who do the same stay together. */
function toParties(people: readonly Somebody[]): Somebody[][] {
  if (people.length <= together) return people.length > 0 ? [[...people]] : [];
  const parties: Somebody[][] = [];
  for (const one of people) {
    const fitting = parties.find(
      (party) => party.length < together && (party[0] as Somebody).doing === one.doing,
    );
    if (fitting) fitting.push(one);
    else parties.push([one]);
  }
  const lone = parties.filter((party) => party.length === 1);
  const full = parties.filter((party) => party.length > 1);
  for (let i = 0; i < lone.length; i += 2) full.push(lone.slice(i, i + 2).flat());
  return full;
}

/** A member as the painter of groups reads it: a capital letter is a child, `<` looks left, `:` tells who it is. */
function toMember({ who, doing }: Somebody, looksBack: boolean, chance: Chance): string {
  const pose = chance.pick(poses[doing]);
  const child = who === "girl" || who === "boy";
  const word = child ? pose[0]!.toUpperCase() + pose.slice(1) : pose;
  return `${looksBack ? "<" : ""}${word}:${who}`;
}
