// Gives processes more of what they may use. Budgets are only ever added to: what was used stays used.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Budget } from "../../../../os/src/entity/entity.ts";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { calls } from "../calls.ts";
import { act } from "../parts/act.ts";
import { Meter } from "../parts/meter.tsx";
import { toCount, toPart, toSpan } from "../view/numbers.ts";
import "./dialogs.css";

/** The parts of a budget, with a useful amount to add and how much one typed unit is. */
const parts: { key: keyof Budget; step: number; unit: number }[] = [
  { key: "tokens", step: 100_000, unit: 1 },
  { key: "activeMs", step: 30, unit: 60_000 },
  { key: "deviceCalls", step: 100, unit: 1 },
  { key: "children", step: 4, unit: 1 },
];

/** The dialog. */
export function BudgetDialog({
  rows,
  onClose,
  onDone,
}: {
  rows: readonly ProcessRow[];
  onClose: () => void;
  onDone: (() => void) | undefined;
}) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const [first] = rows;
  const [more, setMore] = useState<Record<keyof Budget, number>>({
    tokens: 0,
    activeMs: 0,
    deviceCalls: 0,
    children: 0,
  });
  const added = Object.fromEntries(
    parts.filter(({ key }) => more[key] > 0).map(({ key, unit }) => [key, more[key] * unit]),
  ) as Partial<Budget>;
  const nothing = Object.keys(added).length === 0;
  const save = () =>
    act(async () => {
      await Promise.all(rows.map((row) => calls.budget(row.pid, added)));
      onDone?.();
      onClose();
    });
  const used = first && {
    tokens: first.tokens,
    activeMs: first.activeMs,
    deviceCalls: first.deviceCalls,
    children: first.children,
  };
  const may = first && {
    ...{ tokens: first.budgetTokens, activeMs: first.budgetActiveMs },
    ...{ deviceCalls: first.budgetDeviceCalls, children: first.budgetChildren },
  };
  const show = (key: keyof Budget, value: number) =>
    key === "activeMs" ? toSpan(value, locale) : toCount(value, locale);
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(rows.length === 1 ? "control.budget.one" : "control.budget.many", {
        count: rows.length,
        name: first?.name ?? "",
      })}
      about={t("control.budget.about")}
    >
      <form
        className="ctl-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          if (!nothing) save();
        }}
      >
        {parts.map(({ key, step }) => (
          <div key={key} className="ctl-budget">
            <label htmlFor={`budget-${key}`}>{t(`control.budget.${key}`)}</label>
            {rows.length === 1 && used && may && (
              <span className="ctl-budget-used">
                <Meter
                  part={toPart(used[key], may[key])}
                  label={t("control.budget.used", { used: show(key, used[key]), may: show(key, may[key]) })}
                />
                <span className="ctl-muted ctl-number">
                  {show(key, used[key])} / {show(key, may[key])}
                </span>
              </span>
            )}
            <span className="ctl-budget-more">
              <span aria-hidden="true">+</span>
              <input
                id={`budget-${key}`}
                className="input ctl-number"
                type="number"
                inputMode="numeric"
                min={0}
                step={step}
                value={more[key]}
                onChange={(event) =>
                  setMore({ ...more, [key]: Math.max(0, Math.floor(Number(event.target.value) || 0)) })
                }
              />
              {key === "activeMs" && <span className="ctl-muted">{t("control.budget.minutes")}</span>}
            </span>
          </div>
        ))}
        <footer className="dialog-foot">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" kind="primary" disabled={nothing}>
            {t("control.budget.save")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
