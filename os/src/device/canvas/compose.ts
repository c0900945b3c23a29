// The composer: from a scene to a picture. It lays out the land of the setting, then puts the cast and the things on it, from
// the far shore to your feet, and the weather before all. Pure: the same scene is the same picture.

import { toCast } from "./cast.ts";
import { paintBees, paintWorkers } from "./paint/air.ts";
import { createChance } from "./paint/chance.ts";
import { hex, mix } from "./paint/colour.ts";
import { paintFinish } from "./paint/finish.ts";
import { type Mountain, mist, paintFar, paintHills } from "./paint/hills.ts";
import { createLight, type Light, type Moment, sunAltitude } from "./paint/light.ts";
import { createFolds } from "./paint/meadow.ts";
import { type Picture, pictureHeight } from "./paint/paint.ts";
import { createDefs, el } from "./paint/shape.ts";
import { lamps, paintSky } from "./paint/sky.ts";
import type { Stage } from "./paint/stage.ts";
import { paintWater } from "./paint/water.ts";
import {
  paintCrests,
  paintFog,
  paintFogSky,
  paintLightning,
  paintOvercast,
  paintRain,
  paintRainbow,
  paintSnowfall,
  paintStormRoof,
  paintTint,
} from "./paint/weather.ts";
import { populate } from "./populate.ts";
import { countOf, type SceneText } from "./scene.ts";

/** How the land of a setting lies. */
export interface Lay {
  mountains: readonly Mountain[];
  hills: number;
  /** Where its water lies, as parts of the height; null when it has none. */
  water: { top: number; bottom: number; open: boolean } | null;
  /** Crests of the three folds. */
  folds: readonly [number, number, number];
  sand: boolean;
}

const inland = { folds: [0.57, 0.715, 0.88], water: null, sand: false } as const;
const byWater = {
  folds: [0.66, 0.775, 0.905],
  water: { top: 0.547, bottom: 0.82, open: false },
  sand: false,
} as const;

const lays: Record<SceneText["setting"], Lay> = {
  lake: { ...byWater, mountains: ["cone", "range", "rolling"], hills: 2 },
  village: { ...byWater, mountains: ["rolling", "range"], hills: 2 },
  mountains: { ...byWater, folds: [0.63, 0.765, 0.9], mountains: ["cone", "range"], hills: 1 },
  sea: {
    mountains: ["islands"],
    hills: 0,
    water: { top: 0.472, bottom: 0.86, open: true },
    folds: [0.715, 0.79, 0.9],
    sand: true,
  },
  meadow: { ...inland, mountains: ["rolling", "range"], hills: 2 },
  garden: { ...inland, mountains: ["rolling"], hills: 1 },
  forest: { ...inland, mountains: ["rolling"], hills: 2 },
};

const days: Record<SceneText["season"], number> = { spring: 104, summer: 186, autumn: 289, winter: 24 };

// Degrees of the sun, and whether it rises.
const suns: Record<SceneText["time"], { altitude: number; rising: boolean } | null> = {
  dawn: { altitude: -1.5, rising: true },
  morning: { altitude: 17, rising: true },
  noon: { altitude: 90, rising: true },
  afternoon: { altitude: 26, rising: false },
  sunset: { altitude: 2.5, rising: false },
  dusk: { altitude: -5.5, rising: false },
  night: null,
};

const grey: Record<SceneText["weather"], number> = {
  clear: 0,
  rainbow: 0.15,
  cloudy: 0.5,
  fog: 0.6,
  snow: 0.55,
  rain: 0.8,
  storm: 1,
};

/** The moment of a scene: the hour at which the sun of that season stands as the time of day says. */
export function toSceneMoment({ season, time, weather, seed }: SceneText): Moment {
  const day = days[weather === "snow" ? "winter" : season];
  const sun = suns[time];
  // A moon that is neither new nor always full.
  const days1970 = 20_000.9 + ((seed * 7) % 11);
  if (!sun) return { day, hour: 23 + ((seed * 13) % 10) / 10, days: days1970 };
  let best = 12.4;
  for (let h = 3; h <= 21.8; h += 0.05) {
    if (h < 12.4 !== sun.rising) continue;
    const away = (hour: number) => Math.abs(sunAltitude({ day, hour, days: 0 }) - sun.altitude);
    if (away(h) < away(best)) best = h;
  }
  return { day, hour: best, days: days1970 };
}

const aspects: Record<SceneText["frame"], number> = { wide: 1.72, square: 1.08, tall: 0.78 };

/** Whether the picture has water: by its setting, or because something in it needs some. */
export function hasWater(scene: SceneText): boolean {
  return (
    lays[scene.setting].water !== null ||
    countOf(scene.things, "boat") + countOf(scene.things, "sailboat") > 0 ||
    countOf(scene.animals, "duck") + countOf(scene.animals, "swan") > 0 ||
    scene.people.some((one) => one.doing === "row")
  );
}

function layOf(scene: SceneText): Lay {
  const lay = lays[scene.setting];
  return lay.water === null && hasWater(scene) ? { ...lay, water: byWater.water, folds: byWater.folds } : lay;
}

// Sand is painted as dry grass without a leaf; the season is told so.
function toSand(light: Light): Light {
  const snow = light.season.snow;
  const pale = mix(hex("#e6d3a4"), hex("#f2f4f8"), snow * 0.5);
  return {
    ...light,
    season: { ...light.season, grass: pale, dryGrass: hex("#eaddb8"), bare: 1, blossom: 0, turned: 0 },
  };
}

/** Paints a scene. `prefix` begins the ids of its definitions. */
export function compose(scene: SceneText, prefix = "hs"): Picture {
  const height = pictureHeight;
  const width = Math.round(height * aspects[scene.frame]);
  const chance = createChance(`scene/${scene.seed}`);
  const light = createLight(toSceneMoment(scene), "light", grey[scene.weather]);
  const defs = createDefs(prefix);
  const still = scene.mood === "calm" && scene.weather === "clear";
  const stage: Stage = { width, height, horizon: height * 0.47, light, chance, defs, lightX: 0, still };
  const { sun, moon } = lamps(stage);
  stage.lightX = light.altitude > -4 ? sun[0] : moon[0];
  const lay = layOf(scene);
  const place = chance.fork("place");
  const mountain = place.pick(lay.mountains);
  const side: -1 | 1 = scene.focus === "left" ? 1 : scene.focus === "right" ? -1 : place.pick([-1, 1]);
  const sky = paintSky(stage, grey[scene.weather]);
  const far = paintFar(stage, mountain, side);
  const hills = paintHills(stage, lay.hills);
  const { water: basin } = lay;
  const water = basin
    ? paintWater(stage, [...far.layers, ...hills.layers], {
        top: height * basin.top,
        bottom: height * basin.bottom,
        calm: still,
        open: basin.open,
      })
    : [];
  const ground: Stage = lay.sand ? { ...stage, sand: true, light: toSand(light) } : stage;
  const folds = createFolds(ground, side, lay.folds);
  const cast = toCast(scene, chance.fork("cast"), basin !== null);
  const near = populate({
    scene,
    stage,
    ground,
    folds,
    cast,
    side,
    shore: basin ? height * basin.top : null,
  });
  const names = (kind: string, count: number) =>
    Array.from({ length: count }, (_, i) => `${scene.seed}${kind}${i}`);
  const dark = light.night > 0.6;
  const flying = dark
    ? cast.fireflies * 3 + (["dreamy", "mysterious"].includes(scene.mood) ? 9 : 0)
    : cast.birds + (scene.mood === "joyful" ? 4 : 0);
  return {
    width,
    height,
    light,
    sky: sky.still,
    clouds: [
      ...(scene.weather === "rain" || scene.weather === "storm" ? paintOvercast(stage) : []),
      ...(scene.weather === "storm" ? paintLightning(stage) : []),
      ...(scene.weather === "fog" ? paintFogSky(stage) : sky.clouds),
      ...(scene.weather === "storm" ? paintStormRoof(stage) : []),
      ...(scene.weather === "rainbow" ? paintRainbow(stage) : []),
    ],
    land: [
      ...far.shapes,
      ...(lay.sand ? [] : [mist(stage, stage.horizon + 12, 64, 0.45)]),
      ...hills.shapes,
      ...(basin ? [] : [toValley(stage)]),
      ...water,
      ...(basin && scene.weather === "storm"
        ? paintCrests(stage, height * basin.top, height * lay.folds[0])
        : []),
      ...(scene.weather === "fog" ? paintFog(stage) : []),
      ...near,
    ],
    air: [
      ...paintWorkers(stage, names("air", flying)),
      ...(cast.butterflies > 0 || scene.mood === "joyful"
        ? paintBees(stage, chance.fork("bees"), height * 0.84)
        : []),
      ...(scene.weather === "rain" || scene.weather === "storm"
        ? paintRain(stage, scene.weather === "storm")
        : []),
      ...(scene.weather === "fog" ? paintFog(stage, 0.45) : []),
      ...(scene.weather === "snow" ? paintSnowfall(stage) : []),
      ...tintOf(stage, scene.mood),
      ...paintFinish(stage),
    ],
    defs: defs.shapes,
  };
}

// Where no water lies, the land goes on behind the first fold.
function toValley({ width, height, horizon, light, defs }: Stage) {
  const fill = light.on(mix(light.season.grass, light.season.leaf, 0.4), 0.34);
  const snow = light.season.snow > 0.3;
  const colour = snow ? light.snow(0.5, 0.3) : fill;
  const box = { x: -20, y: horizon + 24, width: width + 40, height: height * 0.25 };
  const fade = defs.down(
    [
      [0, colour, 0],
      [1, colour, 1],
    ],
    horizon + 24,
    horizon + 74,
  );
  return el("rect", { ...box, fill: fade });
}

function tintOf(stage: Stage, mood: SceneText["mood"]) {
  if (mood === "joyful" || mood === "festive") return paintTint(stage, "#ffcf70", 0.09);
  if (mood === "dreamy") return paintTint(stage, "#f3b6d8", 0.14);
  if (mood === "melancholy") return paintTint(stage, "#5f7fa8", 0.16);
  if (mood === "mysterious") return paintTint(stage, "#3f5f86", 0.18);
  return [];
}
