// Desk tasks to tune on, second half: files, text, programs, names, a web page, a bug, messages.

import { readdirSync } from "node:fs";
import { join } from "node:path";
import { csvOf, deskTask, linesOf, near, need, needSaid, numbersIn, seeded, tryProgram } from "./kit.ts";
import { runSync } from "./sandbox.ts";
import type { DeskTask } from "./task.ts";

const downloads: Record<string, string> = {};
for (const name of ["beach.jpg", "team photo.jpg", "logo.png", "screenshot-3.png", "plan.png"])
  downloads[name] = "images";
for (const name of ["invoice-118.pdf", "contract.pdf", "manual v2.pdf"]) downloads[name] = "pdf";
for (const name of ["notes.txt", "budget.xlsx", "setup.zip", "pdf-tips.md"]) downloads[name] = ".";

const documents: Record<string, string> = {
  "budget.txt": "Rent 1200\nPower 180\nPhone 60\n",
  "Copy of budget.txt": "Rent 1200\nPower 180\nPhone 60\n",
  "budget-2025.txt": "Rent 1150\nPower 175\nPhone 60\n",
  "offer.txt": "Dear Ms Roth,\nwe offer 20 chairs for 2,400.\n",
  "offer (1).txt": "Dear Ms Roth,\nwe offer 20 chairs for 2,400.\n",
  "offer (2).txt": "Dear Ms Roth,\nwe offer 20 chairs for 2,400.\n",
  "offer-final.txt": "Dear Ms Roth,\nwe offer 20 chairs for 2,350.\n",
  "agenda.txt": "1 Welcome\n2 Figures\n3 Any other business\n",
  "minutes.txt": "Present: Ada, Ben, Carla\nDecided: new printer\n",
  "minutes-old.txt": "Present: Ada, Ben, Carla\nDecided: new printer\n",
};

const sentences: [string, number][] = [
  ["Our budget for the new office grows this year", 9],
  ["The office needs more light, and the light needs a budget", 7],
  ["We thank the team", 8],
  ["Team and budget belong together", 5],
  ["The customers like the office, the team likes the customers", 4],
  ["This year we plan with care; next year we build", 3],
];
const speech = seeded(21).shuffle(
  sentences.flatMap(([text, count]) => Array<string>(count).fill(`${text}.`)),
);
const wordCounts = new Map<string, number>();
for (const word of speech
  .join(" ")
  .toLowerCase()
  .match(/[a-z]+/g) ?? []) {
  wordCounts.set(word, (wordCounts.get(word) ?? 0) + 1);
}
/** Words of the speech with their counts, most frequent first. */
export const speechWords = [...wordCounts].sort((a, b) => b[1] - a[1]);

const letters: Record<string, string> = {
  "letter.txt": "Dear Acme team,\nthank you for the visit to Acme. Acme is a customer since 2009.\n",
  "readme.md": "# Acme project\n\nContact at Acme: Ms Stone. See contracts/.\n",
  "todo.txt": "call the printer shop\norder coffee\n",
  "contracts/2025.txt": "Between us and Acme, Harbour Street 5.\nAcme pays within 30 days.\n",
  "contracts/terms.md": "Prices for Acme's branches:\n\n- north: 10\n- south: 12\n",
};
const untouched = {
  "data/customers.csv": "id,name\n1,Acme\n2,Lindner\n",
  "data/acme.json": '{"name":"Acme"}\n',
};

const photos: [string, string][] = [
  ["beach", "20260114"],
  ["dinner", "20251231"],
  ["garden", "20260402"],
  ["office", "20260217"],
  ["party", "20251219"],
  ["skyline", "20260308"],
  ["trainride", "20260309"],
  ["workshop", "20260120"],
];
const photoFiles: Record<string, string> = { "photos/about.txt": "All photos by Rita.\n" };
for (const [name, day] of photos) photoFiles[`photos/${name}_${day}.jpg`] = `picture of ${name}\n`;

const menu: [string, string][] = [
  ["Tomato soup", "4.50"],
  ["Lentil curry", "8.90"],
  ["Fish and chips", "11.20"],
  ["Mushroom risotto", "9.80"],
  ["Caesar salad", "7.40"],
  ["Cheese cake", "3.90"],
];

const statsProgram = `"""Small statistics for the monthly report."""


def mean(values):
    return sum(values) / len(values)


def median(values):
    ordered = sorted(values)
    middle = len(ordered) // 2
    if len(ordered) % 2 == 1:
        return ordered[middle]
    return (ordered[middle] + ordered[middle + 1]) / 2


def spread(values):
    return max(values) - min(values)
`;
const statsTest = `import unittest

from stats import mean, median, spread


class StatsTest(unittest.TestCase):
    def test_mean(self):
        self.assertEqual(mean([2, 4, 9]), 5)

    def test_median_odd(self):
        self.assertEqual(median([9, 1, 5]), 5)

    def test_median_even(self):
        self.assertEqual(median([4, 1, 3, 2]), 2.5)

    def test_spread(self):
        self.assertEqual(spread([3, 8, 5]), 5)


if __name__ == "__main__":
    unittest.main()
`;

const billRandom = seeded(22);
const billStates = billRandom.shuffle([
  ...Array<string>(17).fill("open"),
  ...Array<string>(24).fill("paid"),
  ...Array<string>(4).fill("cancelled"),
]);
const billRows = billStates.map((state, i) => [
  `2026-${100 + i}`,
  billRandom.pick(["Lindner", "Okafor", "Petit", "Rossi", "Open Air Ltd"]),
  billRandom.int(100, 900),
  state,
]);

const meeting = linesOf([
  "Meeting of 9 March, room 4",
  "Present: Ada, Ben, Carla, Dan",
  "",
  "Points",
  "- The fair in Leipzig was good, 40 new contacts.",
  "- The projector in room 2 is too dark.",
  "",
  "Tasks",
  "- Ben: order a new projector",
  "- Carla: send the offer to Lindner",
  "- Dan: book the hotel for the audit",
  "- Ben: write to the fair contacts",
  "- Ada: check the travel costs",
  "- Carla: print the badges",
]);

export const tuneRest: DeskTask[] = [
  deskTask({
    id: "files-sort",
    category: "files",
    text:
      "Move the pictures (.jpg and .png) in this folder into a folder called images and the .pdf files into a folder " +
      "called pdf. Leave all other files where they are.",
    files: Object.fromEntries(Object.keys(downloads).map((name) => [name, `content of ${name}\n`])),
    changes: Object.keys(downloads),
    check(look) {
      for (const [name, place] of Object.entries(downloads)) {
        need(look.text(join(place, name)) === `content of ${name}\n`, `${name} is not whole any more`);
        if (place !== ".") need(!look.has(name), `${name} is still in the folder`);
      }
    },
  }),
  deskTask({
    id: "files-copies",
    category: "files",
    text: "Some files in the folder docs are exact copies of each other. Delete the extra copies, so that one of each is left.",
    files: Object.fromEntries(Object.entries(documents).map(([name, text]) => [`docs/${name}`, text])),
    changes: Object.keys(documents).map((name) => `docs/${name}`),
    check(look) {
      const left = look.list("docs");
      for (const name of left)
        need(look.text(`docs/${name}`) === documents[name], `docs/${name} was changed`);
      const texts = new Set(Object.values(documents));
      const kept = new Set(left.map((name) => documents[name]));
      need(kept.size === texts.size, "a document is gone altogether");
      need(left.length === texts.size, `${left.length} files are left instead of ${texts.size}`);
    },
  }),
  deskTask({
    id: "text-words",
    category: "text",
    text:
      "Write the five most frequent words of speech.txt to words.txt, one per line, the most frequent first. Capital and " +
      "small letters count as the same.",
    files: { "speech.txt": linesOf(speech) },
    check(look) {
      const words = look.lines("words.txt").map((line) => line.toLowerCase().match(/[a-z]+/)?.[0] ?? "");
      const wanted = speechWords.slice(0, 5).map(([word]) => word);
      need(
        words.join(" ") === wanted.join(" "),
        `words are: ${words.slice(0, 8).join(" ")}, not: ${wanted.join(" ")}`,
      );
    },
  }),
  deskTask({
    id: "text-new-name",
    category: "text",
    text:
      "The company Acme is now called Northwind. Change the name in all .txt and .md files here and in the subfolders. " +
      "Do not touch other files.",
    files: { ...letters, ...untouched },
    changes: Object.keys(letters),
    check(look) {
      for (const [path, text] of Object.entries(letters)) {
        need(
          look.text(path).trim() === text.replaceAll("Acme", "Northwind").trim(),
          `${path} is not as it should be`,
        );
      }
    },
  }),
  deskTask({
    id: "program-fahrenheit",
    category: "program",
    text:
      "Write a Python script fahrenheit.py. It gets a temperature in Celsius as its argument and prints it in Fahrenheit " +
      "with one digit after the point.",
    files: {},
    check(look) {
      const program = { name: "fahrenheit.py", text: look.text("fahrenheit.py") };
      for (const [celsius, fahrenheit] of [
        ["100", 212],
        ["-40", -40],
        ["36.6", 97.88],
        ["0", 32],
      ] as const) {
        tryProgram(program, {}, ["python3", "fahrenheit.py", celsius], (done) => {
          const said = numbersIn(done.stdout.replace(/(?<=\d)(°|[FC]\b)/g, " ")).at(-1);
          need(done.status === 0 && said !== undefined, `fahrenheit.py ${celsius} prints no number`);
          need(near(said, Math.round(fahrenheit * 10) / 10), `fahrenheit.py ${celsius} prints ${said}`);
        });
      }
    },
  }),
  deskTask({
    id: "program-backup",
    category: "program",
    text:
      "Write a shell script backup.sh which copies all .txt files of the folder it is started in into a subfolder called " +
      "backup. It makes that subfolder if it is not there.",
    files: {},
    check(look) {
      const program = { name: "backup.sh", text: look.text("backup.sh") };
      const files = { "a.txt": "one\n", "two words.txt": "two\n", "c.csv": "1,2\n" };
      for (const before of [files, { ...files, "backup/old.txt": "old\n", "backup/a.txt": "past\n" }]) {
        tryProgram(program, before, ["bash", "backup.sh"], (_done, dir) => {
          const all = readdirSync(dir, { recursive: true }).map(String);
          for (const name of ["a.txt", "two words.txt"]) {
            need(all.includes(name), `backup.sh removes ${name}`);
            const same = runSync(dir, ["cmp", name, `backup/${name}`]).status === 0;
            need(same, `backup.sh does not copy ${name}`);
          }
          need(!all.includes("backup/c.csv"), "backup.sh copies files that are not .txt");
          need(
            !("backup/old.txt" in before) || all.includes("backup/old.txt"),
            "backup.sh empties the backup",
          );
        });
      }
    },
  }),
  deskTask({
    id: "rename-photos",
    category: "rename",
    text:
      "The photos in the folder photos have their date at the end of the name, like beach_20260114.jpg. Rename them all " +
      "so that each starts with its date, like 2026-01-14_beach.jpg.",
    files: photoFiles,
    changes: photos.map(([name, day]) => `photos/${name}_${day}.jpg`),
    check(look) {
      const wanted = photos.map(([name, day]) => [name, day.replace(/(....)(..)(..)/, "$1-$2-$3")] as const);
      for (const [name, day] of wanted) {
        need(
          look.text(`photos/${day}_${name}.jpg`) === `picture of ${name}\n`,
          `${day}_${name}.jpg is another photo`,
        );
      }
      need(
        look.list("photos").length === photos.length + 1,
        `photos holds ${look.list("photos").length} files`,
      );
    },
  }),
  deskTask({
    id: "html-menu",
    category: "html",
    text:
      "Make a web page menu.html from menu.csv: the heading Lunch menu, and below it a table with one row for each dish " +
      "and its price.",
    files: { "menu.csv": csvOf([["dish", "price"], ...menu]) },
    check(look) {
      const page = look.text("menu.html");
      need(/<(h[1-6]|caption)[^>]*>\s*Lunch menu\s*</i.test(page), "there is no heading Lunch menu");
      const table = page.match(/<table[\s\S]*<\/table>/i)?.[0] ?? "";
      const rows = table.match(/<tr[\s>][\s\S]*?<\/tr>/gi)?.map((row) => row.replace(/<[^>]*>/g, " ")) ?? [];
      for (const [dish, price] of menu) {
        const row = rows.filter((text) => text.includes(dish));
        need(row.length === 1, `${row.length} table rows for ${dish}`);
        need(
          numbersIn(row[0]!).some((n) => near(n, Number(price))),
          `the price of ${dish} is not ${price}`,
        );
      }
      need(rows.length <= menu.length + 1, `the table has ${rows.length} rows`);
    },
  }),
  deskTask({
    id: "bugfix-stats",
    category: "bugfix",
    text: "The test in test_stats.py fails. Fix stats.py so that it passes, and do not change the test.",
    files: { "stats.py": statsProgram, "test_stats.py": statsTest },
    changes: ["stats.py"],
    check(look) {
      const program = { name: "stats.py", text: look.text("stats.py") };
      tryProgram(program, { "test_stats.py": statsTest }, ["python3", "test_stats.py"], (done) =>
        need(done.status === 0, "the test still fails"),
      );
      const more =
        "from stats import *\nprint(median([10, 30]), median([8, 2, 4, 6, 0, 9]), mean([1, 2]), spread([7]))\n";
      tryProgram(program, { "more.py": more }, ["python3", "more.py"], (done) =>
        need(numbersIn(done.stdout).join(" ") === "20 5 1.5 0", "stats.py is wrong for other numbers"),
      );
    },
  }),
  deskTask({
    id: "message-open",
    category: "message",
    text: "Send Ada a message that says how many invoices in invoices.csv are still open.",
    files: { "invoices.csv": csvOf([["number", "customer", "amount", "state"], ...billRows]) },
    check: (look) => needSaid(look.told("Ada"), 17, "message to Ada"),
  }),
  deskTask({
    id: "message-tasks",
    category: "message",
    text: "Send Ben and Carla one message each with their own tasks from meeting.txt.",
    files: { "meeting.txt": meeting },
    check(look) {
      const marks = {
        Ben: ["projector", "contacts"],
        Carla: ["offer", "badges"],
        others: ["hotel", "travel costs"],
      };
      for (const [name, mine, not] of [
        ["Ben", marks.Ben, [...marks.Carla, ...marks.others]],
        ["Carla", marks.Carla, [...marks.Ben, ...marks.others]],
      ] as const) {
        const text = look.told(name).toLowerCase();
        for (const mark of mine) need(text.includes(mark), `message to ${name} lacks: ${mark}`);
        for (const mark of not)
          need(!text.includes(mark), `message to ${name} has a task of another: ${mark}`);
      }
    },
  }),
];
