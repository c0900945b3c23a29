// What stands below a post that began a thread: how the task stands, who is in it, how many replies, and, while somebody
// works, one quiet line of what is done at this moment.

import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Thread } from "../../../os/src/workplace/contract.ts";
import { isUnread } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import { DoingLine } from "./doing-line.tsx";
import { useLivingPids } from "./living.ts";
import { TaskBadge } from "./task-badge.tsx";
import { isTask } from "./view/task.ts";
import { toAgo } from "./view/when.ts";

/** Faces shown at most. */
const mostFaces = 4;

/** The line below a post; nothing when it began no thread. */
export const ThreadFoot = memo(function ThreadFoot({ id, onOpen }: { id: string; onOpen: () => void }) {
  const thread = useHum((state) => state.threads[id]);
  return thread ? <Foot thread={thread} onOpen={onOpen} /> : null;
});

function Foot({ thread, onOpen }: { thread: Thread; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const unread = useHum((state) => isUnread(state, thread) && thread.replies > 0);
  const pids = useLivingPids(thread.id);
  const [first] = pids;
  return (
    <button
      type="button"
      className={cx("thread-foot", thread.resolved && "thread-foot-resolved", unread && "thread-foot-unread")}
      onClick={onOpen}
    >
      {isTask(thread) && <TaskBadge thread={thread} />}
      <Faces thread={thread} />
      {(thread.replies > 0 || first === undefined) && (
        <span className="thread-foot-count">{t("chat.replies", { count: thread.replies })}</span>
      )}
      {first === undefined ? (
        thread.replies > 0 && (
          <span className="thread-foot-last">
            {t("chat.lastAt", { when: toAgo(thread.lastAt, Date.now(), i18n.language) })}
          </span>
        )
      ) : (
        <DoingLine pid={first} others={pids.length - 1} />
      )}
      {unread && (
        <span className="unread-dot">
          <span className="visually-hidden">{t("shell.unread")}</span>
        </span>
      )}
      <Icon name="right" size={14} />
    </button>
  );
}

function Faces({ thread }: { thread: Thread }) {
  const programs = useHum((state) => state.programs);
  const names = thread.writers.filter((name) => name !== "Hum").slice(0, mostFaces);
  return (
    <span className="faces">
      {names.map((name) => (
        <Avatar key={name} name={name} kind={name in programs ? "entity" : "person"} size={20} />
      ))}
    </span>
  );
}
