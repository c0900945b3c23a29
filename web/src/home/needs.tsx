// What cannot go on without you, answerable in place: approvals with the exact payload, questions with a line to answer.

import { type FormEvent, Suspense, useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ShownApproval } from "../../../os/src/workplace/api.ts";
import type { InboxItem } from "../../../os/src/workplace/contract.ts";
import { byFinger } from "../chat/focus-wish.ts";
import { writePost } from "../client/commands.ts";
import { newKey, tell } from "../client/rest.ts";
import { toShownTitle } from "../inbox/view.ts";
import { toOwnWords } from "../post/own-words.ts";
import { Button } from "../ui/button.tsx";
import { lazily } from "../ui/load.ts";
import { ago, Place } from "./place.tsx";

const Approval = lazily(() => import("./approval.tsx"), "Approval");

const shown = 3;

function Question({ item, now }: { item: InboxItem; now: number }) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [key] = useState(newKey);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    const place = item.thread !== null ? { thread: item.thread } : { channel: item.channel ?? "" };
    await writePost(place, { text: text.trim() }, key).then(
      () => setText(""),
      (error) => {
        try {
          tell(error);
        } catch {
          // Told; the words are still there.
        }
      },
    );
    setBusy(false);
  };
  const answerable = item.kind === "question" && (item.thread !== null || item.channel !== null);
  return (
    <article className="home-question">
      <p className="home-question-from">
        <Place thread={item.thread ?? item.channel} pid={item.pid}>
          {toShownTitle(item, t)}
        </Place>
        <time dateTime={new Date(item.at).toISOString()}>{ago(item.at, now, i18n.language)}</time>
      </p>
      <p className="home-question-text">{toOwnWords(item, t)}</p>
      {answerable && (
        <form className="home-answer" onSubmit={(event) => void send(event)}>
          <label className="visually-hidden" htmlFor={id}>
            {t("home.needs.answer")}
          </label>
          <input
            id={id}
            className="input"
            value={text}
            autoComplete="off"
            placeholder={t("home.needs.answer")}
            onChange={(event) => setText(event.target.value)}
          />
          <Button type="submit" busy={busy} disabled={text.trim() === ""}>
            {t("home.needs.send")}
          </Button>
        </form>
      )}
    </article>
  );
}

/** The part of the page with what waits for you; nothing when nothing does. */
export function Needs({
  approvals,
  items,
  now,
}: {
  approvals: readonly ShownApproval[];
  items: readonly InboxItem[];
  now: number;
}) {
  const { t } = useTranslation();
  const all = approvals.length + items.length;
  // What was answered goes, with the focus in it: it is put on what is left, or where the next wish is written.
  const focused = useRef<Element | null>(null);
  const head = useRef<HTMLHeadingElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something was answered
  useEffect(() => {
    if (!focused.current || focused.current.isConnected || document.activeElement !== document.body) return;
    focused.current = null;
    const wish = byFinger() ? null : document.querySelector<HTMLElement>(".home-ask textarea");
    (head.current ?? wish)?.focus({ preventScroll: true });
  }, [all]);
  if (all === 0) return null;
  const more = Math.max(0, approvals.length - shown) + Math.max(0, items.length - shown);
  return (
    <section
      className="home-section"
      aria-labelledby="home-needs"
      onFocus={({ target }) => {
        focused.current = target;
      }}
      onBlur={({ relatedTarget }) => {
        // Without a next one the focus was lost, not taken elsewhere.
        if (relatedTarget !== null) focused.current = null;
      }}
    >
      <h2 id="home-needs" ref={head} tabIndex={-1}>
        {t("home.needs.title", { count: all })}
      </h2>
      <Suspense fallback={null}>
        {approvals.slice(0, shown).map((approval) => (
          <Approval key={approval.id} approval={approval} now={now} />
        ))}
      </Suspense>
      {items.slice(0, shown).map((item) => (
        <Question key={item.id} item={item} now={now} />
      ))}
      {more > 0 && <p className="home-quiet">{t("home.needs.more", { count: more })}</p>}
    </section>
  );
}
