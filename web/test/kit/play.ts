// A model that plays colleagues for tests of the page: a word of what it was told says what it does.
//
//   count     answers in 70 lines, and holds at line 20 until the gate is open
//   list      writes list.txt, then is done
//   fetch     reads a web page, which nobody granted, then is done
//   pages     reads three web pages in one answer, which nobody granted, then is done
//   hostile   answers with the worst it can
//   report    writes totals.csv, then is done with a long answer in Markdown
//   question  asks, then is done with what was answered
//   dentist   puts a visit into the calendar and moves the event dentist-1, then is done
//
// The gate is a file: its name stands in HUM_TEST_GATE.

import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Model, ModelRequest } from "../../../os/src/model/model.ts";
import { createScripted } from "../../../os/src/model/scripted.ts";
import { hostileText } from "./hostile.ts";

const call = (head: string, body = ""): string =>
  `Next.\n\`\`\`${head}\n${body}${body === "" ? "" : "\n"}\`\`\``;

/** Lines of the long answer. */
export const countedLines = 70;

/** One line of it. */
export const countedLine = (i: number): string => `Number ${i} of the long count.`;

const longAnswer = () => Array.from({ length: countedLines }, (_, i) => countedLine(i + 1)).join("\n");

/** An answer with all that Markdown has. */
export const report = `## The totals of two months

@Ada here they are, as in #general, from [the bank](https://bank.example/statements) and https://tax.example/rates:

| month | amount |
|:------|-------:|
| May | 1,200.50 |
| June | 980.00 |

> The numbers of June are not final.

1. the sum is **2,180.50**
2. the file is \`totals.csv\`

- [x] May is closed
- [ ] June is open

~~~python
def total(rows):
    return sum(amount for _, amount in rows)  # a line that is long enough to be wider than a narrow pane of a thread is
~~~

![a chart](https://bank.example/chart.png)
`;

const whole = (request: ModelRequest): string => request.messages.map((message) => message.text).join("\n");

/** What was said last to the colleague, and how many answers it gave since its task began. */
function lookAt(request: ModelRequest): { said: string; step: number } {
  const at = request.messages.findLastIndex((message) => /^Task: /m.test(message.text));
  const said = [...whole(request).matchAll(/^(?:Task: |\w+ says: )(.*)$/gm)].at(-1)?.[1] ?? "";
  return { said, step: request.messages.slice(at).filter((message) => message.role === "assistant").length };
}

function play(request: ModelRequest): string {
  const { said, step } = lookAt(request);
  const task =
    /^Task: (.*)$/gm.exec(whole(request).slice(whole(request).lastIndexOf("\nTask: ") + 1))?.[1] ?? said;
  if (task.includes("count")) return call("done", longAnswer());
  if (task.includes("list"))
    return step === 0
      ? call("bash", "printf 'milk\\nbread\\n' > list.txt; cat list.txt")
      : call("done", "The list is in list.txt.");
  if (task.includes("fetch"))
    return step === 0
      ? call("get http://127.0.0.1:9/page?from=hum")
      : call("done", "I have tried to fetch it.");
  if (task.includes("pages"))
    return step === 0
      ? ["a", "b", "c"].map((name) => call(`get http://127.0.0.1:9/${name}`)).join("\n")
      : call("done", "I have tried to read them.");
  if (task.includes("report"))
    return step === 0
      ? call("bash", "printf 'month,amount\\nMay,1200.50\\nJune,980\\n' > totals.csv; cat totals.csv")
      : call("done", report);
  if (task.includes("hostile")) return call("done", hostileText);
  if (task.includes("question"))
    return step === 0
      ? call("ask Ada", "Which of the two lists do you mean?")
      : call("done", `You mean this: ${said}`);
  if (task.includes("dentist"))
    return (
      [
        call("calendar.create", '{"title": "Visit", "start": "2027-11-05T10:00Z"}'),
        call("calendar.change", '{"id": "dentist-1", "start": "2027-11-03T11:00Z"}'),
      ][step] ?? call("done", "The visit is there, and the dentist is later.")
    );
  return call("done", `I heard: ${said}`);
}

/** Opens the model. */
export function openPlayed(env: NodeJS.ProcessEnv): Model {
  const gate = env.HUM_TEST_GATE ?? "";
  let held = 0;
  const pace = async () => {
    // Only the long answer is paced: a token is four characters, the twentieth line ends near the 160th.
    if (held > 0 && held++ > 150) while (!existsSync(gate)) await sleep(20);
  };
  return createScripted(
    (request) => {
      const answer = play(request);
      held = answer.includes(countedLine(1)) && gate !== "" ? 1 : 0;
      return answer;
    },
    { slots: 2, pace },
  );
}

const tester = `---
name: tester
description: Does what tests ask for.
tools: [bash, get, ask, done, fail]
---
You do what the test asks for.
`;

/** Saves the colleague `tester`, who holds all that these plays need. */
export async function saveTester(hum: {
  ask(method: string, path: string, body?: unknown): Promise<unknown>;
}): Promise<void> {
  await hum.ask("PUT", "/programs/tester", { text: tester });
}
