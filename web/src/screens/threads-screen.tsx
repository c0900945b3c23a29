// All threads: what waits for you, what went wrong, what is at work, what is done. Keys: j and k walk, enter opens the
// thread beside the list, e resolves or reopens it, z takes that back, f filters.

import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Thread } from "../../../os/src/workplace/contract.ts";
import { changeThread, readThreads } from "../client/commands.ts";
import { act } from "../control/parts/act.ts";
import { Choice } from "../control/parts/choice.tsx";
import { useOwnKeys } from "../control/parts/keys.ts";
import { Page } from "../control/parts/page.tsx";
import { useNow } from "../control/parts/use-size.ts";
import { toSafeLine } from "../control/view/reveal.ts";
import { toStepKey } from "../inbox/view.ts";
import { go, toChannelPath, toThreadPath } from "../router.ts";
import type { ScreenProps } from "../screens.tsx";
import { openDialog } from "../shell/dialog-store.ts";
import { keepThreads, useHum } from "../store/store.ts";
import { ThreadRow, toRowId } from "../threads/thread-row.tsx";
import { countParts, type Group, type Part, parts, toRows } from "../threads/view.ts";
import { EmptyState } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";
import { type ListHandle, VirtualList } from "../ui/virtual-list.tsx";
import "../threads/threads.css";

/** The screen. */
export function ThreadsScreen({ query }: ScreenProps) {
  const { t } = useTranslation();
  const now = useNow(5_000);
  const me = useHum((state) => state.person);
  const known = useHum((state) => state.threads);
  const threads = useMemo(() => Object.values(known), [known]);
  const [words, setWords] = useState("");
  const [folded, setFolded] = useState<ReadonlySet<Group>>(new Set<Group>(["resolved"]));
  const [cursor, setCursor] = useState<string | null>(null);
  const part = parts.find((one) => one === query.part) ?? "all";
  const filter = useDeferredValue(words);
  const rows = useMemo(
    () => toRows(threads, { part, words: filter, me, folded }),
    [threads, part, filter, me, folded],
  );
  const counts = useMemo(() => countParts(threads, me), [threads, me]);
  const list = useRef<ListHandle>(null);
  const field = useRef<HTMLInputElement>(null);
  const back = useRef<() => void>(() => undefined);
  const isOwn = useOwnKeys();
  const ids = rows.flatMap((row) => (row.kind === "thread" ? [row.key] : []));
  const current = cursor !== null && ids.includes(cursor) ? cursor : (ids[0] ?? null);

  // The look of a tab holds those that are open and the newest of the others; here all of them are wanted.
  useEffect(() => {
    readThreads({}).then(keepThreads, () => undefined);
  }, []);
  const any = rows.length > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the first of the list has the keys when there is one
  useEffect(() => {
    if (current !== null && document.activeElement === document.body) focusRow(current);
  }, [any]);

  const toPath = (thread: Thread) =>
    thread.id === thread.channel
      ? toChannelPath(thread.channel)
      : toThreadPath("/threads", thread.id) + (part === "all" ? "" : `?part=${part}`);
  const resolve = (thread: Thread) => {
    if (thread.id === thread.channel) return;
    const resolved = !thread.resolved;
    const undo = () => act(() => changeThread(thread.id, { resolved: !resolved }));
    back.current = undo;
    act(async () => {
      await changeThread(thread.id, { resolved });
      toast(
        t(resolved ? "threads.wasResolved" : "threads.wasReopened", { title: toSafeLine(thread.title, 60) }),
        {
          action: { label: t("common.undo"), run: undo },
        },
      );
    });
  };
  const walk = (by: number) => {
    const next = toStepKey(ids, current, cursor === null ? 0 : by);
    const at = rows.findIndex((row) => row.key === next);
    if (next === null || at < 0) return;
    setCursor(next);
    // The head of a group comes into sight with the first of it.
    list.current?.toIndex(by < 0 && rows[at - 1]?.kind === "group" ? at - 1 : at, "auto");
    focusRow(next);
  };

  function onKeyDown(event: KeyboardEvent) {
    const inField = event.target === field.current;
    if (inField && (event.key === "Escape" || event.key === "ArrowDown" || event.key === "Enter")) {
      if (event.key === "Escape" && words !== "") setWords("");
      else walk(0);
      event.preventDefault();
      return;
    }
    if (!isOwn(event)) return;
    const thread = current === null ? undefined : known[current];
    const { key } = event;
    if (key === "j" || key === "ArrowDown") walk(1);
    else if (key === "k" || key === "ArrowUp") walk(-1);
    else if (key === "Home") walk(-ids.length);
    else if (key === "End") walk(ids.length);
    else if (key === "f") field.current?.focus();
    else if (key === "z") back.current();
    else if (key === "e" && thread) resolve(thread);
    else if (key === "o" && thread) go(toPath(thread));
    else return;
    event.preventDefault();
  }

  return (
    <Page
      fill
      className="threads"
      title={t("shell.threads")}
      hint={t("threads.keys")}
      onKeyDown={onKeyDown}
      tools={
        <Button small icon="plus" onClick={() => openDialog("task")}>
          {t("shell.newTask")}
        </Button>
      }
    >
      <div className="threads-tools">
        <Choice<Part>
          label={t("inbox.show")}
          value={part}
          options={parts.map((value) => ({
            value,
            label:
              counts[value] > 0 && value !== "all"
                ? `${t(`threads.part.${value}`)} ${counts[value]}`
                : t(`threads.part.${value}`),
          }))}
          onChange={(value) => go(value === "all" ? "/threads" : `/threads?part=${value}`, { replace: true })}
        />
        <label className="threads-filter">
          <span className="visually-hidden">{t("threads.filter")}</span>
          <Icon name="search" size={15} />
          <input
            ref={field}
            value={words}
            placeholder={t("threads.filter")}
            autoComplete="off"
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
      </div>
      {any ? (
        <VirtualList
          ref={list}
          count={rows.length}
          keyOf={(index) => rows[index]?.key ?? index}
          estimate={58}
          label={t("shell.threads")}
          className="threads-list"
          row={(index) => {
            const row = rows[index];
            if (!row) return null;
            if (row.kind === "thread")
              return (
                <ThreadRow
                  thread={row.thread}
                  current={row.key === current}
                  now={now}
                  href={toPath(row.thread)}
                  onFocus={setCursor}
                />
              );
            return (
              <GroupHead
                row={row}
                onFold={() =>
                  setFolded((before) => {
                    const next = new Set(before);
                    if (!next.delete(row.group)) next.add(row.group);
                    return next;
                  })
                }
              />
            );
          }}
        />
      ) : (
        <Nothing part={part} filtered={filter !== ""} />
      )}
    </Page>
  );
}

// The row may not be drawn yet when the list has only begun to scroll to it.
function focusRow(thread: string, tries = 6): void {
  const row = document.getElementById(toRowId(thread));
  if (row) row.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(thread, tries - 1));
}

function GroupHead({
  row,
  onFold,
}: {
  row: { group: Group; count: number; folded: boolean };
  onFold: () => void;
}) {
  const { t } = useTranslation();
  return (
    <button type="button" className="threads-group" aria-expanded={!row.folded} onClick={onFold}>
      <Icon name={row.folded ? "right" : "down"} size={13} />
      {t(`threads.group.${row.group}`)} <span>{row.count}</span>
    </button>
  );
}

function Nothing({ part, filtered }: { part: Part; filtered: boolean }) {
  const { t } = useTranslation();
  if (filtered) return <EmptyState icon="search" title={t("threads.nothingFound")} />;
  return (
    <EmptyState icon="tasks" title={t(`threads.nothing.${part}`)} about={t("threads.nothingAbout")}>
      <Button kind="primary" icon="plus" onClick={() => openDialog("task")}>
        {t("shell.newTask")}
      </Button>
    </EmptyState>
  );
}
