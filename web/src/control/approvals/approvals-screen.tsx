// What waits for a yes: a list at the left, one question at the right. `a` says yes and `d` says no to the one that is
// shown, j and k walk, x or space selects equal ones for one answer. An answer by key counts only for a question that
// has been on the screen for a moment, so that no second press can reach the next one unseen.

// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: a list that is walked by key; it has the focus and the keys
// biome-ignore-all lint/a11y/useFocusableInteractive: a list that is walked by key; it has the focus and the keys
// biome-ignore-all lint/a11y/useKeyWithClickEvents: a list that is walked by key; it has the focus and the keys

import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShownApproval } from "../../../../os/src/workplace/api.ts";
import { answerApproval } from "../../client/commands.ts";
import { toApprovalWords } from "../../post/own-words.ts";
import { EmptyState } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Kbd } from "../../ui/kbd.tsx";
import { act } from "../parts/act.ts";
import { useOwnKeys } from "../parts/keys.ts";
import { Page } from "../parts/page.tsx";
import { Revealed } from "../parts/revealed.tsx";
import { useNow } from "../parts/use-size.ts";
import { canAnswerTogether, sortApprovals, toNextId, toScopes } from "../view/inbox.ts";
import { toShortSpan } from "../view/numbers.ts";
import { toCalls } from "../view/payload.ts";
import { useApprovals } from "../world.ts";
import { ApprovalFrame, Times } from "./approval-frame.tsx";
import "./approvals.css";

/** A question must have been on the screen for so long before a key answers it. */
const settleMs = 500;

type Scope = "once" | "thread" | "standing";

/** The screen. */
export function ApprovalsScreen() {
  const { t, i18n } = useTranslation();
  const now = useNow(15_000);
  const approvals = useApprovals();
  const sorted = useMemo(() => sortApprovals(approvals, now), [approvals, now]);
  const [cursor, setCursor] = useState<string | null>(null);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [scope, setScope] = useState<Scope>("once");
  const isOwn = useOwnKeys();
  const list = useRef<HTMLUListElement>(null);
  const current = sorted.find((one) => one.id === cursor) ?? sorted[0] ?? null;
  const since = useSince(current?.id ?? null);
  const selected = sorted.filter((one) => picked.has(one.id));
  const together = selected.length > 1 && canAnswerTogether(selected);

  const show = useCallback((id: string | null) => {
    setCursor(id);
    setScope("once");
  }, []);

  const answer = useCallback(
    (which: readonly ShownApproval[], word: "approved" | "denied", reach: Scope) =>
      act(async () => {
        for (const one of which) {
          await answerApproval(one.id, word, word === "approved" ? reach : "once");
        }
        const last = which.at(-1);
        if (last)
          show(
            toNextId(
              sorted.filter((one) => one === last || !which.includes(one)).map((one) => one.id),
              last.id,
            ),
          );
        setPicked(new Set());
      }),
    [show, sorted],
  );

  function onKeyDown(event: KeyboardEvent) {
    if (!isOwn(event)) return;
    const ids = sorted.map((one) => one.id);
    const at = current ? ids.indexOf(current.id) : -1;
    const settled = Date.now() - since.current >= settleMs && !event.repeat;
    const step = (by: number) => show(ids[Math.min(Math.max(at + by, 0), ids.length - 1)] ?? null);
    if (event.key === "j" || event.key === "ArrowDown") step(1);
    else if (event.key === "k" || event.key === "ArrowUp") step(-1);
    else if (event.key === "x" && current) setPicked(toggled(picked, current.id));
    else if ((event.key === "a" || event.key === "d") && current) {
      if (settled) answer(together ? selected : [current], event.key === "a" ? "approved" : "denied", scope);
    } else return;
    event.preventDefault();
  }

  const hasApprovals = sorted.length > 0;
  useEffect(() => {
    if (hasApprovals) list.current?.focus({ preventScroll: true });
  }, [hasApprovals]);

  if (current === null)
    return (
      <Page title={t("control.approvals.title")}>
        <EmptyState
          icon="shield"
          title={t("control.approvals.none")}
          about={t("control.approvals.noneText")}
        />
      </Page>
    );
  const shown = together ? selected : [current];
  const count = shown.reduce((sum, one) => sum + (toCalls(one)?.length ?? 1), 0);
  return (
    <Page title={t("control.approvals.title")} hint={t("control.approvals.keys")} onKeyDown={onKeyDown}>
      <div className="ctl-columns">
        <ul
          ref={list}
          className="ctl-ask-list"
          role="listbox"
          aria-multiselectable="true"
          tabIndex={0}
          aria-label={t("control.approvals.title")}
          aria-activedescendant={`ask-row-${current.id}`}
        >
          {sorted.map((one) => (
            <li
              key={one.id}
              id={`ask-row-${one.id}`}
              role="option"
              aria-selected={picked.has(one.id)}
              data-current={one === current || undefined}
              className="ctl-ask-row"
              onClick={(event) =>
                event.ctrlKey || event.metaKey ? setPicked(toggled(picked, one.id)) : show(one.id)
              }
            >
              <span className="ctl-ask-row-what">
                {picked.has(one.id) && <span aria-hidden="true">✓ </span>}
                <Revealed text={one.what} />
                <Times calls={toCalls(one)} />
              </span>
              <span className="ctl-ask-row-time ctl-number">
                {toShortSpan(now - one.askedAt, i18n.language)}
              </span>
              <span className="ctl-ask-row-sink">
                <Revealed text={one.sink || toApprovalWords(one, t)} />
              </span>
              <span className="ctl-ask-row-who">
                <Revealed text={one.name} /> #{one.pid}
              </span>
            </li>
          ))}
        </ul>
        <ApprovalFrame key={current.id} approval={current} now={now}>
          <fieldset className="ctl-scope">
            <legend>{t("control.approvals.scope")}</legend>
            {toScopes(shown).map((one) => (
              <label key={one} className="ctl-scope-one">
                <input type="radio" name="scope" checked={scope === one} onChange={() => setScope(one)} />
                {t(`control.approvals.scopes.${one}`)}
              </label>
            ))}
          </fieldset>
          {selected.length > 1 && (
            <p className={together ? "ctl-note" : "ctl-note ctl-note-warn"}>
              {t(together ? "control.approvals.together" : "control.approvals.notTogether", {
                count: selected.length,
              })}
            </p>
          )}
          <div className="ctl-row ctl-actions">
            <Button kind="primary" onClick={() => answer(shown, "approved", scope)}>
              {t(count > 1 ? "control.approvals.approveMany" : "control.approvals.approve", { count })}{" "}
              <Kbd keys="a" />
            </Button>
            <Button onClick={() => answer(shown, "denied", scope)}>
              {t(count > 1 ? "control.approvals.denyMany" : "control.approvals.deny", { count })}{" "}
              <Kbd keys="d" />
            </Button>
          </div>
        </ApprovalFrame>
      </div>
    </Page>
  );
}

// When the question that is shown came onto the screen.
function useSince(id: string | null) {
  const since = useRef(0);
  useEffect(() => {
    since.current = id === null ? 0 : Date.now();
  }, [id]);
  return since;
}

function toggled(set: ReadonlySet<string>, id: string): Set<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}
