// The head of a thread: its name, how the task stands, who works on it and what they have used, and what a person can do:
// hold, stop, resolve, rename. Files that were handed over unfold below.

import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post, ProcessRow, Thread } from "../../../os/src/workplace/contract.ts";
import { changeThread } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { toCount, toPercent, toSpan } from "../control/view/numbers.ts";
import { go, toChannelPath, toThreadPath } from "../router.ts";
import { channelTitle } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Menu } from "../ui/menu.tsx";
import { useLivingPids } from "./living.ts";
import { copyLink } from "./post-tools.tsx";
import { TaskBadge } from "./task-badge.tsx";
import { ThreadFiles } from "./thread-files.tsx";
import { isTask, toDoing, toLight, toUsedPart } from "./view/task.ts";
import { WorkTools } from "./work-tools.tsx";

/** The head. `root` is the first post, for a thread that nobody has replied to yet. */
export function ThreadHead({ id, root, base }: { id: string; root: Post | null; base: string }) {
  const { t } = useTranslation();
  const thread = useHum((state) => state.threads[id]);
  const channel = useHum((state) => state.channels[thread?.channel ?? root?.channel ?? ""]);
  const pids = useLivingPids(id);
  const [naming, setNaming] = useState(false);
  return (
    <header className="thread-head">
      <div className="thread-bar">
        <IconButton icon="left" className="phone-only" label={t("common.close")} onClick={() => go(base)} />
        {thread && isTask(thread) && <TaskBadge thread={thread} />}
        {channel && (
          <a className="thread-channel" href={`#${toChannelPath(channel.id, root?.seq)}`}>
            {channelTitle(channel)}
          </a>
        )}
        <div className="screen-tools">
          <WorkTools pids={pids} />
          {thread && (
            <Button
              small
              kind="quiet"
              icon={thread.resolved ? "undo" : "check"}
              aria-label={t(thread.resolved ? "chat.do.reopen" : "chat.do.resolve")}
              onClick={() => act(changeThread(id, { resolved: !thread.resolved }))}
            >
              <span className="wide-only">
                {t(thread.resolved ? "chat.do.reopenShort" : "chat.do.resolveShort")}
              </span>
            </Button>
          )}
          <Menu
            trigger={<IconButton icon="more" label={t("chat.do.more")} />}
            items={[
              ...(thread
                ? [{ label: t("chat.do.rename"), icon: "pencil" as const, run: () => setNaming(true) }]
                : []),
              {
                label: t("chat.do.link"),
                icon: "link" as const,
                run: () =>
                  copyLink(
                    toThreadPath(channel ? toChannelPath(channel.id) : base, id),
                    t("chat.linkCopied"),
                  ),
              },
              ...(thread?.pid == null
                ? []
                : [
                    {
                      label: t("chat.do.process"),
                      icon: "cpu" as const,
                      run: () => go(`/processes/${thread.pid}`),
                    },
                    {
                      label: t("chat.do.changes"),
                      icon: "undo" as const,
                      run: () => go(`/processes/${thread.pid}?tab=files`),
                    },
                  ]),
            ]}
          />
          <IconButton
            icon="close"
            className="wide-only"
            label={t("common.close")}
            keys="esc"
            onClick={() => go(base)}
          />
        </div>
      </div>
      {naming && thread ? (
        <NameField thread={thread} onEnd={() => setNaming(false)} />
      ) : (
        <h2 className="thread-title">
          {thread ? (
            <button type="button" title={t("chat.do.rename")} onClick={() => setNaming(true)}>
              {thread.title}
            </button>
          ) : (
            t("chat.thread")
          )}
        </h2>
      )}
      {thread && <Workers thread={thread} pids={pids} />}
      {thread && <ThreadFiles thread={thread} />}
    </header>
  );
}

function NameField({ thread, onEnd }: { thread: Thread; onEnd: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState(thread.title);
  const save = () => {
    const next = title.trim();
    onEnd();
    if (next !== "" && next !== thread.title) act(changeThread(thread.id, { title: next }));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") save();
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    onEnd();
  };
  return (
    <input
      className="input thread-name"
      aria-label={t("chat.threadName")}
      value={title}
      maxLength={200}
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to write here
      autoFocus
      onFocus={(event) => event.target.select()}
      onChange={(event) => setTitle(event.target.value)}
      onBlur={save}
      onKeyDown={onKeyDown}
    />
  );
}

// Those who live, else the one who worked last; and what the task has used of what it may.
function Workers({ thread, pids }: { thread: Thread; pids: readonly number[] }) {
  const { t, i18n } = useTranslation();
  const processes = useHum((state) => state.processes);
  const living = pids.flatMap((pid) => processes[pid] ?? []);
  const last = thread.pid === null ? undefined : processes[thread.pid];
  const shown = living.length > 0 ? living : last ? [last] : [];
  if (shown.length === 0) return null;
  const head = (last && !last.ended ? last : living[0]) ?? last;
  return (
    <div className="workers">
      <ul>
        {shown.map((row) => (
          <li key={row.pid}>
            <Worker row={row} />
          </li>
        ))}
      </ul>
      {head && head.tokens > 0 && (
        <span className="workers-used" title={t("chat.used.about")}>
          <span className="workers-bar" aria-hidden="true">
            <i style={{ width: `${Math.min(100, toUsedPart(head) * 100)}%` }} />
          </span>
          {t("chat.used.line", {
            tokens: toCount(head.tokens, i18n.language),
            time: toSpan(head.activeMs, i18n.language),
            part: toPercent(toUsedPart(head), i18n.language),
          })}
        </span>
      )}
    </div>
  );
}

function Worker({ row }: { row: ProcessRow }) {
  return (
    <a className="worker" href={`#/processes/${row.pid}`}>
      <Avatar
        name={row.program}
        kind="entity"
        size={20}
        light={row.ended ? undefined : toLight(toDoing(row, undefined))}
      />
      <bdi>{row.name}</bdi>
    </a>
  );
}
