// How a task stands, in an icon and a word.

import { useTranslation } from "react-i18next";
import type { TaskState } from "../../../os/src/workplace/contract.ts";
import { Badge } from "../ui/badge.tsx";
import { toTaskMark } from "./view/task.ts";

/** The badge. */
export function TaskBadge({ state, resolved }: { state: TaskState; resolved: boolean }) {
  const { t } = useTranslation();
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
