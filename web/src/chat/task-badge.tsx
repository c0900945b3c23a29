// How a task stands, in an icon and a word.

import { useTranslation } from "react-i18next";
import type { Thread } from "../../../os/src/workplace/contract.ts";
import { useHum } from "../store/store.ts";
import { Badge } from "../ui/badge.tsx";
import { toShownState, toTaskMark } from "./view/task.ts";

/** The badge. */
export function TaskBadge({ thread }: { thread: Pick<Thread, "id" | "state" | "resolved" | "pid"> }) {
  const { t } = useTranslation();
  const { resolved } = thread;
  const state = useHum((now) => toShownState(thread, now.processes));
  if (resolved && (state === "complete" || state === "open"))
    return (
      <Badge icon="check" tone="plain">
        {t("chat.resolved")}
      </Badge>
    );
  const { icon, tone } = toTaskMark(state);
  return (
    <Badge icon={icon} tone={tone}>
      {t(`chat.state.${state}`)}
    </Badge>
  );
}
