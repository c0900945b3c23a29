// The machine at a look: the red switch, what left this machine, how fast it thinks, which models are here, and what to
// do about what is missing.

import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { halt, readModels } from "../../client/commands.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Icon } from "../../ui/icon.tsx";
import { calls } from "../calls.ts";
import { act, actAndWait } from "../parts/act.ts";
import { Chart } from "../parts/chart.tsx";
import { Page } from "../parts/page.tsx";
import { Pending } from "../parts/pending.tsx";
import { useLoad } from "../parts/use-load.ts";
import { useNow } from "../parts/use-size.ts";
import { wholeRates } from "../rates.ts";
import { toHints } from "../view/hints.ts";
import { toBytes, toCount, toExact, toPercent, toSpan, unknown } from "../view/numbers.ts";
import { useHalted, useMachineModel, useProcesses } from "../world.ts";
import "./machine.css";

/** Counters are asked for so often. */
const everyMs = 2_000;

/** The screen. */
export function MachineScreen() {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const now = useNow(everyMs);
  const counters = useLoad("counters", () => calls.counters(), now);
  const models = useLoad("models", () => readModels());
  const model = useMachineModel();
  const halted = useHalted();
  const rates = useMemo(() => toMinutes(wholeRates(now)), [now]);
  const { value } = counters;
  const hints = toHints({ model, models: models.value, counters: value, halted });
  return (
    <Page title={t("control.machine.title")} hint={t("control.machine.hint")}>
      <RedSwitch halted={halted} />
      {value === null && counters.error !== null && <Pending error={counters.error} again={counters.again} />}
      <div className="ctl-tiles">
        <section className="ctl-card ctl-egress" data-zero={value?.egressBytes === 0 || undefined}>
          <h2 className="ctl-card-title">
            <Icon name="shield" /> {t("control.machine.egress")}
          </h2>
          <p className="ctl-big">{toBytes(value?.egressBytes ?? null, locale)}</p>
          <p className="ctl-muted">
            {t(value?.egressBytes === 0 ? "control.machine.egressZero" : "control.machine.egressText")}
          </p>
          {value && value.egressHosts.length > 0 && (
            <table className="ctl-table">
              <thead>
                <tr>
                  <th scope="col">{t("control.machine.host")}</th>
                  <th scope="col" className="ctl-num">
                    {t("control.machine.requests")}
                  </th>
                  <th scope="col" className="ctl-num">
                    {t("control.machine.bytes")}
                  </th>
                </tr>
              </thead>
              <tbody>
                {[...value.egressHosts]
                  .sort((a, b) => b.bytes - a.bytes)
                  .map((host) => (
                    <tr key={host.host}>
                      <td className="ctl-path">{host.host}</td>
                      <td className="ctl-num">{toCount(host.requests, locale)}</td>
                      <td className="ctl-num">{toBytes(host.bytes, locale)}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          )}
        </section>
        <section className="ctl-card">
          <h2 className="ctl-card-title">{t("control.machine.speed")}</h2>
          <p className="ctl-big">
            {toCount(value?.tokensPerMinute ?? null, locale)}{" "}
            <span className="ctl-unit">{t("control.machine.perMinute")}</span>
          </p>
          <Chart
            values={rates}
            label={t("control.machine.chart", { now: toCount(value?.tokensPerMinute ?? null, locale) })}
            format={(number) => toCount(number, locale)}
            from={t("control.ago", { span: toSpan(60_000, locale) })}
            to={t("control.now")}
          />
        </section>
        <section className="ctl-card">
          <h2 className="ctl-card-title">{t("control.machine.state")}</h2>
          <dl className="ctl-list">
            <dt>{t("control.machine.model")}</dt>
            <dd>
              <bdi>{model?.id ?? unknown}</bdi>{" "}
              {model && (
                <span className="ctl-tag">
                  {t(`control.machine.models.${model.state}`)}
                  {model.total ? ` ${toPercent((model.done ?? 0) / model.total, locale)}` : ""}
                </span>
              )}
            </dd>
            <dt>{t("control.machine.uptime")}</dt>
            <dd className="ctl-number">{toSpan(value?.uptimeMs ?? null, locale)}</dd>
            <dt>{t("control.machine.journal")}</dt>
            <dd className="ctl-number">{toExact(value?.journalSeq ?? null, locale)}</dd>
            <dt>{t("control.machine.calls")}</dt>
            <dd className="ctl-number">{toExact(value?.modelCalls ?? null, locale)}</dd>
          </dl>
        </section>
      </div>
      <section className="ctl-card">
        <h2 className="ctl-card-title">{t("control.machine.hints")}</h2>
        <ul className="ctl-hints">
          {hints.map((hint) => (
            <li key={hint.key} data-good={hint.good || undefined}>
              <Icon name={hint.key === "doctor" ? "question" : hint.good ? "check" : "warning"} size={16} />
              <span>
                {t(`control.machine.advice.${hint.key}`, hint.values ?? {})}{" "}
                {hint.command && <code className="ctl-command">{hint.command}</code>}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <section className="ctl-card">
        <h2 className="ctl-card-title">{t("control.machine.modelsTitle")}</h2>
        {models.value === null ? (
          <Pending error={models.error} again={models.again} />
        ) : (
          <table className="ctl-table">
            <thead>
              <tr>
                <th scope="col">{t("control.machine.name")}</th>
                <th scope="col">{t("control.machine.kind")}</th>
                <th scope="col">{t("control.machine.where")}</th>
                <th scope="col" className="ctl-num">
                  {t("control.machine.size")}
                </th>
              </tr>
            </thead>
            <tbody>
              {models.value.map((one) => (
                <tr key={one.id}>
                  <td>
                    <span className="ctl-path">{one.id}</span>{" "}
                    {one.used && <span className="ctl-tag ctl-tag-good">{t("control.machine.used")}</span>}
                  </td>
                  <td>{one.kind}</td>
                  <td>{t(one.here ? "control.machine.here" : "control.machine.notHere")}</td>
                  <td className="ctl-num">{toBytes(one.bytes, locale)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
    </Page>
  );
}

// Seconds as rates by the minute, joined in steps so that the line is calm.
function toMinutes(seconds: readonly number[]): number[] {
  const step = 5;
  return seconds.map((_, index) => {
    const part = seconds.slice(Math.max(0, index - step + 1), index + 1);
    return (part.reduce((sum, value) => sum + value, 0) / part.length) * 60;
  });
}

// Everything ends at once, so it is asked once.
function RedSwitch({ halted }: { halted: boolean }) {
  const { t } = useTranslation();
  const alive = useProcesses().filter((row) => !row.ended).length;
  const [asking, setAsking] = useState(false);
  useEffect(() => {
    if (halted) setAsking(false);
  }, [halted]);
  return (
    <section
      className="ctl-card ctl-red"
      data-halted={halted || undefined}
      aria-label={t("control.machine.switch")}
    >
      <Icon name="stop" size={26} />
      <div className="ctl-red-text">
        <strong>{t(halted ? "control.machine.halted" : "control.machine.working", { count: alive })}</strong>
        <p className="ctl-muted">{t(halted ? "control.machine.haltedText" : "control.machine.haltText")}</p>
      </div>
      {halted ? (
        <Button kind="primary" onClick={() => act(() => halt(false))}>
          {t("control.machine.unhalt")}
        </Button>
      ) : (
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t("control.machine.halt")}
        </Button>
      )}
      <Confirm
        open={asking}
        title={t("control.machine.haltTitle")}
        about={t("control.machine.haltAsk", { count: alive })}
        yes={t("control.machine.halt")}
        danger
        onYes={() => actAndWait(() => halt(true))}
        onClose={() => setAsking(false)}
      />
    </section>
  );
}
