// One quiet line: who, and what they do at this moment.

import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../os/src/workplace/contract.ts";
import { type Live, useLive } from "../store/live.ts";
import { useHum } from "../store/store.ts";
import { cx } from "../ui/cx.ts";
import { toSpoken, toStepKey } from "./view/spoken.ts";
import { type Doing, toDoing, waitsForYou } from "./view/task.ts";

/** The sentence of what an entity does. */
export function useDoing(
  row: ProcessRow | undefined,
  live: Live | undefined,
): { doing: Doing; text: string } {
  const { t } = useTranslation();
  if (!row) return { doing: "queued", text: "" };
  const doing = toDoing(row, live);
  if (doing === "step")
    return { doing, text: t(`chat.step.${toStepKey(live?.running ?? "")}`, stepOf(live)) };
  if (doing === "reading") {
    const { done, total } = live?.reading ?? { done: 0, total: 1 };
    return { doing, text: t("chat.doing.reading", { part: Math.round((done / Math.max(1, total)) * 100) }) };
  }
  if (doing === "writing") {
    if (!live?.whole) return { doing, text: t("chat.doing.writing") };
    const { step, words } = toSpoken(live?.text ?? "");
    if (step)
      return { doing, text: t(`chat.step.${toStepKey(step.name)}`, { name: step.name, head: step.head }) };
    return { doing, text: t(words === "" ? "chat.doing.thinking" : "chat.doing.writing") };
  }
  return { doing, text: t(`chat.doing.${doing}`) };
}

const stepOf = (live: Live | undefined) => ({ name: live?.running ?? "", head: "" });

/** The line. */
export function DoingLine({ pid, others }: { pid: number; others: number }) {
  const { t } = useTranslation();
  const row = useHum((state) => state.processes[pid]);
  const live = useLive((state) => state.entities[pid]);
  const { doing, text } = useDoing(row, live);
  if (!row) return null;
  return (
    <span className={cx("doing", waitsForYou(doing) && "doing-waits")}>
      <span className="doing-dot" aria-hidden="true" />
      <span className="doing-text">
        <bdi>{row.name}</bdi> {text}
      </span>
      {others > 0 && <span className="doing-others">{t("chat.andOthers", { count: others })}</span>}
    </span>
  );
}
