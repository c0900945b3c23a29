// The home page: a calm look at everything. A landscape in the light of the hour, one line to say what you would like done,
// then what needs you, what runs, and what has happened since you last looked. Nothing of how things are done by themselves
// stands here until somebody wants it.

import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { byFinger, wantFocus } from "../chat/focus-wish.ts";
import { go, toChannelPath } from "../router.ts";
import { useHum } from "../store/store.ts";
import { AskLine } from "./ask-line.tsx";
import { dayStart, type Known, toFacts, toGreeting, toNeeds, toRunning } from "./facts.ts";
import { Happened } from "./happened.tsx";
import { Needs } from "./needs.tsx";
import { Now } from "./now.tsx";
import { PictureCard } from "./picture-card.tsx";
import "./home.css";

/** Who is asked when the input is used: the guide, or whoever is there. */
function toColleague(programs: readonly string[]): string {
  return ["guide", "clerk", "worker"].find((name) => programs.includes(name)) ?? programs[0] ?? "worker";
}

/** The clock of the page; it moves on each minute while the page is seen. */
function useMinute(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const look = () => {
      if (!document.hidden) setNow(Date.now());
    };
    const timer = setInterval(look, 60_000);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, []);
  return now;
}

/** The home page. */
export function HomeScreen() {
  const { t } = useTranslation();
  const now = useMinute();
  const person = useHum((state) => state.person);
  const halted = useHum((state) => state.halted);
  const processes = useHum((state) => state.processes);
  const threads = useHum((state) => state.threads);
  const approvals = useHum((state) => state.approvals);
  const inbox = useHum((state) => state.inbox);
  const programs = useHum((state) => state.programs);
  const known = useMemo<Known>(
    () => ({
      halted,
      processes: Object.values(processes),
      threads: Object.values(threads),
      approvals: Object.values(approvals),
      inbox: Object.values(inbox),
    }),
    [halted, processes, threads, approvals, inbox],
  );
  const today = dayStart(now);
  const facts = useMemo(() => toFacts(known, today), [known, today]);
  const needs = useMemo(() => toNeeds(known), [known]);
  const running = useMemo(() => (halted ? [] : toRunning(known)), [known, halted]);
  const ended = useMemo(() => known.processes.filter((row) => row.ended).length, [known]);
  const greeting = t(`home.greeting.${toGreeting(new Date(now).getHours())}`, { name: person });
  return (
    <div className="home">
      <PictureCard seed={person} facts={facts} now={now} />
      <div className="home-body">
        <h1 className="home-greeting">{greeting}</h1>
        <AskLine
          colleague={toColleague(Object.keys(programs))}
          onSent={(channel) => {
            // The next words are written where the answer will stand.
            if (!byFinger()) wantFocus({ channel });
            go(toChannelPath(channel));
          }}
        />
        <Needs approvals={needs.approvals} items={needs.items} now={now} />
        <Now rows={running} threads={threads} halted={halted} />
        <Happened ended={ended} now={now} />
      </div>
    </div>
  );
}
