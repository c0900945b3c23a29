// The light of a moment: where the sun and the moon stand, what colour the sky, the air and all things have, and what the
// season does to leaves and ground. It is computed from the local date and hour alone (the sun of a middle latitude), so it
// needs no network and no place.
//
// Rule for painters: never write a final colour. Give the colour a thing has at noon to `light.on(colour, depth)`.

import { between, type Colour, css, hex, mix, shift, under } from "./colour.ts";

/** A moment, by the sun. */
export interface Moment {
  /** Day of the year, 1 to 366. */
  day: number;
  /** Hour of the day with its fraction, 0 to 24. */
  hour: number;
  /** Full days since 1970, for the moon. */
  days: number;
  /** South of the equator seasons are half a year away. */
  south?: boolean;
}

/** The moment of a date in local time; the sun knows no summer time, so that is taken off the hour. */
export function toMoment(date: Date, south = false): Moment {
  const start = new Date(date.getFullYear(), 0, 1).getTime();
  const offsets = [0, 6].map((month) => new Date(date.getFullYear(), month, 1).getTimezoneOffset());
  const summer = (Math.max(...offsets) - date.getTimezoneOffset()) / 60;
  return {
    day: Math.floor((date.getTime() - start) / 86_400_000) + 1,
    hour: (date.getHours() + date.getMinutes() / 60 - summer + 24) % 24,
    days: date.getTime() / 86_400_000,
    south,
  };
}

/** Parts of the day, for greetings and for who is about. */
export type DayPart = "night" | "dawn" | "morning" | "day" | "evening" | "dusk";

/** What a season does, each 0 to 1, and the colours of leaves and grass at noon. */
export interface Season {
  name: "spring" | "summer" | "autumn" | "winter";
  bare: number;
  snow: number;
  blossom: number;
  turned: number;
  grass: Colour;
  dryGrass: Colour;
  leaf: Colour;
}

/** The light of a moment. */
export interface Light {
  part: DayPart;
  /** Degrees of the sun above the horizon. */
  altitude: number;
  /** How far the day has gone, 0 at sunrise and 1 at sunset; by night how far the night has. */
  course: number;
  /** 0 by day, 1 in deep night. */
  night: number;
  /** 0 by day, 1 when lamps are lit. */
  lamp: number;
  /** 1 when the sun is low and paints everything. */
  low: number;
  /** How clearly things throw shadows: 1 under an open sun, 0 under cloud or in the dark. */
  sharp: number;
  top: Colour;
  middle: Colour;
  bottom: Colour;
  glow: Colour;
  haze: Colour;
  /** Of the moon: 0 new, 0.5 full. */
  moon: number;
  season: Season;
  /** A colour of noon in this light, seen through so much air (0 near, 1 lost in the haze). */
  on(colour: Colour, depth?: number): string;
  /** Snow: lit by the sun, and in its shade (0 to 1) by the sky. */
  snow(shade: number, depth?: number): string;
  /** A colour that shines by itself or is the sky's: only the theme changes it. */
  bare(colour: Colour): string;
}

/** Degrees of the sun above the horizon at 40 degrees of latitude. */
export function sunAltitude({ day, hour, south }: Moment): number {
  const rad = Math.PI / 180;
  const season = south ? day + 182.6 : day;
  const declination = -23.4 * rad * Math.cos((2 * Math.PI * (season + 10)) / 365.25);
  const angle = (hour - 12.4) * 15 * rad;
  const sin =
    Math.sin(40 * rad) * Math.sin(declination) + Math.cos(40 * rad) * Math.cos(declination) * Math.cos(angle);
  return Math.asin(sin) / rad;
}

type Row = readonly [top: Colour, middle: Colour, bottom: Colour, glow: Colour, haze: Colour, light: Colour];
const row = (...colours: string[]): Row => colours.map(hex) as unknown as Row;
const blendRow = (a: Row, b: Row, t: number): Row => a.map((c, i) => mix(c, b[i]!, t)) as unknown as Row;

// By altitude of the sun. Evening: the warm side of the day; morning: the cool and rosy one.
const evening: readonly (readonly [number, Row])[] = [
  [-16, row("#0d1838", "#1c2f5e", "#40588a", "#a9b9e6", "#32497a", "#4d68a6")],
  [-9, row("#15265a", "#3b4a86", "#8a7199", "#e79a8a", "#4d5a8c", "#6f7fb2")],
  [-4, row("#2a4a86", "#7f7fae", "#eaa083", "#ffb184", "#85809f", "#9d9cbe")],
  [0, row("#45709f", "#b5a3ae", "#ffb784", "#ffc38c", "#b59aa2", "#cfbcc2")],
  [5, row("#5f93bd", "#c3c5c0", "#ffd49b", "#ffd79a", "#cdbcae", "#f7dcbc")],
  [13, row("#5b9dcb", "#a9d0dc", "#f6e6c2", "#ffefc4", "#c3d0cb", "#fff3dc")],
  [32, row("#4690c8", "#93c6e0", "#e0efe6", "#fffbe6", "#b4d3dc", "#ffffff")],
];
const morning: readonly (readonly [number, Row])[] = [
  [-16, row("#0d1838", "#1c2f5e", "#40588a", "#a9b9e6", "#32497a", "#4d68a6")],
  [-9, row("#182a60", "#3f5490", "#8f86ae", "#e6a9b0", "#53659a", "#7486b6")],
  [-4, row("#365a96", "#8e93bd", "#f0b4ae", "#ffc0ae", "#949bb9", "#abacc6")],
  [0, row("#5482b1", "#b9b4c6", "#ffc9b0", "#ffd2b4", "#bcb3bf", "#dacbcb")],
  [5, row("#6aa0c8", "#c2cfd6", "#ffe0bf", "#ffe2bb", "#ccc9c6", "#f5e4d2")],
  [13, row("#5fa4d0", "#acd4e2", "#f3ead2", "#fff4d6", "#c3d6d6", "#fdf6e8")],
  [32, row("#4690c8", "#93c6e0", "#e0efe6", "#fffbe6", "#b4d3dc", "#ffffff")],
];

type Months = readonly (readonly [number, readonly number[]])[];
// Day of the year: bare, snow, blossom, turned.
const year: Months = [
  [1, [1, 0.85, 0, 0]],
  [50, [1, 0.7, 0, 0]],
  [75, [0.7, 0.12, 0.35, 0]],
  [95, [0.25, 0, 1, 0]],
  [118, [0, 0, 0.5, 0]],
  [140, [0, 0, 0, 0]],
  [250, [0, 0, 0, 0.05]],
  [280, [0, 0, 0, 0.7]],
  [305, [0.15, 0, 0, 1]],
  [328, [0.55, 0.04, 0, 1]],
  [345, [0.95, 0.4, 0, 0.6]],
  [366, [1, 0.85, 0, 0]],
];
const colours: readonly (readonly [number, readonly Colour[]])[] = (
  [
    [1, "#9aa36c", "#b5a778", "#5f7d45"],
    [75, "#9db765", "#b8b274", "#86b04e"],
    [118, "#8fc257", "#b9c468", "#86b94a"],
    [172, "#7db24a", "#b5bd5f", "#4f9140"],
    [230, "#86ab4a", "#c3b45c", "#4a8540"],
    [285, "#a2a552", "#cdb05f", "#a39a3d"],
    [328, "#a59d5c", "#c0a566", "#a5833f"],
    [366, "#9aa36c", "#b5a778", "#5f7d45"],
  ] as const
).map(([day, ...list]) => [day, list.map(hex)]);

const white = hex("#ffffff");

function toSeason(moment: Moment): Season {
  const day = ((moment.day + (moment.south ? 182 : 0)) % 366) + 1;
  const [bare, snow, blossom, turned] = between(year, day, (a, b, t) =>
    a.map((v, i) => v + (b[i]! - v) * t),
  ) as [number, number, number, number];
  const [grass, dryGrass, leaf] = between(colours, day, (a, b, t) => a.map((c, i) => mix(c, b[i]!, t))) as [
    Colour,
    Colour,
    Colour,
  ];
  const name = day < 60 || day >= 340 ? "winter" : day < 150 ? "spring" : day < 258 ? "summer" : "autumn";
  return { name, bare, snow, blossom, turned, grass, dryGrass, leaf };
}

function toPart(altitude: number, hour: number): DayPart {
  if (altitude < -8) return "night";
  if (hour < 12) return altitude < 2 ? "dawn" : "morning";
  if (altitude < -1) return "dusk";
  return altitude < 12 ? "evening" : "day";
}

/** The light of a moment, for a page that is light or dark; `grey` (0 to 1) is how much cloud lies before the sun. */
export function createLight(moment: Moment, theme: "light" | "dark", grey = 0): Light {
  const altitude = sunAltitude(moment);
  const rising = moment.hour < 12.4;
  const own = between(rising ? morning : evening, altitude, blendRow);
  const veiled = own.map((c, i) => shift(c, (i === 5 ? -0.14 : -0.11) * grey, 1 - 0.62 * grey));
  const [top, middle, bottom, glow, haze, light] = veiled as unknown as Row;
  const night = Math.max(0, Math.min(1, (-2 - altitude) / 10));
  // The dark page wants a picture that does not shine in the eyes; the light page one that is not a hole at night.
  const themed = (c: Colour): Colour =>
    theme === "dark" ? shift([c[0] * (0.86 + 0.1 * night), c[1], c[2]], 0, 0.94) : shift(c, 0.035 * night);
  const low = Math.max(0, 1 - Math.abs(altitude - 3) / 10) * (1 - 0.7 * grey);
  const snow = (shade: number): Colour => {
    const lit = mix(white, mix(glow, hex("#ffd3d8"), 0.55 * low), 0.12 + 0.3 * low);
    const sky = mix(mix(top, middle, 0.3), white, 0.3);
    return under(mix(light, white, 0.4 * (1 - night)), mix(lit, sky, 0.06 + 0.72 * shade));
  };
  const half = Math.max(1, halfDay(moment));
  const course =
    altitude > 0
      ? (moment.hour - 12.4 + half) / (2 * half)
      : ((moment.hour - 12.4 - half + 24) % 24) / (24 - 2 * half);
  return {
    part: toPart(altitude, moment.hour),
    altitude,
    course,
    night,
    lamp: Math.max(0, Math.min(1, (4 - altitude) / 8)),
    low,
    sharp: Math.max(0, 1 - grey * 1.25) * (1 - 0.6 * night) * (altitude > -3 || night > 0.7 ? 1 : 0.35),
    top,
    middle,
    bottom,
    glow,
    haze,
    moon: ((((moment.days - 10_962.6) / 29.530588) % 1) + 1) % 1,
    season: toSeason(moment),
    on: (colour, depth = 0) => css(themed(mix(under(light, colour), haze, depth))),
    snow: (shade, depth = 0) => css(themed(mix(snow(shade), haze, depth))),
    bare: (colour) => css(themed(colour)),
  };
}

function halfDay(moment: Moment): number {
  let hours = 0;
  for (let h = 12.4; h < 24; h += 0.1) if (sunAltitude({ ...moment, hour: h }) > 0) hours = h - 12.4;
  return hours;
}
