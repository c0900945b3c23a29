// Held-out desk tasks, second half: files, text, programs, names, a web page, a bug, messages. Nobody tunes on these.

import { csvOf, deskTask, linesOf, need, needSaid, numbersIn, rowsOf, seeded, tryProgram } from "./kit.ts";
import type { DeskTask } from "./task.ts";

const reportLines: [string, number][] = [
  ["april.txt", 41],
  ["august.txt", 118],
  ["february.txt", 37],
  ["july.txt", 96],
  ["june summary.txt", 133],
  ["june.txt", 64],
  ["march.txt", 9],
  ["may.txt", 125],
  ["zz-old.txt", 22],
];
const reports: Record<string, string> = {};
for (const [name, count] of reportLines) {
  reports[`reports/${name}`] = linesOf(
    Array.from({ length: count }, (_, i) => `${name} line ${i + 1}: all in order`),
  );
}
const largest = ["august.txt", "june summary.txt", "may.txt"];

const projectFiles: Record<string, string> = {
  "project/readme.txt": "Garden project\n",
  "project/empty.txt": "",
  "project/plan/april.txt": "sow tomatoes\n",
  "project/plan/may.txt": "",
  "project/plan/june july.txt": "",
  "project/plan/ok.txt": "ok\n",
  "project/costs/seeds.csv": "item,price\nseeds,12\n",
  "project/costs/tools.csv": "",
  "project/costs/2025/old.csv": "item,price\n",
  "project/costs/2025/none.log": "",
  "project/zero.txt": "0\n",
};

const mails = `From: ms.tailor@example.com
To: office@harbour.example
Subject: Order 118

Dear team,
please send the parcel to my brother, max.tailor@example.org, and a copy of
the bill to accounts@tailor.example. Questions: ms.tailor@example.com.

From: office@harbour.example
To: ms.tailor@example.com
Subject: Re: Order 118

Dear Ms Tailor,
the parcel left today. Our driver is Ben Abel <b.abel@harbour.example>;
the bill went to accounts@tailor.example (see www.harbour.example/bills).

From: b.abel@harbour.example
To: office@harbour.example
Subject: parcel 118

Nobody at home. I left it with the neighbour at 5 pm @ number 12.
`;
const mailAddresses = [
  "accounts@tailor.example",
  "b.abel@harbour.example",
  "max.tailor@example.org",
  "ms.tailor@example.com",
  "office@harbour.example",
];

const bookRandom = seeded(41);
const chapters = Array.from({ length: 12 }, (_, i) => {
  const line = () =>
    `The ${bookRandom.pick(["old", "young", "tired"])} ${bookRandom.pick(["captain", "cook", "pilot"])} looked at the sea.`;
  return linesOf([`Chapter ${i + 1}`, ...Array.from({ length: bookRandom.int(3, 7) }, line)]);
});

const scans = Object.fromEntries(
  Array.from({ length: 12 }, (_, i) => [`scans/scan${i + 1}.pdf`, `scanned page ${i + 1}\n`]),
);

const links = [
  "https://www.example.com/",
  "https://shop.example.com/offers?week=12",
  "/contact.html",
  "impressum.html",
  "https://news.example.org/2026/spring.html",
  "mailto:office@example.com",
  "downloads/price-list.pdf",
];
const homePage = `<!DOCTYPE html>
<html>
<head>
  <title>Harbour Office</title>
  <link rel="stylesheet" href="style.css">
</head>
<body>
  <h1>Welcome</h1>
  <img src="logo.png" alt="logo">
  <ul class="menu">
    <li><a href="${links[0]}">Home</a></li>
    <li><a href="${links[1]}">Offers</a> and <a href="${links[2]}">Contact</a></li>
    <li><a class="small" href="${links[3]}">Imprint</a></li>
  </ul>
  <p>Read our <a href="${links[4]}" target="_blank">spring news</a>, see
  https://not-a-link.example.com in any browser, or
  <a href="${links[5]}">write to us</a>.</p>
  <p><a href="${links[6]}">Price list</a></p>
</body>
</html>
`;

const expenses = `date,what,amount
2026-01-08,train,49.90
2026-01-19,hotel,182.00
2026-01-30,lunch,
2026-02-03,books,35.50
2026-02-14,taxi,
2026-02-20,train,61.20
2026-03-02,paper,18.75
2026-03-09,coffee,24.00
`;
const reportProgram = `"""Prints the sum of the expenses of each month."""
import csv
import sys


def totals(path):
    sums = {}
    with open(path) as file:
        for row in csv.DictReader(file):
            month = row["date"][:7]
            sums[month] = sums.get(month, 0) + float(row["amount"])
    return sums


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else "expenses.csv"
    for month, total in sorted(totals(path).items()):
        print(f"{month} {total:.2f}")
`;

const dealRandom = seeded(42);
const sellers = ["Imani", "Jakob", "Lotte", "Ravi"];
const deals = Array.from({ length: 30 }, (_, i) => [
  `2026-01-${String(i + 1).padStart(2, "0")}`,
  i % 3 === 0 ? "Jakob" : dealRandom.pick(sellers),
  dealRandom.int(20, 60) * 10,
]);
deals[4] = ["2026-01-05", "Lotte", 1990];
const soldBy = new Map(
  sellers.map((name) => [name, deals.filter((d) => d[1] === name).reduce((sum, d) => sum + Number(d[2]), 0)]),
);
const best = [...soldBy].sort((a, b) => b[1] - a[1])[0]!;

const rota = [
  ["2026-03-09", "Monday", "Theo", "reception"],
  ["2026-03-10", "Tuesday", "Ursula", "reception"],
  ["2026-03-11", "Wednesday", "Theo", "reception"],
  ["2026-03-12", "Thursday", "Viktor", "reception"],
  ["2026-03-13", "Friday", "Wanda", "reception"],
  ["2026-03-16", "Monday", "Ursula", "reception"],
  ["2026-03-17", "Tuesday", "Theo", "reception"],
  ["2026-03-18", "Wednesday", "Viktor", "reception"],
  ["2026-03-19", "Thursday", "Wanda", "reception"],
];

export const heldRest: DeskTask[] = [
  deskTask({
    id: "files-largest",
    category: "files",
    text: "Copy the three largest files of the folder reports into a new folder called large.",
    files: reports,
    check(look) {
      const found = look.list("large");
      need(found.join("|") === largest.join("|"), `large holds: ${found.join(", ")}`);
      for (const name of largest)
        need(look.text(`large/${name}`) === reports[`reports/${name}`], `large/${name} differs`);
    },
  }),
  deskTask({
    id: "files-empty",
    category: "files",
    text: "Delete all empty files in the folder project and its subfolders, and nothing else.",
    files: projectFiles,
    changes: Object.keys(projectFiles).filter((path) => projectFiles[path] === ""),
    check(look) {
      const left = Object.keys(projectFiles).find((path) => projectFiles[path] === "" && look.has(path));
      need(left === undefined, `${left} is still there`);
    },
  }),
  deskTask({
    id: "text-addresses",
    category: "text",
    text: "Collect all e-mail addresses in mails.txt into addresses.txt: one per line, in alphabetical order, each only once.",
    files: { "mails.txt": mails },
    check: (look) => look.holdsLines("addresses.txt", mailAddresses),
  }),
  deskTask({
    id: "text-book",
    category: "text",
    text: "Put the chapters, chapter-1.txt to chapter-12.txt, together into one file book.txt, in the right order.",
    files: Object.fromEntries(chapters.map((text, i) => [`chapter-${i + 1}.txt`, text])),
    check: (look) =>
      look.holdsLines(
        "book.txt",
        chapters.flatMap((text) => text.trim().split("\n")),
      ),
  }),
  deskTask({
    id: "program-initials",
    category: "program",
    text:
      "Write a Python script initials.py. It gets a full name as its argument, in quotes, and prints the initials as " +
      'capital letters with a point after each: for "ada mae lovelace" it prints A.M.L.',
    files: {},
    check(look) {
      const program = { name: "initials.py", text: look.text("initials.py") };
      for (const [name, initials] of [
        ["ada mae lovelace", "A.M.L."],
        ["Grace Hopper", "G.H."],
        ["Plato", "P."],
        ["Johann Sebastian Carl bach", "J.S.C.B."],
      ] as const) {
        tryProgram(program, {}, ["python3", "initials.py", name], (done) =>
          need(
            done.stdout.trim() === initials,
            `initials.py "${name}" prints ${done.stdout.trim().slice(0, 40)}`,
          ),
        );
      }
    },
  }),
  deskTask({
    id: "program-count",
    category: "program",
    text:
      "Write a shell script count.sh. It gets the name of a folder as its argument and prints how many .csv files are " +
      "directly in that folder (not in its subfolders).",
    files: {},
    check(look) {
      const program = { name: "count.sh", text: look.text("count.sh") };
      const files = {
        "here.csv": "1\n",
        "in/a.csv": "1\n",
        "in/b c.csv": "1\n",
        "in/d.txt": "1\n",
        "in/csv": "1\n",
        "in/e.csv": "1\n",
        "in/deep/f.csv": "1\n",
        "none/g.txt": "1\n",
        "my data/h.csv": "1\n",
      };
      for (const [folder, count] of [
        ["in", 3],
        ["none", 0],
        ["my data", 1],
      ] as const) {
        tryProgram(program, files, ["bash", "count.sh", folder], (done) =>
          need(
            numbersIn(done.stdout).join(" ") === String(count),
            `count.sh "${folder}" prints ${done.stdout.slice(0, 40)}`,
          ),
        );
      }
    },
  }),
  deskTask({
    id: "rename-scans",
    category: "rename",
    text:
      "Rename the files in the folder scans so that their numbers have three digits, scan1.pdf becomes scan001.pdf and " +
      "so on, so that they sort in the right order.",
    files: { ...scans, "scans/index.txt": "12 pages\n" },
    changes: Object.keys(scans),
    check(look) {
      for (let i = 1; i <= 12; i++) {
        const name = `scans/scan${String(i).padStart(3, "0")}.pdf`;
        need(look.text(name) === `scanned page ${i}\n`, `${name} is another page`);
      }
      need(look.list("scans").length === 13, `scans holds ${look.list("scans").length} files`);
    },
  }),
  deskTask({
    id: "html-links",
    category: "html",
    text: "Write the addresses of all links (<a href=...>) in home.html to links.txt, one per line, in the order of the page.",
    files: { "home.html": homePage },
    check: (look) => look.holdsLines("links.txt", links),
  }),
  deskTask({
    id: "bugfix-expenses",
    category: "bugfix",
    text: "report.py stops with an error on expenses.csv. Fix report.py: a missing amount counts as zero.",
    files: { "report.py": reportProgram, "expenses.csv": expenses },
    changes: ["report.py"],
    check(look) {
      const program = { name: "report.py", text: look.text("report.py") };
      const tries: [string, string[], string][] = [
        [expenses, [], "2026-01 231.90|2026-02 96.70|2026-03 42.75"],
        [
          "date,what,amount\n2025-12-01,a,\n2025-12-02,b,\n2026-01-01,c,7.5\n",
          ["more.csv"],
          "2025-12 0.00|2026-01 7.50",
        ],
      ];
      for (const [text, args, wanted] of tries) {
        const files = { [args[0] ?? "expenses.csv"]: text };
        tryProgram(program, files, ["python3", "report.py", ...args], (done) => {
          const printed = rowsOf(done.stdout)
            .map((row) => row.join(","))
            .join("|");
          need(
            printed === wanted,
            `report.py prints ${(printed || done.stderr.trim().split("\n").at(-1))?.slice(0, 90)}`,
          );
        });
      }
    },
  }),
  deskTask({
    id: "message-best",
    category: "message",
    text: "Send Grace a message that says who sold the most in deals.csv all in all, and for how much.",
    files: { "deals.csv": csvOf([["date", "seller", "amount"], ...deals]) },
    check(look) {
      const text = look.told("Grace");
      const others = sellers.filter((name) => name !== best[0] && text.includes(name));
      need(text.includes(best[0]), `the message does not name ${best[0]}`);
      need(others.length === 0, `the message also names ${others.join(", ")}`);
      needSaid(text, best[1], "message to Grace");
    },
  }),
  deskTask({
    id: "message-duty",
    category: "message",
    text:
      "Today is 2026-03-12. Look in rota.csv who is on duty today, and send that person a message that the printer on " +
      "floor 3 is broken.",
    files: { "rota.csv": csvOf([["date", "day", "person", "place"], ...rota]) },
    check(look) {
      const text = look.told("Viktor").toLowerCase();
      need(
        text.includes("printer") && /\b(3|third|three)/.test(text),
        "the message does not speak of the printer on floor 3",
      );
      need(
        look.messages.every((m) => m.to.toLowerCase().includes("viktor")),
        "a message went to another person too",
      );
    },
  }),
];
