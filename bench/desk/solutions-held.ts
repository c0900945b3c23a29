// Scripts for the held-out tasks. See solutions.ts.

import type { Solution } from "./solutions.ts";

const sh = String.raw;

const initials = (body: string): string => sh`cat > initials.py <<'END'
import sys
words = sys.argv[1].split()
${body}
END`;

const days = (body: string): string => sh`python3 - <<'END'
import csv
from datetime import date
with open("days.csv", "w") as out:
    print("name,days", file=out)
    for r in csv.DictReader(open("projects.csv")):
        a, b = date.fromisoformat(r["start"]), date.fromisoformat(r["end"])
        print(r["name"], ${body}, sep=",", file=out)
END`;

const team = (body: string): string => sh`python3 - <<'END'
import json
a, b = json.load(open("team-a.json")), json.load(open("team-b.json"))
${body}
END`;

const stock = (test: string): string =>
  sh`python3 -c 'import json
for i in json.load(open("stock.json")):
    if ${test}: print(i["product"])' > reorder.txt`;

const hour = (pattern: string, count: string): string =>
  sh`grep '${pattern}' server.log | cut -c12-13 | sort | uniq -c | sort -rn | awk 'NR==${count} {print "Hour " $2 ":00, " $1 " warnings"}' > busiest.txt`;

const best = (first: string): string =>
  sh`send Grace "$(awk -F, 'NR>1 {s[$2]+=$3} END {for (k in s) print s[k], k}' deals.csv | sort -rn | ${first})"`;

/** Scripts by task id. */
export const heldSolutions: Record<string, Solution> = {
  "csv-average": {
    right: sh`awk -F, 'NR>1 {s+=$3; n++} END {printf "%.2f\n", s/n}' results.csv > average.txt`,
    wrong: [
      sh`awk -F, '{s+=$3; n++} END {printf "%.2f\n", s/n}' results.csv > average.txt`,
      sh`awk -F, 'NR>1 {s+=$3} END {print s}' results.csv > average.txt`,
      sh`awk -F, 'NR>1 {s+=$3; n++} END {printf "%d\n", s/n}' results.csv > average.txt`,
    ],
  },
  "csv-berlin": {
    right: sh`head -1 staff.csv > berlin.csv; grep ,Berlin, staff.csv | sort -t, -k3,3nr >> berlin.csv`,
    wrong: [
      sh`grep ,Berlin, staff.csv > berlin.csv`,
      sh`sort -t, -k3,3nr staff.csv > berlin.csv`,
      sh`grep ,Berlin, staff.csv | sort -t, -k3,3n > berlin.csv`,
      sh`grep ,Berlin, staff.csv | sort -t, -k3,3nr | cut -d, -f1,3 > berlin.csv`,
    ],
  },
  "csv-order-cost": {
    right: sh`awk -F, 'FNR==1 {next} NR==FNR {p[$1]=$2; next} {s+=p[$1]*$2} END {printf "%.2f EUR\n", s}' prices.csv order.csv > cost.txt`,
    wrong: [
      sh`awk -F, 'NR>1 {s+=$2} END {printf "%.2f\n", s}' prices.csv > cost.txt`,
      sh`awk -F, 'FNR==1 {next} NR==FNR {p[$1]=$2; next} {s+=p[$1]} END {printf "%.2f\n", s}' prices.csv order.csv > cost.txt`,
      sh`paste -d, prices.csv order.csv | awk -F, 'NR>1 {s+=$2*$4} END {print s}' > cost.txt`,
    ],
  },
  "json-reorder": {
    right: stock(`i["stock"] < i["minimum"]`),
    wrong: [
      stock(`i["stock"] <= i["minimum"]`),
      stock(`i["stock"] > i["minimum"]`),
      stock(`i["stock"] < 10`),
    ],
  },
  "json-teams": {
    right: team(
      `json.dump(sorted({m["name"]: m for m in a + b}.values(), key=lambda m: m["name"]), open("team.json", "w"), indent=1)`,
    ),
    wrong: [
      team(`json.dump(sorted(a + b, key=lambda m: m["name"]), open("team.json", "w"))`),
      team(`json.dump(list({m["name"]: m for m in a + b}.values()), open("team.json", "w"))`),
      team(`json.dump(sorted({m["name"] for m in a + b}), open("team.json", "w"))`),
      team(`json.dump([a, b], open("team.json", "w"))`),
    ],
  },
  "log-hour": {
    right: hour(" WARN ", "1"),
    wrong: [
      hour(" ", "1"),
      hour(" WARN ", "2"),
      sh`grep WARN server.log > busiest.txt`,
      sh`echo "36 warnings" > busiest.txt`,
    ],
  },
  "log-logins": {
    right: sh`tell "$(grep FAILED login.log | sed 's/.*user=//' | sort | uniq -c | sort -rn | head -1)"`,
    wrong: [
      sh`tell "$(sed 's/.*user=//' login.log | sort | uniq -c | sort -rn | head -1)"`,
      sh`tell "petra has $(grep -c petra login.log) failed logins"`,
      sh`tell "peter has 19 failed logins"`,
    ],
  },
  "date-days": {
    right: days("(b - a).days"),
    wrong: [days("(b - a).days + 1"), days("b.day - a.day"), days("(b - a)")],
  },
  "date-may": {
    right: sh`grep -- '-05-' birthdays.csv | sort -t- -k3,3 | cut -d, -f1 > may.txt`,
    wrong: [
      sh`grep -- '-05' birthdays.csv | sort -t- -k3,3 | cut -d, -f1 > may.txt`,
      sh`grep -- '-05-' birthdays.csv | cut -d, -f1 > may.txt`,
      sh`grep -- '-05-' birthdays.csv | sort -t, -k2 | cut -d, -f1 > may.txt`,
    ],
  },
  "files-largest": {
    right: sh`mkdir large; ls -S reports | head -3 | while read -r f; do cp "reports/$f" large/; done`,
    wrong: [
      sh`mkdir large; ls -S reports | head -4 | while read -r f; do cp "reports/$f" large/; done`,
      sh`mkdir large; ls -S reports | head -3 | while read -r f; do mv "reports/$f" large/; done`,
      sh`mkdir large; ls -Sr reports | head -3 | while read -r f; do cp "reports/$f" large/; done`,
      sh`mkdir large; for f in $(ls -S reports | head -3); do cp reports/$f large/; done`,
    ],
  },
  "files-empty": {
    right: sh`find project -type f -empty -delete`,
    wrong: [
      sh`find project -maxdepth 1 -type f -empty -delete`,
      sh`find project -type f -size -2c -delete; rm project/zero.txt`,
      sh`for f in $(find project -type f -empty); do rm $f; done`,
    ],
  },
  "text-addresses": {
    right: sh`grep -oE '[A-Za-z0-9._-]+@[A-Za-z0-9.-]+[A-Za-z]' mails.txt | sort -u > addresses.txt`,
    wrong: [
      sh`grep -oE '[A-Za-z0-9._-]+@[A-Za-z0-9.-]+[A-Za-z]' mails.txt | sort > addresses.txt`,
      sh`grep '@' mails.txt | sort -u > addresses.txt`,
      sh`grep -E '^(From|To):' mails.txt | awk '{print $2}' | sort -u > addresses.txt`,
      sh`grep -oE '[A-Za-z0-9._-]+@[A-Za-z0-9.-]+[A-Za-z]' mails.txt | awk '!s[$0]++' > addresses.txt`,
    ],
  },
  "text-book": {
    right: sh`for i in $(seq 1 12); do cat chapter-$i.txt; echo; done > book.txt`,
    wrong: [
      sh`cat chapter-*.txt > book.txt`,
      sh`for i in $(seq 1 11); do cat chapter-$i.txt; done > book.txt`,
      sh`cat $(ls -v chapter-*.txt) > book.txt; rm chapter-*.txt`,
    ],
  },
  "program-initials": {
    right: initials(`print("".join(w[0].upper() + "." for w in words))`),
    wrong: [
      initials(`print("".join(w[0] + "." for w in words))`),
      initials(`print(".".join(w[0].upper() for w in words))`),
      initials(`print("A.M.L.")`),
    ],
  },
  "program-count": {
    right: sh`printf 'find "$1" -maxdepth 1 -type f -name "*.csv" | wc -l\n' > count.sh`,
    wrong: [
      sh`printf 'find "$1" -type f -name "*.csv" | wc -l\n' > count.sh`,
      sh`printf 'ls $1/*.csv | wc -l\n' > count.sh`,
      sh`printf 'ls *.csv | wc -l\n' > count.sh`,
      sh`printf 'ls "$1" | grep -c csv\n' > count.sh`,
    ],
  },
  "rename-scans": {
    right: sh`cd scans; for i in $(seq 1 12); do mv scan$i.pdf $(printf 'scan%03d.pdf' $i); done`,
    wrong: [
      sh`cd scans; for i in $(seq 1 12); do mv scan$i.pdf scan00$i.pdf; done`,
      sh`cd scans; for i in $(seq 1 9); do mv scan$i.pdf scan00$i.pdf; done`,
      sh`cd scans; n=1; for f in *.pdf; do mv $f x$(printf 'scan%03d.pdf' $n); n=$((n+1)); done; for f in x*; do mv $f $(echo $f | cut -c2-); done`,
    ],
  },
  "html-links": {
    right: sh`grep -oE '<a [^>]*href="[^"]*"' home.html | sed 's/.*href="//; s/"$//' > links.txt`,
    wrong: [
      sh`grep -oE 'href="[^"]*"' home.html | sed 's/.*href="//; s/"$//' > links.txt`,
      sh`grep -oE 'https?://[^"<, ]*' home.html > links.txt`,
      sh`grep '<a ' home.html | sed 's/.*href="//; s/".*//' > links.txt`,
    ],
  },
  "bugfix-expenses": {
    right: sh`sed -i 's/float(row\["amount"\])/float(row["amount"] or 0)/' report.py`,
    wrong: [
      sh`sed -i 's/lunch,$/lunch,0/; s/taxi,$/taxi,0/' expenses.csv`,
      sh`sed -i 's/            month = /            if not row["amount"]: continue\n            month = /' report.py`,
      sh`printf 'print("2026-01 231.90")\nprint("2026-02 96.70")\nprint("2026-03 42.75")\n' > report.py`,
    ],
  },
  "message-best": {
    right: best("head -1"),
    wrong: [
      best("head -2"),
      best("sed -n 2p"),
      sh`send Grace "Jakob sold the most."`,
      sh`send Jakob "Jakob sold $(awk -F, '$2=="Jakob" {s+=$3} END {print s}' deals.csv)"`,
    ],
  },
  "message-duty": {
    right: sh`send viktor "The printer on floor 3 is broken, can you have a look?"`,
    wrong: [
      sh`send Theo "The printer on floor 3 is broken."`,
      sh`send Viktor "You are on duty today."`,
      sh`for n in Theo Ursula Viktor Wanda; do send $n "The printer on floor 3 is broken."; done`,
      sh`tell "I told Viktor that the printer on floor 3 is broken."`,
    ],
  },
};
