// Links to a process and to a thread.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Pid } from "../../../../os/src/entity/entity.ts";
import { Icon } from "../../ui/icon.tsx";
import { useThreadTitles, ways } from "../world.ts";

/** Opens the page of a process. */
export function ProcessLink({ pid, children }: { pid: Pid; children: ReactNode }) {
  return (
    <button type="button" className="ctl-link" onClick={() => ways.process(pid)}>
      {children}
    </button>
  );
}

/** Opens a thread beside the screen. */
export function ThreadLink({ thread }: { thread: string }) {
  const { t } = useTranslation();
  const title = useThreadTitles()(thread);
  return (
    <button type="button" className="ctl-link ctl-thread-link" onClick={() => ways.thread(thread)}>
      <Icon name="thread" size={14} /> <bdi>{title ?? t("control.thread")}</bdi>
    </button>
  );
}
