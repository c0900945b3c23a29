// Held-out desk tasks, first half: CSV, JSON, logs and dates. Nobody tunes on these.

import { csvOf, deskTask, linesOf, near, need, needSaid, numbersIn, seeded } from "./kit.ts";
import type { DeskTask } from "./task.ts";

const two = (value: number): string => String(value).padStart(2, "0");

const scoreRandom = seeded(31);
const pupils =
  "Anna Bela Cem Dora Emil Fritz Gina Hugo Ines Jan Kira Leo Mila Nils Olga Pia Quinn Rosa Sven Tim".split(
    " ",
  );
const scores = pupils.map((name) => [name, scoreRandom.pick(["A", "B"]), scoreRandom.int(31, 100)] as const);
const average = scores.reduce((sum, row) => sum + row[2], 0) / scores.length;

const staffRandom = seeded(32);
const staff = [
  ...[
    "Adler",
    "Brandt",
    "Conti",
    "Dietz",
    "Engel",
    "Fuchs",
    "Gruber",
    "Hoff",
    "Ivanov",
    "Jung",
    "Kern",
    "Lang",
  ],
  ...[
    "Moser",
    "Nagel",
    "Otto",
    "Pohl",
    "Quast",
    "Reuter",
    "Sommer",
    "Thiel",
    "Ulrich",
    "Vogel",
    "Wolf",
    "Zander",
  ],
].map((name, i) => ({
  name,
  city: staffRandom.pick(["Berlin", "Hamburg", "Munich"]),
  salary: 31_000 + ((i * 7919) % 97) * 430,
}));
const berliners = staff.filter((p) => p.city === "Berlin").sort((a, b) => b.salary - a.salary);

const goods: [string, number][] = [
  ["folder", 189],
  ["marker", 245],
  ["envelope", 12],
  ["toner", 6490],
  ["paper tray", 1875],
  ["mouse", 1499],
  ["keyboard", 3995],
  ["cable", 799],
  ["webcam", 5420],
  ["headset", 4450],
];
const wanted: [string, number][] = [
  ["toner", 4],
  ["envelope", 250],
  ["webcam", 3],
  ["marker", 20],
  ["cable", 12],
  ["keyboard", 5],
];
const orderCents = wanted.reduce(
  (sum, [name, count]) => sum + count * goods.find((g) => g[0] === name)![1],
  0,
);

const stockRandom = seeded(33);
const stock = [
  ...[
    "apple juice",
    "basil",
    "butter",
    "coffee beans",
    "flour",
    "garlic",
    "honey",
    "lemons",
    "milk",
    "oat flakes",
  ],
  ...["olive oil", "pasta", "rice", "salt", "sugar", "tea", "tomatoes", "vinegar"],
].map((product) => ({
  product,
  stock: stockRandom.int(0, 40),
  minimum: stockRandom.pick([5, 10, 15, 20]),
  unit: "pcs",
}));
stock[3] = { ...stock[3]!, stock: 10, minimum: 10 };
const toOrder = stock.filter((item) => item.stock < item.minimum).map((item) => item.product);

const member = (name: string, role: string) => ({ name, role, email: `${name.toLowerCase()}@example.com` });
const teamA = [
  member("Selma", "lead"),
  member("Boris", "driver"),
  member("Klara", "cook"),
  member("Mateo", "cook"),
  member("Hanna", "cashier"),
];
const teamB = [
  member("Tilda", "lead"),
  member("Klara", "cook"),
  member("Ahmed", "driver"),
  member("Boris", "driver"),
  member("Fiona", "cashier"),
  member("Josef", "cook"),
];
const everybody = [...teamA, ...teamB.filter((b) => teamA.every((a) => a.name !== b.name))]
  .map((m) => m.name)
  .sort();

const serverRandom = seeded(34);
const warningsByHour = [3, 2, 1, 2, 4, 6, 9, 14, 22, 31, 27, 25, 18, 24, 36, 29, 21, 17, 12, 8, 7, 5, 4, 3];
const serverLog = warningsByHour.flatMap((warnings, hour) => {
  const rest = Array.from({ length: hour === 9 ? 140 : 70 }, () =>
    serverRandom.pick(["INFO", "INFO", "INFO", "ERROR"]),
  );
  const levels = serverRandom.shuffle([...Array<string>(warnings).fill("WARN"), ...rest]);
  return levels.map((level, i) => {
    const at = Math.floor((i * 3600) / levels.length);
    const text = { INFO: "request served", ERROR: "request failed", WARN: "queue is long" }[level];
    return `2026-02-11T${two(hour)}:${two(Math.floor(at / 60))}:${two(at % 60)} ${level} worker-${serverRandom.int(1, 4)} ${text}`;
  });
});

const loginRandom = seeded(35);
const failures: [string, number][] = [
  ["petra", 23],
  ["peter", 19],
  ["yasmin", 15],
  ["oscar", 6],
  ["dana", 2],
];
const loginLog = loginRandom
  .shuffle([
    ...failures.flatMap(([user, count]) => Array<string>(count).fill(`login FAILED user=${user}`)),
    ...["peter", "peter", "dana", "oscar", "yasmin", "petra"].flatMap((user) =>
      Array<string>(loginRandom.int(20, 45)).fill(`login ok user=${user}`),
    ),
  ])
  .map(
    (text, i) =>
      `Feb 11 ${two(7 + Math.floor(i / 30))}:${two((i % 30) * 2)}:${two((i * 7) % 60)} gate sshd: ${text}`,
  );

const projects: [string, string, string][] = [
  ["Website", "2026-01-05", "2026-02-20"],
  ["Moving house", "2025-11-24", "2025-12-12"],
  ["Training", "2026-02-16", "2026-03-06"],
  ["New logo", "2025-12-15", "2026-01-09"],
  ["Stock count", "2025-12-29", "2025-12-31"],
  ["Survey", "2024-02-12", "2024-03-11"],
  ["Fair", "2026-03-01", "2026-04-01"],
  ["Archive", "2025-01-01", "2026-01-01"],
];
const daysBetween = (from: string, to: string): number => (Date.parse(to) - Date.parse(from)) / 86_400_000;

const birthdays: [string, string][] = [
  ["Ada", "1988-05-17"],
  ["Ben", "1979-11-05"],
  ["Carla", "1992-05-03"],
  ["Dan", "1985-08-25"],
  ["Ewa", "1999-05-29"],
  ["Finn", "2001-03-05"],
  ["Grace", "1974-05-09"],
  ["Hiro", "1983-12-12"],
  ["Iris", "1996-04-30"],
  ["Juan", "1990-06-01"],
  ["Kofi", "1969-05-21"],
  ["Lena", "2000-10-05"],
  ["Milo", "1981-02-15"],
  ["Noor", "1994-07-07"],
];
const inMay = birthdays
  .filter(([, day]) => day.slice(5, 7) === "05")
  .sort((a, b) => (a[1].slice(8) < b[1].slice(8) ? -1 : 1));

export const heldTables: DeskTask[] = [
  deskTask({
    id: "csv-average",
    category: "csv",
    text: "Work out the average score in results.csv and write it to average.txt with two digits after the point.",
    files: { "results.csv": csvOf([["name", "class", "score"], ...scores]) },
    check: (look) => look.holdsNumber("average.txt", Math.round(average * 100) / 100),
  }),
  deskTask({
    id: "csv-berlin",
    category: "csv",
    text: "Make berlin.csv with all the people in staff.csv who work in Berlin, the highest salary first, with the same columns.",
    files: {
      "staff.csv": csvOf([["name", "city", "salary"], ...staff.map((p) => [p.name, p.city, p.salary])]),
    },
    check: (look) =>
      look.holdsRows(
        "berlin.csv",
        "name",
        berliners.map((p) => [p.name, p.city, p.salary]),
      ),
  }),
  deskTask({
    id: "csv-order-cost",
    category: "csv",
    text:
      "order.csv says how many of each product we want, and prices.csv what one of each costs. Work out what the whole " +
      "order costs and write it to cost.txt.",
    files: {
      "prices.csv": csvOf([
        ["product", "price"],
        ...goods.map(([name, price]) => [name, (price / 100).toFixed(2)]),
      ]),
      "order.csv": csvOf([["product", "count"], ...wanted]),
    },
    check: (look) => look.holdsNumber("cost.txt", orderCents / 100),
  }),
  deskTask({
    id: "json-reorder",
    category: "json",
    text: "Write the names of all products in stock.json of which there is less than the minimum to reorder.txt, one per line.",
    files: { "stock.json": `${JSON.stringify(stock, null, 2)}\n` },
    check(look) {
      const lines = look.lines("reorder.txt").map((line) => line.replace(/^[-*] /, ""));
      const wrong = lines.find((line) => !toOrder.includes(line));
      need(wrong === undefined, `${wrong} has no place in reorder.txt`);
      const missing = toOrder.find((product) => !lines.includes(product));
      need(missing === undefined, `${missing} is missing`);
    },
  }),
  deskTask({
    id: "json-teams",
    category: "json",
    text:
      "Put the lists in team-a.json and team-b.json together into one list in team.json, in alphabetical order of the " +
      "names. Who is in both must be in it only once.",
    files: {
      "team-a.json": `${JSON.stringify(teamA, null, 2)}\n`,
      "team-b.json": `${JSON.stringify(teamB, null, 2)}\n`,
    },
    check(look) {
      const team: unknown = JSON.parse(look.text("team.json"));
      need(Array.isArray(team), "team.json is not a list");
      const names = team.map((m) => m?.name).join(" ");
      need(names === everybody.join(" "), `the names are ${names}`);
      for (const m of team) {
        const old = [...teamA, ...teamB].find((other) => other.name === m.name);
        need(m.role === old?.role && m.email === old?.email, `the data of ${m.name} were changed`);
      }
    },
  }),
  deskTask({
    id: "log-hour",
    category: "logs",
    text: "In which hour of the day has server.log the most warnings (WARN)? Write the hour and how many they are to busiest.txt.",
    files: { "server.log": linesOf(serverLog) },
    check(look) {
      const text = look.text("busiest.txt").replace(/2026-02-11[T ]?/g, " ");
      need(text.length < 200, "busiest.txt is a dump instead of an answer");
      const clock = text.replace(/\b(\d\d):\d\d(:\d\d)?\b/g, " $1 ");
      const numbers = numbersIn(clock);
      need(
        numbers.some((n) => near(n, 36)),
        "busiest.txt does not say 36 warnings",
      );
      const afternoon = /\b0?2(:00)? ?p\.?m/i.test(text);
      need(afternoon || numbers.some((n) => near(n, 14)), "busiest.txt does not say hour 14");
    },
  }),
  deskTask({
    id: "log-logins",
    category: "logs",
    text: "Which user has the most failed logins in login.log, and how many? Tell me both.",
    files: { "login.log": linesOf(loginLog) },
    check(look) {
      need(/\bpetra\b/i.test(look.answer), "the answer does not name the right user");
      needSaid(look.answer, 23, "the answer");
    },
  }),
  deskTask({
    id: "date-days",
    category: "dates",
    text:
      "projects.csv has the start and the end of each project. Write days.csv with the columns name and days, where days " +
      "is the number of days from the start to the end (from 2026-01-01 to 2026-01-03 are 2 days).",
    files: { "projects.csv": csvOf([["name", "start", "end"], ...projects]) },
    check: (look) =>
      look.holdsRows(
        "days.csv",
        "name",
        projects.map(([name, from, to]) => [name, daysBetween(from, to)]),
      ),
  }),
  deskTask({
    id: "date-may",
    category: "dates",
    text: "Write the names of all who have their birthday in May to may.txt, one per line, in the order of the days in May. See birthdays.csv.",
    files: { "birthdays.csv": csvOf([["name", "birthday"], ...birthdays]) },
    check(look) {
      const names = look.lines("may.txt").map((line) => line.match(/[A-Za-z]+/)?.[0] ?? "");
      const wantedNames = inMay.map(([name]) => name).join(" ");
      need(names.join(" ") === wantedNames, `the names are ${names.join(" ")} instead of ${wantedNames}`);
    },
  }),
];
