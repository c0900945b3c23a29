// Nothing waits for you: a piece of the landscape, and in a few words what was done today.

import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Digest } from "../../../os/src/workplace/contract.ts";
import { get } from "../client/rest.ts";
import { dayStart, toFacts } from "../home/facts.ts";
import { Landscape } from "../landscape/picture.tsx";
import { useHum } from "../store/store.ts";
import { useTheme } from "../theme.ts";

/** The number of what was done today; null until it is known. */
function useToday(now: number): Digest | null {
  const [digest, setDigest] = useState<Digest | null>(null);
  const since = dayStart(now);
  useEffect(() => {
    const gone = new AbortController();
    get<Digest>("/api/v1/digest", { query: { since }, signal: gone.signal }).then(setDigest, () => undefined);
    return () => gone.abort();
  }, [since]);
  return digest;
}

/** The picture with its words. */
export function AllClear({ now, short }: { now: number; short: boolean }) {
  const { t } = useTranslation();
  const dark = useTheme((state) => state.dark);
  const halted = useHum((state) => state.halted);
  const processes = useHum((state) => state.processes);
  const threads = useHum((state) => state.threads);
  const person = useHum((state) => state.person);
  const today = useToday(now);
  const facts = useMemo(
    () =>
      toFacts(
        {
          ...{ halted, approvals: [], inbox: [] },
          ...{ processes: Object.values(processes), threads: Object.values(threads) },
        },
        dayStart(now),
      ),
    [halted, processes, threads, now],
  );
  const said = [
    today && today.done > 0 ? t("inbox.clear.done", { count: today.done }) : null,
    facts.running.length > 0 ? t("inbox.clear.running", { count: facts.running.length }) : null,
  ].filter((line) => line !== null);
  return (
    <div className="inbox-clear" data-short={short || undefined}>
      <div className="inbox-clear-picture">
        <Landscape
          seed={`${person}/inbox`}
          theme={dark ? "dark" : "light"}
          facts={facts}
          label={t("inbox.clear.picture")}
        />
      </div>
      <p className="inbox-clear-title">{t("inbox.clear.title")}</p>
      <p className="inbox-clear-about">{said.length > 0 ? said.join(" ") : t("inbox.clear.about")}</p>
    </div>
  );
}
