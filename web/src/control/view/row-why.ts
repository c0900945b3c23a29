// Why an entity does not run, in one sentence of the language of the page, from what the page knows of it. Where only the
// kernel knows (whose turn it is), its English sentence is shown on an English page, and the bare state elsewhere. Pure.

import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { toApprovalWords, toOwnWords } from "../../post/own-words.ts";
import type { HumState } from "../../store/state.ts";

type Say = (key: string, values: Record<string, string>) => string;

/** What of the state is asked. */
export type Known = Pick<HumState, "halted" | "approvals" | "inbox" | "processes">;

/** The sentence. */
export function toRowWhy(
  row: ProcessRow,
  known: Known,
  { t, language }: { t: Say; language: string },
): string {
  const { name, waiting } = row;
  if (row.outcome) {
    const words = toOwnWords(row.outcome, t).trim().slice(0, 200);
    return t("control.rowWhy.ended", { name, words: words || t(`control.state.${row.outcome.kind}`, {}) });
  }
  if (known.halted) return t("control.rowWhy.halted", { name });
  if (row.paused) return t("control.rowWhy.paused", { name });
  switch (waiting?.on) {
    case "message": {
      const asked = Object.values(known.inbox).find((item) => item.pid === row.pid && item.needsYou);
      return asked?.kind === "question"
        ? t("control.rowWhy.asked", { name, words: asked.text })
        : t("control.rowWhy.message", { name });
    }
    case "approval":
    case "budget": {
      const approval = known.approvals[waiting.id];
      if (!approval) return t("control.rowWhy.yes", { name });
      const words = toApprovalWords(approval, t);
      return t("control.rowWhy.approval", { name, other: approval.what, words });
    }
    case "timer": {
      const options = { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" } as const;
      const time = new Intl.DateTimeFormat(language, options).format(waiting.until);
      return t("control.rowWhy.timer", { name, time });
    }
    case "child": {
      const pids = waiting.pids ?? (waiting.pid === null ? [] : [waiting.pid]);
      const names = pids.map((pid) => known.processes[pid]?.name ?? `#${pid}`).join(", ");
      return names === "" ? t("control.rowWhy.some", { name }) : t("control.rowWhy.child", { name, names });
    }
    default:
  }
  return language.startsWith("en")
    ? row.why
    : t("control.rowWhy.state", { name, state: t(`control.state.${row.shown}`, {}) });
}
