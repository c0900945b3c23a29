// What entities do at this moment, as those hear it who come in the middle, who are slow, and who were there all the time.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { JournalRecord } from "../src/journal/journal.ts";
import type { StreamEvent } from "../src/workplace/api.ts";
import { createMoment, type Listener } from "../src/workplace/moment.ts";

type Live = Extract<StreamEvent, { type: "live" }>["live"];

const record = (type: string, data: Record<string, unknown>) => ({ type, data }) as unknown as JournalRecord;
const text = (pid: number, words: string) =>
  ({ type: "model", pid, event: { type: "text", text: words, tokens: 1 } }) as const;
const turn = (pid: number) => ({ type: "turn", pid, turn: 1 }) as const;
const usage = { input: 1, cached: 0, output: 1 };
const end = (pid: number) =>
  ({ type: "model", pid, event: { type: "end", reason: "stop", usage, ms: 1 } }) as const;

function hear(listener: Listener): string[] {
  const heard: string[] = [];
  for (let next = listener.next(); next; next = listener.next())
    for (const live of next.live) heard.push(`${next.pid} ${toWords(live)}`);
  return heard;
}

const toWords = (live: Live): string =>
  live.kind === "text"
    ? live.text
    : live.kind === "running"
      ? `runs ${live.name}`
      : live.kind === "reading"
        ? `reads ${live.done}`
        : live.kind;

test("[W8] whoever comes in the middle hears the words from their beginning, and then what follows", () => {
  const moment = createMoment();
  for (const event of [turn(1), text(1, "The sum "), text(1, "is ")]) moment.live(event);
  const late = moment.listen();
  assert.deepEqual(hear(late), ["1 reset", "1 The sum is "]);
  late.ring(moment.live(text(1, "12.")) as number);
  late.ring(moment.live(end(1)) as number);
  assert.deepEqual(hear(late), ["1 12.", "1 idle"]);
  assert.deepEqual(hear(late), []);
  late.ring(moment.take(record("call.begun", { pid: 1, call: { name: "done" } })) as number);
  assert.deepEqual(hear(late), ["1 runs done"]);
  late.ring(moment.take(record("call.ended", { pid: 1, name: "done" })) as number);
  assert.deepEqual(hear(late), ["1 idle"]);
  assert.deepEqual(hear(moment.listen()), [], "what is over is not told to those who come then");
});

test("[W8] what begins anew is told as that, also to whoever has heard nothing of what was before", () => {
  const moment = createMoment();
  moment.live(turn(1));
  const [quick, slow] = [moment.listen(), moment.listen()];
  hear(quick);
  const tell = (event: Parameters<typeof moment.live>[0]) => {
    const pid = moment.live(event);
    for (const listener of [quick, slow]) listener.ring(pid ?? 0);
  };
  tell(text(1, "Half a w"));
  assert.deepEqual(hear(quick), ["1 Half a w"]);
  tell(turn(1));
  tell(text(1, "All"));
  assert.deepEqual(
    [hear(quick), hear(slow)],
    [
      ["1 reset", "1 All"],
      ["1 reset", "1 All"],
    ],
  );
});

test("[W8] whenever one listens, what it has heard of the words is what was written", () => {
  const step = fc.oneof(
    fc.record({ pid: fc.nat(2), do: fc.constant("text" as const), words: fc.string({ minLength: 1 }) }),
    fc.record({ pid: fc.nat(2), do: fc.constantFrom("turn" as const, "restart" as const, "over" as const) }),
    fc.record({ do: fc.constantFrom("come" as const, "hear" as const), who: fc.nat(2) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const moment = createMoment();
      const written = new Map<number, string>();
      const tabs = new Map<number, { listener: Listener; shown: Map<number, string> }>();
      const look = ({ listener, shown }: { listener: Listener; shown: Map<number, string> }) => {
        for (let next = listener.next(); next; next = listener.next())
          for (const live of next.live) {
            if (live.kind === "reset") shown.set(next.pid, "");
            if (live.kind === "idle") shown.delete(next.pid);
            if (live.kind !== "text") continue;
            assert.ok(shown.has(next.pid), "words follow a beginning");
            shown.set(next.pid, (shown.get(next.pid) ?? "") + live.text);
          }
        assert.deepEqual(new Map([...shown].sort()), new Map([...written].sort()));
      };
      for (const one of steps) {
        if ("who" in one) {
          const tab = tabs.get(one.who);
          if (one.do === "come" || !tab) tabs.set(one.who, { listener: moment.listen(), shown: new Map() });
          else look(tab);
          continue;
        }
        const { pid } = one;
        let of: number | null;
        if (one.do === "over") {
          of = moment.take(record("entity.ended", { pid }));
          written.delete(pid);
        } else if (one.do === "text") {
          of = moment.live(text(pid, one.words));
          written.set(pid, (written.get(pid) ?? "") + one.words);
        } else {
          of = moment.live(
            one.do === "turn" ? turn(pid) : { type: "model", pid, event: { type: "restart", why: "late" } },
          );
          written.set(pid, "");
        }
        if (of !== null) for (const { listener } of tabs.values()) listener.ring(of);
      }
      for (const tab of tabs.values()) look(tab);
    }),
  );
});
