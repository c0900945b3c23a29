// Scripts for the tasks to tune on. See solutions.ts.

import type { Solution } from "./solutions.ts";

const sh = String.raw;

const convert = (body: string): string => sh`cat > fahrenheit.py <<'END'
import sys
c = float(sys.argv[1])
${body}
END`;

const page = (heading: string, row: string): string => sh`python3 - <<'END'
import csv
rows = list(csv.DictReader(open("menu.csv")))
body = "".join(${row} for r in rows)
open("menu.html", "w").write("<html><body>${heading}<table>" + body + "</table></body></html>")
END`;

/** Scripts by task id. */
export const tuneSolutions: Record<string, Solution> = {
  "csv-sum": {
    right: sh`awk -F, 'NR>1 {s+=$3} END {printf "Total: %.2f\n", s}' sales.csv > total.txt`,
    wrong: [
      sh`awk -F, 'NR>2 {s+=$3} END {printf "%.2f\n", s}' sales.csv > total.txt`,
      sh`awk -F, 'NR>1 {n++} END {print n}' sales.csv > total.txt`,
      sh`cut -d, -f3 sales.csv > total.txt; awk -F, 'NR>1 {s+=$3} END {print s}' sales.csv >> total.txt`,
      sh`awk -F, 'NR>1 {s+=$3} END {print s}' sales.csv > total.txt; echo total >> sales.csv`,
    ],
  },
  "csv-by-customer": {
    right: sh`(echo customer,total; awk -F, 'NR>1 {s[$2]+=$3} END {for (k in s) printf "%s,%.2f\n", k, s[k]}' orders.csv | sort -t, -k2,2nr) > totals.csv`,
    wrong: [
      sh`awk -F, 'NR>1 {s[$2]+=$3} END {for (k in s) printf "%s,%.2f\n", k, s[k]}' orders.csv | sort > totals.csv`,
      sh`awk -F, 'NR>1 {s[$2]+=1} END {for (k in s) printf "%s,%.2f\n", k, s[k]}' orders.csv | sort -t, -k2,2nr > totals.csv`,
      sh`awk -F, '{s[$2]+=$3} END {for (k in s) printf "%s,%.2f\n", k, s[k]}' orders.csv | sort -t, -k2,2nr > totals.csv; echo x,0 >> totals.csv`,
    ],
  },
  "csv-twice": {
    right: sh`awk -F, '!seen[$2]++' contacts.csv > contacts-clean.csv`,
    wrong: [
      sh`sort -u contacts.csv > contacts-clean.csv`,
      sh`tac contacts.csv | awk -F, '!seen[$2]++' | tac > contacts-clean.csv`,
      sh`awk -F, '!seen[$1]++' contacts.csv > contacts-clean.csv`,
      sh`awk -F, '!seen[$2]++' contacts.csv > contacts-clean.csv; cp contacts-clean.csv contacts.csv`,
    ],
  },
  "json-to-csv": {
    right: sh`python3 - <<'END'
import csv, json
with open("people.csv", "w", newline="") as f:
    w = csv.writer(f)
    w.writerow(["name", "email", "city"])
    for p in json.load(open("people.json")):
        w.writerow([p["name"], p["email"], p["city"]])
END`,
    wrong: [
      sh`python3 -c 'import json
for p in json.load(open("people.json")): print(p["name"], p["city"], p["email"], sep=",")' > people.csv`,
      sh`python3 -c 'import json
for p in json.load(open("people.json"))[1:]: print(p["name"], p["email"], p["city"], sep=",")' > people.csv`,
    ],
  },
  "json-settings": {
    right: sh`python3 - <<'END'
import json
c = json.load(open("config.json"))
c["server"]["port"] = 8080
c["debug"] = False
json.dump(c, open("config.json", "w"), indent=4)
END`,
    wrong: [
      sh`sed -i 's/"port": [0-9]*/"port": 8080/; s/"debug": true/"debug": false/' config.json`,
      sh`sed -i 's/"port": 3000/"port": 8080/; s/true/false/' config.json; sed -i 's/"comments": true/"comments": false/' config.json`,
      sh`sed -i 's/"port": 3000/"port": 8080/' config.json`,
      sh`echo '{"debug": false, "server": {"port": 8080}}' > config.json`,
    ],
  },
  "log-errors": {
    right: sh`grep ' ERROR ' app.log | cut -d' ' -f4- | sort | uniq -c | sort -rn | head -3 > errors.txt`,
    wrong: [
      sh`cut -d' ' -f4- app.log | sort | uniq -c | sort -rn | head -3 > errors.txt`,
      sh`grep -E ' (ERROR|WARN) ' app.log | cut -d' ' -f4- | sort | uniq -c | sort -rn | head -3 > errors.txt`,
      sh`grep ' ERROR ' app.log | cut -d' ' -f4- | sort | uniq -c | sort -rn > errors.txt`,
      sh`head -1000 app.log | grep ' ERROR ' | cut -d' ' -f4- | sort | uniq -c | sort -rn | head -3 > errors.txt`,
    ],
  },
  "log-visitors": {
    right: sh`tell "$(cut -d' ' -f1 access.log | sort | uniq -c | sort -rn | head -1)"`,
    wrong: [
      sh`tell "203.0.113.17 made $(grep -c 203.0.113.17 access.log) requests"`,
      sh`tell "198.51.100.4 with 77 requests"`,
      sh`cut -d' ' -f1 access.log | sort | uniq -c | sort -rn | head -1 > answer.txt; tell "It is in answer.txt"`,
    ],
  },
  "date-iso": {
    right: sh`sed -E 's#([0-9]{2})/([0-9]{2})/([0-9]{4})#\3-\2-\1#' events.csv > events-iso.csv`,
    wrong: [
      sh`sed -E 's#([0-9]{2})/([0-9]{2})/([0-9]{4})#\3-\1-\2#' events.csv > events-iso.csv`,
      sh`sed -E 's#([0-9]{2})/([0-9]{2})/([0-9]{4})#\3-\2-\1#' events.csv | tail -n +3 > events-iso.csv`,
      sh`sed -i -E 's#([0-9]{2})/([0-9]{2})/([0-9]{4})#\3-\2-\1#' events.csv; cp events.csv events-iso.csv`,
    ],
  },
  "date-overdue": {
    right: sh`awk -F, 'NR>1 && $4<"2026-03-15" && $5=="no" {print $1}' invoices.csv > overdue.txt`,
    wrong: [
      sh`awk -F, 'NR>1 && $4<="2026-03-15" && $5=="no" {print $1}' invoices.csv > overdue.txt`,
      sh`awk -F, 'NR>1 && $4<"2026-03-15" {print $1}' invoices.csv > overdue.txt`,
      sh`awk -F, 'NR>1 && $5=="no" {print $1}' invoices.csv > overdue.txt`,
    ],
  },
  "files-sort": {
    right: sh`mkdir images pdf; mv *.jpg *.png images; mv *.pdf pdf`,
    wrong: [
      sh`mkdir images pdf; cp *.jpg *.png images; cp *.pdf pdf`,
      sh`mkdir images pdf; mv *.jpg images; mv *.pdf pdf`,
      sh`mkdir images pdf; mv *.jpg *.png images; mv *pdf* pdf`,
    ],
  },
  "files-copies": {
    right: sh`cd docs; md5sum * | sort | awk 'seen[$1]++' | cut -c35- | while read -r f; do rm "$f"; done`,
    wrong: [
      sh`rm docs/Copy* docs/*'('*`,
      sh`cd docs; md5sum * | sort | uniq -w32 -D | cut -c35- | while read -r f; do rm "$f"; done`,
      sh`rm docs/Copy* docs/*'('* docs/*-old* docs/*-final*`,
    ],
  },
  "text-words": {
    right: sh`tr 'A-Z' 'a-z' < speech.txt | grep -oE '[a-z]+' | sort | uniq -c | sort -rn | head -5 | awk '{print $2}' > words.txt`,
    wrong: [
      sh`grep -oE '[A-Za-z]+' speech.txt | sort | uniq -c | sort -rn | head -5 | awk '{print $2}' > words.txt`,
      sh`tr 'A-Z' 'a-z' < speech.txt | tr ' ' '\n' | sort | uniq -c | sort -rn | head -5 | awk '{print $2}' > words.txt`,
      sh`tr 'A-Z' 'a-z' < speech.txt | grep -oE '[a-z]+' | sort | uniq -c | sort -rn | head -4 > words.txt`,
    ],
  },
  "text-new-name": {
    right: sh`find . -name '*.txt' -o -name '*.md' | xargs sed -i 's/Acme/Northwind/g'`,
    wrong: [
      sh`sed -i 's/Acme/Northwind/g' *.txt *.md`,
      sh`grep -rl Acme . | xargs sed -i 's/Acme/Northwind/g'`,
      sh`find . -name '*.txt' -o -name '*.md' | xargs sed -i 's/Acme/Northwind/'`,
    ],
  },
  "program-fahrenheit": {
    right: convert(`print(f"{c * 9 / 5 + 32:.1f} °F")`),
    wrong: [
      convert(`print((c - 32) * 5 / 9)`),
      convert(`print(round(c * 9 / 5) + 32)`),
      sh`echo 'c = float(input("Celsius: ")); print(c * 9 / 5 + 32)' > fahrenheit.py`,
    ],
  },
  "program-backup": {
    right: sh`printf '#!/bin/bash\nmkdir -p backup\ncp -- *.txt backup/\n' > backup.sh`,
    wrong: [
      sh`printf '#!/bin/bash\nmkdir -p backup\nmv -- *.txt backup/\n' > backup.sh`,
      sh`printf '#!/bin/bash\ncp *.txt backup/\n' > backup.sh`,
      sh`printf '#!/bin/bash\nmkdir -p backup\nfor f in $(ls *.txt); do cp $f backup/; done\n' > backup.sh`,
      sh`printf '#!/bin/bash\nmkdir -p backup\ncp * backup/\n' > backup.sh`,
    ],
  },
  "rename-photos": {
    right: sh`cd photos; for f in *.jpg; do n=$(basename "$f" .jpg); d=$(echo "$n" | sed 's/.*_//'); mv "$f" "$(date -d "$d" +%F)_$(echo "$n" | sed 's/_.*//').jpg"; done`,
    wrong: [
      sh`cd photos; for f in *.jpg; do n=$(basename "$f" .jpg); mv "$f" "$(echo "$n" | sed 's/.*_//')_$(echo "$n" | sed 's/_.*//').jpg"; done`,
      sh`cd photos; for f in *.jpg; do n=$(basename "$f" .jpg); d=$(echo "$n" | sed 's/.*_//'); cp "$f" "$(date -d "$d" +%F)_$(echo "$n" | sed 's/_.*//').jpg"; done`,
      sh`cd photos; for f in *.jpg; do n=$(basename "$f" .jpg); mv "$f" "$(date +%F)_$(echo "$n" | sed 's/_.*//').jpg"; done`,
    ],
  },
  "html-menu": {
    right: page(
      "<h1>Lunch menu</h1>",
      `"<tr><td>" + r["dish"] + "</td><td>" + r["price"] + " EUR</td></tr>"`,
    ),
    wrong: [
      page("Lunch menu", `"<tr><td>" + r["dish"] + "</td><td>" + r["price"] + "</td></tr>"`),
      page("<h1>Lunch menu</h1>", `"<tr><td>" + r["dish"] + "</td></tr>"`),
      page("<h1>Lunch menu</h1>", `"<tr><td>" + r["dish"] + "</td><td>" + r["price"] + "</td></tr>"`).replace(
        "rows)",
        "rows[1:])",
      ),
    ],
  },
  "bugfix-stats": {
    right: sh`sed -i 's/ordered\[middle + 1\]/ordered[middle - 1]/' stats.py`,
    wrong: [
      sh`sed -i 's/, 2.5)/, 3.5)/' test_stats.py`,
      sh`sed -i 's/    return (ordered.*/    return 2.5/' stats.py`,
      sh`sed -i '/test_median_even/,+2d' test_stats.py`,
    ],
  },
  "message-open": {
    right: sh`send Ada "Hello Ada, $(grep -c ',open$' invoices.csv) invoices are still open."`,
    wrong: [
      sh`send Ada "$(grep -ci open invoices.csv) invoices are open."`,
      sh`send Ben "$(grep -c ',open$' invoices.csv) invoices are open."`,
      sh`grep -c ',open$' invoices.csv > ada.txt; tell "I have told Ada: $(cat ada.txt)"`,
      sh`send Ada "There are some open invoices."`,
    ],
  },
  "message-tasks": {
    right: sh`for n in Ben Carla; do send $n "Your tasks: $(grep "^- $n:" meeting.txt | cut -d: -f2-)"; done`,
    wrong: [
      sh`for n in Ben Carla; do send $n "$(cat meeting.txt)"; done`,
      sh`for n in Ben Carla; do send $n "$(grep -m1 "^- $n:" meeting.txt)"; done`,
      sh`send Ben "$(grep "^- Ben:" meeting.txt)"`,
      sh`send Ben "$(grep "^- Carla:" meeting.txt)"; send Carla "$(grep "^- Ben:" meeting.txt)"`,
    ],
  },
};
