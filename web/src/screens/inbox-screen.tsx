// The inbox: what needs you, what is new, and what was there before; the one you look at stands whole beside the list.
// Keys: j and k walk, enter opens the place, e puts away, z takes that back, u makes new again, a and d answer a question
// for a yes (as on the page of approvals, only after it has been on the screen for a moment), r goes to the line to answer.

import { type KeyboardEvent, Suspense, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { answerApproval } from "../client/commands.ts";
import { act } from "../control/parts/act.ts";
import { Choice } from "../control/parts/choice.tsx";
import { useOwnKeys } from "../control/parts/keys.ts";
import { Page } from "../control/parts/page.tsx";
import { useMedia, useNow } from "../control/parts/use-size.ts";
import { makeNew, openItem, putAway } from "../inbox/acts.ts";
import { answerId, InboxDetail } from "../inbox/inbox-detail.tsx";
import { InboxRow, toRowId } from "../inbox/inbox-row.tsx";
import {
  comeBack,
  type Entry,
  type Group,
  goOn,
  leave,
  newVisit,
  type Part,
  parts,
  toInboxView,
  toNextKey,
  toStepKey,
} from "../inbox/view.ts";
import { go, useRoute } from "../router.ts";
import type { ScreenProps } from "../screens.tsx";
import { useInbox } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { EmptyState } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { lazily } from "../ui/load.ts";
import "../inbox/inbox.css";

const AllClear = lazily(() => import("../inbox/all-clear.tsx"), "AllClear");

/** A question must have been on the screen for so long before a key answers it. */
const settleMs = 500;

const groups: readonly Group[] = ["needs", "fresh", "earlier"];

/** The screen. */
export function InboxScreen({ query }: ScreenProps) {
  const { t } = useTranslation();
  const now = useNow(15_000);
  const route = useRoute();
  const items = useInbox();
  const approvals = useHum((state) => state.approvals);
  const [visit, setVisit] = useState(newVisit);
  useEffect(() => setVisit((before) => goOn(before, items)), [items]);
  const part = parts.find((one) => one === query.part) ?? "all";
  const view = useMemo(() => toInboxView(items, { part, visit }), [items, part, visit]);
  const [cursor, setCursor] = useState<string | null>(null);
  // On a narrow page the one that is looked at covers the list.
  const [looking, setLooking] = useState(false);
  const narrow = useMedia("(max-width: 900px)");
  const list = useRef<HTMLDivElement>(null);
  const columns = useRef<HTMLDivElement>(null);
  const isOwn = useOwnKeys();
  const keys = view.entries.map((entry) => entry.key);
  const current =
    view.entries.find((entry) => entry.key === cursor) ??
    (view.count.needs + view.count.fresh > 0 ? view.entries[0] : undefined) ??
    null;
  const approval = current?.item.approval ? (approvals[current.item.approval] ?? null) : null;
  const since = useSince(current?.key ?? null);
  const back = useRef<() => void>(() => undefined);

  const toList = () => {
    setLooking(false);
    (list.current ?? columns.current)?.focus({ preventScroll: true });
  };
  const away = (entries: readonly Entry[]) => {
    const able = entries.filter((entry) => entry.group === "fresh");
    if (able.length === 0) return;
    const [only] = able;
    setCursor(able.length === 1 && only ? toNextKey(keys, only.key) : null);
    setVisit((before) =>
      leave(
        before,
        able.flatMap((entry) => entry.ids),
      ),
    );
    const undo = putAway(able, (ids) => {
      setVisit((before) => comeBack(before, ids));
      if (able.length === 1 && only) setCursor(only.key);
    });
    back.current = () => {
      back.current = () => undefined;
      undo();
    };
    toList();
  };
  const answer = (word: "approved" | "denied") => {
    if (!approval || !current) return;
    const next = toNextKey(keys, current.key);
    act(async () => {
      await answerApproval(approval.id, word);
      setCursor(next);
      toList();
    });
  };
  const renew = (entry: Entry) => {
    setVisit((before) => comeBack(before, entry.ids));
    makeNew(entry);
  };
  const step = (by: number) => setCursor(toStepKey(keys, current?.key ?? null, by));

  function onKeyDown(event: KeyboardEvent) {
    if (!isOwn(event)) return;
    const { key } = event;
    const settled = Date.now() - since.current >= settleMs && !event.repeat;
    if (key === "j" || key === "ArrowDown") step(1);
    else if (key === "k" || key === "ArrowUp") step(-1);
    else if (key === "Escape" && narrow && looking) toList();
    else if (key === "z") back.current();
    else if (!current) return;
    else if (key === "e") away([current]);
    else if (key === "u") renew(current);
    else if (key === "r" && document.getElementById(answerId)) document.getElementById(answerId)?.focus();
    else if ((key === "a" || key === "d") && approval) {
      if (narrow && !looking) setLooking(true);
      else if (settled) answer(key === "a" ? "approved" : "denied");
    } else if ((key === "Enter" || key === "o") && isRow(event.target)) {
      if (narrow && !looking) setLooking(true);
      else openItem(current.item);
    } else return;
    event.preventDefault();
  }

  const any = view.entries.length > 0;
  useEffect(() => {
    // Without a list the screen keeps the keys: what was put away last can be taken back.
    const alone = document.activeElement === document.body || document.activeElement === columns.current;
    if (any || alone) (list.current ?? columns.current)?.focus({ preventScroll: true });
  }, [any]);
  useEffect(() => {
    if (current) document.getElementById(toRowId(current.key))?.scrollIntoView({ block: "nearest" });
  }, [current]);
  const pick = useCallback((key: string) => {
    setCursor(key);
    setLooking(true);
  }, []);

  const clear = view.count.needs + view.count.fresh === 0;
  const fresh = view.entries.filter((entry) => entry.group === "fresh");
  const beside = route.thread === null && current !== null && (!narrow || looking);
  return (
    <Page
      fill
      className="inbox"
      title={t("shell.inbox")}
      hint={any ? t("inbox.keys") : ""}
      onKeyDown={onKeyDown}
      tools={
        fresh.length > 1 && (
          <Button small kind="quiet" icon="check" onClick={() => away(fresh)}>
            {t("inbox.all")}
          </Button>
        )
      }
    >
      <div
        ref={columns}
        tabIndex={-1}
        className="inbox-columns"
        data-beside={beside || undefined}
        data-looking={looking || undefined}
      >
        <div className="inbox-list scroller">
          <div className="inbox-inner">
            <Choice<Part>
              label={t("inbox.show")}
              value={part}
              options={parts.map((value) => ({ value, label: t(`inbox.part.${value}`) }))}
              onChange={(value) => {
                setCursor(null);
                go(value === "all" ? "/inbox" : `/inbox?part=${value}`, { replace: true });
              }}
            />
            {clear && part === "all" && (
              <Suspense fallback={<div className="inbox-clear" />}>
                <AllClear now={now} short={any} />
              </Suspense>
            )}
            {!any && part !== "all" && <EmptyState icon="inbox" title={t("inbox.none")} />}
            {any && (
              <div
                ref={list}
                className="inbox-rows"
                role="listbox"
                tabIndex={0}
                aria-label={t("shell.inbox")}
                aria-activedescendant={current ? toRowId(current.key) : undefined}
              >
                {groups.map((group) => (
                  <Rows
                    key={group}
                    group={group}
                    entries={view.entries.filter((entry) => entry.group === group)}
                    current={current?.key ?? null}
                    now={now}
                    onPick={pick}
                  />
                ))}
              </div>
            )}
          </div>
        </div>
        {beside && current && (
          <div className="inbox-beside scroller">
            <InboxDetail
              key={current.key}
              entry={current}
              approval={approval}
              now={now}
              onAnswer={answer}
              onDone={() => away([current])}
              onNew={() => renew(current)}
              onBack={toList}
            />
          </div>
        )}
      </div>
    </Page>
  );
}

function Rows({
  group,
  entries,
  current,
  now,
  onPick,
}: {
  group: Group;
  entries: readonly Entry[];
  current: string | null;
  now: number;
  onPick: (key: string) => void;
}) {
  const { t } = useTranslation();
  if (entries.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of options of a list that is walked by key
    <div role="group" aria-label={t(`inbox.group.${group}`)}>
      <p className="inbox-group" aria-hidden="true">
        {t(`inbox.group.${group}`)} <span>{entries.length}</span>
      </p>
      {entries.map((entry) => (
        <InboxRow key={entry.key} entry={entry} current={entry.key === current} now={now} onPick={onPick} />
      ))}
    </div>
  );
}

// Enter on a button of the detail is that button's.
const isRow = (target: EventTarget | null): boolean =>
  !(target as HTMLElement | null)?.closest?.("button, a, input, summary");

// When the entry that is shown came onto the screen.
function useSince(key: string | null) {
  const since = useRef(0);
  useEffect(() => {
    since.current = key === null ? 0 : Date.now();
  }, [key]);
  return since;
}
