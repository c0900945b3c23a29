// Desk tasks to tune on, first half: CSV, JSON, logs and dates.

import { csvOf, deskTask, linesOf, near, need, needSaid, numbersIn, seeded } from "./kit.ts";
import type { DeskTask } from "./task.ts";

const cents = (value: number): string => (value / 100).toFixed(2);
const two = (value: number): string => String(value).padStart(2, "0");

const saleRandom = seeded(11);
const sales = Array.from({ length: 32 }, (_, i) => ({
  date: `2026-02-${two(1 + Math.floor((i * 27) / 31))}`,
  product: saleRandom.pick([
    "desk lamp",
    "office chair",
    "notebook",
    "printer paper",
    "stapler",
    "whiteboard",
  ]),
  amount: saleRandom.int(450, 48_000),
}));

const orderRandom = seeded(12);
const customers = ["Lindner", "Okafor", "Petit", "Rossi", "Sato", "Weber"];
const orders = Array.from({ length: 44 }, (_, i) => ({
  id: 3001 + i,
  customer: orderRandom.pick(customers),
  amount: orderRandom.int(1_000, 90_000),
}));
const sumsByCustomer = customers
  .map((name) => ({ name, sum: orders.filter((o) => o.customer === name).reduce((s, o) => s + o.amount, 0) }))
  .sort((a, b) => b.sum - a.sum);

const contactRows = [
  ["Maria Keller", "maria.keller@example.com", "030 555 101"],
  ["Tom Berg", "tom.berg@example.com", "030 555 117"],
  ["Aisha Khan", "aisha@khan.example", "040 555 220"],
  ["M. Keller", "maria.keller@example.com", "0171 555 900"],
  ["Jonas Vogt", "j.vogt@example.org", "089 555 310"],
  ["Elena Popa", "elena.popa@example.com", "0721 555 44"],
  ["Tom Berg", "tom.berg@example.com", "030 555 118"],
  ["Chen Wei", "chen.wei@example.net", "069 555 812"],
  ["Lucie Martin", "lucie@martin.example", "0681 555 2"],
  ["Aisha Khan (private)", "aisha@khan.example", "0160 555 77"],
  ["Piotr Nowak", "piotr.nowak@example.com", "0351 555 61"],
  ["Sofia Greco", "s.greco@example.org", "089 555 77"],
  ["Berg Tom", "tom.berg@example.com", "030 555 117"],
  ["Ivo Horvat", "ivo@horvat.example", "0711 555 13"],
];
const uniqueContacts = contactRows.filter((row, i) => contactRows.findIndex((r) => r[1] === row[1]) === i);

const people = [
  ["Nora Lind", "nora@lind.example", "Oslo", "design"],
  ["Paul Meyer", "paul.meyer@example.com", "Berlin", "sales"],
  ["Rita Alves", "rita.alves@example.com", "Porto", "support"],
  ["Sam Cole", "sam@cole.example", "Leeds", "sales"],
  ["Tara Singh", "tara.singh@example.org", "Pune", "engineering"],
  ["Ugo Bianchi", "ugo@bianchi.example", "Turin", "design"],
  ["Vera Novak", "vera.novak@example.com", "Brno", "engineering"],
  ["Will Hunt", "will.hunt@example.net", "Dublin", "support"],
  ["Xenia Roth", "xenia@roth.example", "Vienna", "finance"],
  ["Yusuf Demir", "yusuf.demir@example.com", "Izmir", "finance"],
];

const config = {
  name: "intranet",
  debug: true,
  server: { host: "0.0.0.0", port: 3000, timeoutSeconds: 30 },
  database: { host: "db.internal", port: 5432, user: "intranet", pool: 8 },
  features: { comments: true, darkMode: false, languages: ["de", "en", "fr"] },
  mail: { from: "no-reply@example.com", port: 587 },
};

const logRandom = seeded(13);
const errors: [string, number][] = [
  ["Could not reach mail server", 64],
  ["Payment was refused by the bank", 47],
  ["Session has expired", 39],
  ["Disk quota exceeded", 31],
  ["Invalid customer number", 14],
  ["Template not found", 6],
];
const otherEvents = [
  ...Array<string>(150).fill("WARN Slow answer from database"),
  ...Array<string>(90).fill("WARN Retrying mail delivery"),
  ...Array.from({ length: 1559 }, () =>
    logRandom.pick([
      "INFO User signed in",
      "INFO User signed out",
      "INFO Invoice created",
      "DEBUG Cache refreshed",
    ]),
  ),
];
const appEvents = logRandom.shuffle([
  ...errors.flatMap(([text, count]) => Array<string>(count).fill(`ERROR ${text}`)),
  ...otherEvents,
]);
const appLog = appEvents.map((event, i) => {
  const second = 6 * 3600 + i * 23;
  return `2026-02-03 ${two(Math.floor(second / 3600))}:${two(Math.floor(second / 60) % 60)}:${two(second % 60)} ${event}`;
});

const accessRandom = seeded(14);
const addresses: [string, number][] = [
  ["203.0.113.17", 83],
  ["198.51.100.4", 77],
  ["192.0.2.250", 61],
  ["203.0.113.171", 42],
  ["198.51.100.40", 37],
];
const accessLog = accessRandom
  .shuffle(addresses.flatMap(([address, count]) => Array<string>(count).fill(address)))
  .map((address, i) => {
    const page = accessRandom.pick(["/", "/prices", "/contact", "/login", "/img/logo.png", "/news/42"]);
    const status = accessRandom.pick([200, 200, 200, 304, 404, 500]);
    const clock = `09:${two(Math.floor(i / 6))}:${two((i % 6) * 10)}`;
    return `${address} - - [03/Feb/2026:${clock} +0100] "GET ${page} HTTP/1.1" ${status} ${accessRandom.int(200, 9000)}`;
  });

const events: [string, string, string][] = [
  ["Spring fair", "04/03/2026", "Leipzig"],
  ["Board meeting", "11/03/2026", "Berlin"],
  ["Safety training", "27/03/2026", "Hamburg"],
  ["Product launch", "02/04/2026", "Munich"],
  ["Team day", "23/04/2026", "Potsdam"],
  ["Audit", "05/05/2026", "Berlin"],
  ["Summer party", "19/06/2026", "Berlin"],
  ["Sales conference", "08/07/2026", "Cologne"],
  ["Trade show", "30/09/2026", "Frankfurt"],
  ["Open house", "10/10/2026", "Berlin"],
  ["Budget review", "12/11/2026", "Online"],
  ["Year-end dinner", "18/12/2026", "Berlin"],
];
const isoDate = (date: string): string => date.split("/").reverse().join("-");

const dueRandom = seeded(15);
const bills = Array.from({ length: 26 }, (_, i) => ({
  number: `R-${1040 + i}`,
  customer: dueRandom.pick(customers),
  amount: dueRandom.int(5_000, 300_000),
  due: `2026-0${dueRandom.int(1, 5)}-${two(dueRandom.int(1, 28))}`,
  paid: dueRandom.pick(["yes", "no", "no"]),
}));
bills[7] = { ...bills[7]!, due: "2026-03-15", paid: "no" };
const overdue = bills
  .filter((bill) => bill.paid === "no" && bill.due < "2026-03-15")
  .map((bill) => bill.number);

export const tuneTables: DeskTask[] = [
  deskTask({
    id: "csv-sum",
    category: "csv",
    text: "Add up the amounts in sales.csv and write the total to total.txt.",
    files: {
      "sales.csv": csvOf([
        ["date", "product", "amount"],
        ...sales.map((s) => [s.date, s.product, cents(s.amount)]),
      ]),
    },
    check: (look) => look.holdsNumber("total.txt", sales.reduce((sum, s) => sum + s.amount, 0) / 100),
  }),
  deskTask({
    id: "csv-by-customer",
    category: "csv",
    text:
      "Make totals.csv from orders.csv: one line per customer with the customer and the sum of all their orders. " +
      "The customer with the largest sum comes first.",
    files: {
      "orders.csv": csvOf([
        ["order", "customer", "amount"],
        ...orders.map((o) => [o.id, o.customer, cents(o.amount)]),
      ]),
    },
    check: (look) =>
      look.holdsRows(
        "totals.csv",
        "customer",
        sumsByCustomer.map(({ name, sum }) => [name, sum / 100]),
      ),
  }),
  deskTask({
    id: "csv-twice",
    category: "csv",
    text:
      "Some e-mail addresses are more than once in contacts.csv. Write contacts-clean.csv in which each address is " +
      "only once: keep the first line of each address and leave the order as it is.",
    files: { "contacts.csv": csvOf([["name", "email", "phone"], ...contactRows]) },
    check: (look) => look.holdsRows("contacts-clean.csv", "name", uniqueContacts),
  }),
  deskTask({
    id: "json-to-csv",
    category: "json",
    text: "Turn people.json into people.csv with the columns name, email and city.",
    files: {
      "people.json": `${JSON.stringify(
        people.map(([name, email, city, team], i) => ({ id: i + 1, name, city, team, email })),
        null,
        2,
      )}\n`,
    },
    check: (look) =>
      look.holdsRows(
        "people.csv",
        "name",
        people.map((person) => person.slice(0, 3)),
      ),
  }),
  deskTask({
    id: "json-settings",
    category: "json",
    text: "In config.json set the port of the server to 8080 and switch debug off. Everything else stays as it is.",
    files: { "config.json": `${JSON.stringify(config, null, 2)}\n` },
    changes: ["config.json"],
    check(look) {
      const wanted = { ...config, debug: false, server: { ...config.server, port: 8080 } };
      const sorted = (value: unknown): unknown =>
        value !== null && typeof value === "object" && !Array.isArray(value)
          ? Object.fromEntries(
              Object.entries(value)
                .sort()
                .map(([key, inner]) => [key, sorted(inner)]),
            )
          : value;
      const found = JSON.stringify(sorted(JSON.parse(look.text("config.json"))));
      need(
        found === JSON.stringify(sorted(wanted)),
        "config.json is not the old one with port 8080 and debug off",
      );
    },
  }),
  deskTask({
    id: "log-errors",
    category: "logs",
    text:
      "Find the three most frequent error messages (level ERROR) in app.log and write them with their counts to " +
      "errors.txt, the most frequent first.",
    files: { "app.log": linesOf(appLog) },
    check(look) {
      const lines = look.lines("errors.txt").filter((line) => numbersIn(line).length > 0);
      need(lines.length === 3, `errors.txt has ${lines.length} lines with a count instead of 3`);
      for (const [i, [message, count]] of errors.slice(0, 3).entries()) {
        need(lines[i]!.includes(message), `line ${i + 1} is not about: ${message}`);
        need(
          numbersIn(lines[i]!).some((n) => near(n, count)),
          `line ${i + 1}: the count is not ${count}`,
        );
      }
    },
  }),
  deskTask({
    id: "log-visitors",
    category: "logs",
    text: "Which address made the most requests in access.log, and how many were they? Tell me both.",
    files: { "access.log": linesOf(accessLog) },
    check(look) {
      need(/(?<![\d.])203\.0\.113\.17(?!\d)/.test(look.answer), "the answer does not name the right address");
      needSaid(look.answer.replace(/\d+\.\d+\.\d+\.\d+/g, ""), 83, "the answer");
    },
  }),
  deskTask({
    id: "date-iso",
    category: "dates",
    text:
      "The dates in events.csv are written day/month/year. Make events-iso.csv with the same lines, but with the dates " +
      "written like 2026-12-31.",
    files: { "events.csv": csvOf([["name", "date", "place"], ...events]) },
    check: (look) =>
      look.holdsRows(
        "events-iso.csv",
        "name",
        events.map(([name, date, place]) => [name, isoDate(date), place]),
      ),
  }),
  deskTask({
    id: "date-overdue",
    category: "dates",
    text:
      "Today is 2026-03-15. Which invoices in invoices.csv were due before today and are not paid? Write their numbers " +
      "to overdue.txt, one per line.",
    files: {
      "invoices.csv": csvOf([
        ["number", "customer", "amount", "due", "paid"],
        ...bills.map((bill) => [bill.number, bill.customer, cents(bill.amount), bill.due, bill.paid]),
      ]),
    },
    check(look) {
      const found = look.lines("overdue.txt").map((line) => line.match(/R-\d+/g)?.join(" ") ?? "");
      const wrong = found.find((number) => number !== "" && !overdue.includes(number));
      need(wrong === undefined, `${wrong} is not overdue`);
      const missing = overdue.find((number) => !found.includes(number));
      need(missing === undefined, `${missing} is missing`);
    },
  }),
];
