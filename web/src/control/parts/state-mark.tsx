// The state of a process: an icon, a word, and what it waits for. The icon and the word say it, the colour only helps.

import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Outcome } from "../../../../os/src/entity/entity.ts";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Icon, type IconName } from "../../ui/icon.tsx";
import { needsPerson, type RowState, toRowState, toWaitsOn } from "../view/rows.ts";

const icons: Record<RowState, IconName> = {
  running: "play",
  queued: "clock",
  preempted: "arrowDown",
  waiting: "clock",
  paused: "pause",
  done: "check",
  failed: "warning",
  killed: "stop",
};

const waitIcons: Record<NonNullable<ReturnType<typeof toWaitsOn>>, IconName> = {
  message: "question",
  approval: "shield",
  budget: "shield",
  timer: "moon",
  child: "people",
};

/** Icon and word of a state. */
export const StateMark = memo(function StateMark({ row }: { row: ProcessRow }) {
  const { t } = useTranslation();
  const state = toRowState(row);
  const on = toWaitsOn(row);
  return (
    <span className="ctl-state" data-state={state} data-needs={needsPerson(row) || undefined}>
      <Icon name={on ? waitIcons[on] : icons[state]} size={15} />
      <span className="ctl-state-word">{on ? t(`control.waits.${on}`) : t(`control.state.${state}`)}</span>
    </span>
  );
});

/** Icon and word of an end. */
export function OutcomeMark({ outcome }: { outcome: Outcome["kind"] }) {
  const { t } = useTranslation();
  return (
    <span className="ctl-state" data-state={outcome}>
      <Icon name={icons[outcome]} size={15} />
      <span className="ctl-state-word">{t(`control.state.${outcome}`)}</span>
    </span>
  );
}
