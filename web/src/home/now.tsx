// What runs now, quietly: who, and on what. To look closer or to stop it is one click away.

import { useTranslation } from "react-i18next";
import type { ProcessRow, Thread } from "../../../os/src/workplace/contract.ts";
import { Place } from "./place.tsx";

const shown = 5;

/** The entities at work; only the first of each family is told of. */
export function Now({
  rows,
  threads,
  halted,
}: {
  rows: readonly ProcessRow[];
  threads: Readonly<Record<string, Thread>>;
  halted: boolean;
}) {
  const { t } = useTranslation();
  const heads = rows.filter((row) => row.parent === null || !rows.some((other) => other.pid === row.parent));
  if (heads.length === 0 && !halted) return null;
  return (
    <section className="home-section" aria-labelledby="home-now">
      <h2 id="home-now">{t("home.now.title")}</h2>
      {halted && <p className="home-quiet">{t("home.now.halted")}</p>}
      <ul className="home-lines">
        {heads.slice(0, shown).map((row) => (
          <li key={row.pid}>
            <Place thread={row.thread} pid={row.pid}>
              {t("home.now.line", {
                name: row.name,
                task: (threads[row.thread ?? ""]?.title ?? row.task).slice(0, 120),
              })}
            </Place>
          </li>
        ))}
      </ul>
      {heads.length > shown && (
        <p className="home-quiet">{t("home.now.more", { count: heads.length - shown })}</p>
      )}
    </section>
  );
}
