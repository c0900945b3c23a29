// What has happened since you last looked, in a few plain sentences, each with a way to its place.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Digest } from "../../../os/src/workplace/contract.ts";
import { get } from "../client/rest.ts";
import { toOwnWords } from "../post/own-words.ts";
import { useHum } from "../store/store.ts";
import { toVisit } from "./facts.ts";
import { ago, Place } from "./place.tsx";

const visitKey = "hum.home.visit";
const shown = 6;

/** When the visit before this one ended. It is kept in this browser. */
function useLooked(now: number): number {
  const [visit] = useState(() => toVisit(readVisit(), now));
  useEffect(() => {
    const keep = () => localStorage.setItem(visitKey, JSON.stringify({ ...visit, seen: Date.now() }));
    keep();
    document.addEventListener("visibilitychange", keep);
    return () => {
      document.removeEventListener("visibilitychange", keep);
      keep();
    };
  }, [visit]);
  return visit.since;
}

function readVisit(): unknown {
  try {
    return JSON.parse(localStorage.getItem(visitKey) ?? "null");
  } catch {
    return null;
  }
}

/** A line of the digest in the language of the reader: the kernel gives its facts beside its English sentence. */
function useSentence(): (line: Digest["lines"][number]) => string {
  const { t, i18n } = useTranslation();
  const threads = useHum((state) => state.threads);
  const processes = useHum((state) => state.processes);
  return (line) => {
    const outcome = line.pid === null ? null : (processes[line.pid]?.outcome ?? null);
    if ((i18n.language.startsWith("en") && !outcome?.told) || line.kind === undefined) return line.text;
    const task =
      threads[line.thread ?? ""]?.title ?? (line.pid === null ? "" : (processes[line.pid]?.task ?? ""));
    const why = outcome ? toOwnWords(outcome, t) : "";
    return t(`home.line.${line.kind}`, { name: line.name, task: task.slice(0, 80), why: why.slice(0, 120) });
  };
}

/** The part of the page that tells of it. `ended` is a number that changes when there is something new to tell. */
export function Happened({ ended, now }: { ended: number; now: number }) {
  const { t, i18n } = useTranslation();
  const since = useLooked(now);
  const [digest, setDigest] = useState<Digest | null>(null);
  const sentence = useSentence();
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when something ended
  useEffect(() => {
    const gone = new AbortController();
    get<Digest>("/api/v1/digest", { query: { since }, signal: gone.signal }).then(setDigest, () => undefined);
    return () => gone.abort();
  }, [since, ended]);
  if (digest === null) return null;
  const lines = digest.lines
    .filter((line) => line.kind !== "running" && line.kind !== "asks")
    .slice(0, shown);
  return (
    <section className="home-section" aria-labelledby="home-happened">
      <h2 id="home-happened">{t("home.happened.title")}</h2>
      {lines.length === 0 ? (
        <p className="home-quiet">{t("home.happened.nothing")}</p>
      ) : (
        <ul className="home-lines">
          {lines.map((line) => (
            <li key={`${line.pid}/${line.at}`}>
              <Place thread={line.thread} pid={line.pid}>
                {sentence(line)}
              </Place>
              <time dateTime={new Date(line.at).toISOString()}>{ago(line.at, now, i18n.language)}</time>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
