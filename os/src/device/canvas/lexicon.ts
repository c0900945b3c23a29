// The words by which a picture is changed, in English and Chinese: each is one value of one field of a scene. Longer words
// go before shorter ones that they contain; plurals are made by the reader (edit.ts).

import type { SceneText } from "./scene.ts";

/** What a word means. */
export type Meaning =
  | {
      [F in "setting" | "time" | "season" | "weather" | "mood" | "focus" | "view" | "frame"]: {
        field: F;
        value: SceneText[F];
      };
    }["setting" | "time" | "season" | "weather" | "mood" | "focus" | "view" | "frame"]
  | { field: "animals"; value: SceneText["animals"][number]["kind"] }
  | { field: "things"; value: SceneText["things"][number]["kind"] }
  | { field: "trees"; value: SceneText["trees"][number] }
  | { field: "people"; value: SceneText["people"][number]["who"] }
  | { field: "doing"; value: SceneText["people"][number]["doing"] };

type Field = Meaning["field"];

const words: Record<Field, Record<string, string>> = {
  setting: {
    lake: "lake pond lakeside 湖",
    sea: "sea ocean beach coast seaside shore 海 海边 沙滩",
    meadow: "meadow field grassland prairie 草地 田野",
    forest: "forest wood woods 森林 树林",
    mountains: "mountain mountains alps hills 山 群山",
    village: "village town hamlet 村 村庄 小镇",
    garden: "garden park yard 花园 园子 公园",
  },
  time: {
    dawn: "dawn sunrise daybreak 黎明 日出 清晨",
    morning: "morning 早上 早晨 上午",
    noon: "noon midday day daytime daylight 中午 白天",
    afternoon: "afternoon 下午",
    sunset: "sunset evening 日落 傍晚 黄昏",
    dusk: "dusk twilight nightfall 暮色",
    night: "night midnight nighttime dark moonlight 夜 夜里 晚上 夜晚",
  },
  season: {
    spring: "spring blossom 春 春天",
    summer: "summer 夏 夏天",
    autumn: "autumn fall 秋 秋天",
    winter: "winter 冬 冬天",
  },
  weather: {
    clear: "clear sunny sunshine bright 晴 晴天",
    cloudy: "cloudy clouds overcast grey gray 多云 阴",
    rain: "rain rainy raining 雨 下雨",
    storm: "storm stormy thunderstorm lightning 暴风雨 雷雨",
    snow: "snow snowy snowing snowfall 雪 下雪",
    fog: "fog foggy mist misty 雾",
    rainbow: "rainbow 彩虹",
  },
  mood: {
    calm: "calm quiet peaceful 平静 安静",
    joyful: "joyful happy cheerful merry 快乐 欢乐",
    festive: "festive party celebration 节日 喜庆",
    dreamy: "dreamy dream romantic 梦幻 浪漫",
    melancholy: "melancholy sad lonely 忧伤 悲伤",
    mysterious: "mysterious spooky mystery 神秘",
  },
  focus: { left: "left 左 左边", middle: "middle centre center 中间", right: "right 右 右边" },
  view: { close: "close closer near nearer 近 靠近", wide: "wide wider far farther distant 远 更远" },
  frame: { wide: "landscape 横", square: "square 方 方形", tall: "tall portrait upright 竖" },
  animals: {
    cat: "cat kitten 猫",
    dog: "dog puppy 狗",
    rabbit: "rabbit bunny hare 兔 兔子",
    fox: "fox 狐狸",
    deer: "deer stag 鹿",
    fawn: "fawn 小鹿",
    sheep: "sheep lamb 羊",
    cow: "cow 牛",
    horse: "horse pony 马",
    bear: "bear 熊",
    elephant: "elephant 大象",
    hen: "hen chicken 鸡 母鸡",
    owl: "owl 猫头鹰",
    crane: "crane 鹤",
    heron: "heron 鹭",
    duck: "duck 鸭 鸭子",
    swan: "swan 天鹅",
    bird: "bird gull seagull 鸟",
    butterfly: "butterfly 蝴蝶",
    firefly: "firefly fireflies 萤火虫",
  },
  things: {
    house: "house cottage cabin hut home 房子 小屋",
    boat: "boat canoe rowboat 船 小船",
    sailboat: "sailboat yacht sail 帆船",
    lantern: "lantern lamp light 灯 灯笼",
    campfire: "campfire fire bonfire 篝火",
    bench: "bench 长椅",
    table: "table picnic 桌 桌子",
    tent: "tent 帐篷",
    lighthouse: "lighthouse 灯塔",
    windmill: "windmill mill 风车",
    kite: "kite 风筝",
    balloon: "balloon 气球 热气球",
    bicycle: "bicycle bike 自行车",
    fence: "fence 篱笆",
    flowers: "flower flowers 花",
    path: "path way road trail 路 小路",
    snowman: "snowman 雪人",
    robot: "robot hum 机器人",
  },
  trees: {
    broad: "oak 橡树",
    maple: "maple 枫树",
    cherry: "cherry 樱花 樱桃树",
    pine: "pine 松树",
    fir: "fir spruce 杉树",
    birch: "birch 桦树",
    poplar: "poplar 杨树",
    willow: "willow 柳树",
  },
  people: {
    woman: "woman women lady mother mum mom grandmother she 女人 妈妈 奶奶",
    man: "man men father dad grandfather person people he 男人 爸爸 爷爷 人",
    girl: "girl daughter sister child children kid 女孩 孩子",
    boy: "boy son brother 男孩",
  },
  doing: {
    stand: "standing 站",
    walk: "walking 走",
    sit: "sitting resting 坐",
    read: "reading 读书 看书",
    talk: "talking 说话 聊天",
    wave: "waving 挥手",
    carry: "carrying 提着",
    pick: "picking gathering 采",
    kneel: "kneeling 跪",
    reach: "reaching",
    row: "rowing 划船",
    work: "working digging 工作 干活",
  },
};

const chinese = /\p{Script=Han}/u;

/** All words with what they mean; the Chinese ones from long to short, because Chinese has no spaces. */
export const lexicon: { latin: ReadonlyMap<string, Meaning>; han: readonly (readonly [string, Meaning])[] } =
  (() => {
    const latin = new Map<string, Meaning>();
    const han: [string, Meaning][] = [];
    for (const [field, values] of Object.entries(words))
      for (const [value, list] of Object.entries(values))
        for (const word of list.split(" ")) {
          const meaning = { field, value } as Meaning;
          if (chinese.test(word)) han.push([word, meaning]);
          else latin.set(word, meaning);
        }
    return { latin, han: han.sort((a, b) => b[0].length - a[0].length) };
  })();
