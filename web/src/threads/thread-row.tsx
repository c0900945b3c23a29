// One thread of the list: how it stands, what it is about and what was said last, who works there, how long, and what of
// its budget is used.

import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow, Thread } from "../../../os/src/workplace/contract.ts";
import { toShownState, toTaskMark } from "../chat/view/task.ts";
import { Meter } from "../control/parts/meter.tsx";
import { toPercent, toShortSpan, toSpan } from "../control/view/numbers.ts";
import { toSafeLine } from "../control/view/reveal.ts";
import { toGist } from "../post/gist.ts";
import { toOwnWords } from "../post/own-words.ts";
import { channelTitle, isUnread } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import { useLastWord } from "./last-words.ts";
import { toLasted, toUsed, toWorker } from "./view.ts";

/** Names that are shown of those who wrote in a thread. */
const shownFaces = 3;

/** Id of the row in the page. */
export const toRowId = (thread: string): string => `thread-${thread.replace(/[^\w-]/g, "_")}`;

/** Icon and word of a state. */
export function ThreadState({ thread }: { thread: Pick<Thread, "id" | "state" | "resolved" | "pid"> }) {
  const { t } = useTranslation();
  const state = useHum((now) => toShownState(thread, now.processes));
  const resolved = thread.resolved && thread.state !== "active" && thread.state !== "awaitingInput";
  return (
    <span className="threads-state" data-state={resolved ? "resolved" : state}>
      <Icon name={resolved ? "archive" : toTaskMark(state).icon} size={15} />
      <span className="threads-state-word">{t(resolved ? "chat.resolved" : `chat.state.${state}`)}</span>
    </span>
  );
}

/** The row. */
export const ThreadRow = memo(function ThreadRow({
  thread,
  current,
  now,
  href,
  onFocus,
}: {
  thread: Thread;
  current: boolean;
  now: number;
  /** Where it leads. */
  href: string;
  onFocus: (thread: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const channel = useHum((state) => state.channels[thread.channel]);
  const worker = useHum((state) => toWorker(thread, state.processes));
  const unread = useHum((state) => isUnread(state, thread));
  const last = useLastWord(thread);
  const lasted = toLasted(thread, now);
  const direct = thread.id === thread.channel;
  const words = last ? toGist(toOwnWords(last, t)) : "";
  return (
    <a
      id={toRowId(thread.id)}
      href={`#${href}`}
      className={cx("threads-row", unread && "threads-row-unread")}
      data-current={current || undefined}
      onFocus={() => onFocus(thread.id)}
    >
      <ThreadState thread={thread} />
      <span className="threads-title">
        {direct ? t("inbox.directWith", { name: thread.title }) : toGist(thread.title, 160)}
      </span>
      <span className="threads-words">
        {last && <span className="threads-words-name">{toSafeLine(last.from.name, 30)}: </span>}
        {words === "" ? t("threads.noWords") : words}
      </span>
      <span className="threads-where">{direct ? "" : channel ? channelTitle(channel) : thread.channel}</span>
      <Faces thread={thread} />
      <span className="threads-time">
        <span title={t("threads.lasted")}>{lasted === null ? "" : toSpan(lasted, locale)}</span>
        <span className="threads-ago">
          {now - thread.lastAt < 60_000
            ? t("inbox.now")
            : t("threads.ago", { span: toShortSpan(now - thread.lastAt, locale) })}
        </span>
      </span>
      <Used worker={worker} />
      {unread && <span className="visually-hidden">{t("shell.unread")}</span>}
    </a>
  );
});

function Faces({ thread }: { thread: Thread }) {
  const programs = useHum((state) => state.programs);
  const names = [
    ...new Set([...(thread.delegate === null ? [] : [thread.delegate]), ...thread.writers]),
  ].filter((name) => name !== "Hum");
  return (
    <span className="threads-faces" title={names.join(", ")}>
      {names.slice(0, shownFaces).map((name) => (
        <Avatar key={name} name={name} kind={Object.hasOwn(programs, name) ? "entity" : "person"} size={22} />
      ))}
      {names.length > shownFaces && <span className="threads-faces-more">+{names.length - shownFaces}</span>}
      <span className="visually-hidden">{names.join(", ")}</span>
    </span>
  );
}

function Used({ worker }: { worker: ProcessRow | null }) {
  const { t, i18n } = useTranslation();
  if (worker === null) return <span className="threads-used" />;
  const part = toUsed(worker);
  const percent = toPercent(part, i18n.language);
  return (
    <span className="threads-used" title={t("threads.used", { percent })}>
      <Meter part={part} label={t("threads.used", { percent })} />
      <span aria-hidden="true">{percent}</span>
    </span>
  );
}
