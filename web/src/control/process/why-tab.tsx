// Why an entity is not running, and the three lights: what strangers wrote, private data, effects. Two may be on; with
// all three a text that it reads could make it carry out what is private, so then a person should look.

import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Icon } from "../../ui/icon.tsx";
import { calls } from "../calls.ts";
import { Pending } from "../parts/pending.tsx";
import { Revealed, RevealedBlock } from "../parts/revealed.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { useLoad } from "../parts/use-load.ts";
import { toLights, toStanding } from "../view/lights.ts";
import { useRowWhy } from "../world.ts";
import "./log.css";

/** Records that are read for what an entity may do: its first ones. */
const firstRecords = 200;

const lightIcons = { untrusted: "untrusted", private: "folder", effects: "external" } as const;

/** The tab. */
export function WhyTab({ row, now }: { row: ProcessRow; now: number }) {
  const { t } = useTranslation();
  const why = useRowWhy(row);
  const pages = useLoad(`pages ${row.pid}`, () => calls.pages(row.pid), row.lastAt);
  const first = useLoad(`standing ${row.pid}`, () =>
    calls.journal({ pid: row.pid, from: 0, limit: firstRecords }),
  );
  const standing = useMemo(() => toStanding(first.value?.records ?? []), [first.value]);
  const lights = toLights(pages.value ?? [], standing, now);
  const on = lights.filter((light) => light.on).length;
  return (
    <div className="ctl-why">
      <section className="ctl-card">
        <div className="ctl-row">
          <StateMark row={row} />
        </div>
        {row.outcome && row.outcome.text !== "" ? (
          <RevealedBlock text={row.outcome.text.trimEnd()} label={t("control.why.outcome")} />
        ) : (
          <p className="ctl-why-text">
            <Revealed text={why} />
          </p>
        )}
      </section>
      <h2 className="ctl-heading">{t("control.lights.title")}</h2>
      {pages.value === null || first.value === null ? (
        <Pending error={pages.error ?? first.error} again={pages.again} />
      ) : (
        <>
          <ul className="ctl-lights">
            {lights.map((light) => (
              <li
                key={light.name}
                className="ctl-light"
                data-on={light.on || undefined}
                data-light={light.name}
              >
                <Icon name={lightIcons[light.name]} size={20} />
                <div>
                  <strong>{t(`control.lights.${light.name}`)}</strong>{" "}
                  <span className="ctl-tag">{t(light.on ? "control.lights.on" : "control.lights.off")}</span>
                  <p className="ctl-muted">{t(`control.lights.${light.name}Text`)}</p>
                  {light.because.length > 0 && (
                    <ul className="ctl-because">
                      {light.because.slice(0, 12).map((one) => (
                        <li key={one} className="ctl-path">
                          <Revealed text={one} />
                        </li>
                      ))}
                      {light.because.length > 12 && (
                        <li className="ctl-muted">
                          {t("control.more", { count: light.because.length - 12 })}
                        </li>
                      )}
                    </ul>
                  )}
                </div>
              </li>
            ))}
          </ul>
          <p className={on === 3 ? "ctl-note ctl-note-warn" : "ctl-note"}>
            {t(on === 3 ? "control.lights.three" : "control.lights.fine")}
          </p>
        </>
      )}
    </div>
  );
}
