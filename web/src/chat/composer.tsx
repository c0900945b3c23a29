// Where one writes: c brings the caret, several lines, Enter sends, @ completes names, files by drop, paste or button. What is written is kept
// at once, so that neither a reload nor a dead server takes it away; a post goes by the outbox (store/outbox.ts).

import {
  type KeyboardEvent,
  lazy,
  Suspense,
  useEffect,
  useEffectEvent,
  useId,
  useMemo,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { type Place, toPlaceKey } from "../client/commands.ts";
import type { ShowKind } from "../show/source.ts";
import { sendPost } from "../store/outbox.ts";
import { useNames } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { IconButton } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Kbd } from "../ui/kbd.tsx";
import { FileChips } from "./file-chips.tsx";
import { byFinger } from "./focus-wish.ts";
import { NameList } from "./name-list.tsx";
import { useAttach } from "./use-attach.ts";
import { useDraft } from "./use-draft.ts";
import { useDropped } from "./use-dropped.ts";
import { usePlaceKeys } from "./use-place-keys.ts";
import { findMention, findStranger, matchNames, takeName, toKnown } from "./view/mention.ts";

const ShowCard = lazy(() => import("../show/show-card.tsx").then((module) => ({ default: module.ShowCard })));

interface ComposerProps {
  place: Place;
  label: string;
  /** After a post went off. */
  onSent: () => void;
  /** Up in an empty composer; false when there is nothing to change. */
  onEditLast: () => boolean;
  hint?: string | undefined;
}

/** Longest post in bytes, as the server takes it (os/src/limits.ts). */
const longest = 40 * 1024;

/** The composer of a place. */
export function Composer({ place, label, onSent, onEditLast, hint }: ComposerProps) {
  const { t } = useTranslation();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const { draft, change, take } = useDraft(toPlaceKey(place), area);
  const attach = useAttach(place, draft, change);
  const names = useNames();
  const processes = useHum((state) => state.processes);
  const known = useMemo(
    () => toKnown([...names, ...Object.values(processes)].map(({ name }) => name)),
    [names, processes],
  );
  const line = useHum((state) => state.line);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [closed, setClosed] = useState<number | null>(null);
  const root = useRef<HTMLDivElement>(null);
  const dropping = useDropped(root, attach.add);
  // It is heard while the posts are still read, too.
  usePlaceKeys(root, (key) => {
    if (key === "c") area.current?.focus();
    return key === "c";
  });
  const placeKey = toPlaceKey(place);
  // It belongs to the place that it was opened in, and ends when another one is gone to.
  const [opened, setOpened] = useState<{ kind: ShowKind; placeKey: string } | null>(null);
  const show = opened?.placeKey === placeKey ? opened.kind : null;

  const mention = findMention(draft.text, caret);
  const fits = mention && mention.at !== closed ? matchNames(names, mention.word) : [];
  const open = fits.length > 0 && !(fits.length === 1 && fits[0]?.name === mention?.word);
  const pick = Math.min(chosen, fits.length - 1);

  const stranger = open ? null : findStranger(draft.text, known);

  const tooLong = draft.text.length > longest / 4 && new Blob([draft.text]).size > longest;
  const full = draft.text.trim() !== "" || draft.files.length > 0 || attach.running > 0;
  const there = attach.running === 0 && attach.failed === 0;
  const ready = full && !tooLong && there;
  // Enter while files are on their way: the post goes off when they are there, unless it is changed before.
  const [wished, setWished] = useState(false);
  const send = () => {
    setWished(full && !tooLong && !there);
    if (!ready) return;
    const sent = take();
    // A post has words; files alone are told of by their names.
    const text = sent.text.trim() || sent.files.map((file) => file.path).join(", ");
    sendPost(place, { key: sent.key, text, files: sent.files });
    setClosed(null);
    onSent();
  };
  const sendNow = useEffectEvent(send);
  useEffect(() => {
    if (wished && ready) sendNow();
  }, [wished, ready]);
  const complete = (index: number) => {
    const name = fits[index];
    if (!name || !mention) return;
    const next = takeName(draft.text, mention, name.name);
    flushSync(() => {
      change({ text: next.text });
      setCaret(next.caret);
      setChosen(0);
    });
    putCaret(area.current, next.caret);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    // While a person composes characters (Chinese, Japanese), Enter and Esc belong to them.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const { key } = event;
    const plain = !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (open && plain && (key === "ArrowDown" || key === "ArrowUp")) {
      event.preventDefault();
      setChosen((pick + (key === "ArrowDown" ? 1 : -1) + fits.length) % fits.length);
    } else if (open && plain && (key === "Enter" || key === "Tab")) {
      event.preventDefault();
      complete(pick);
    } else if (key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (open && mention) setClosed(mention.at);
      else leave(event.currentTarget);
    } else if (key === "Enter" && !event.shiftKey && !event.altKey && !byFinger()) {
      event.preventDefault();
      send();
    } else if (key === "ArrowUp" && plain && draft.text === "" && draft.files.length === 0) {
      if (onEditLast()) event.preventDefault();
    }
  };
  return (
    <div ref={root} className={cx("composer", dropping && "composer-drop")}>
      {open && (
        <NameList id={`${id}-names`} names={fits} chosen={pick} onTake={complete} onChoose={setChosen} />
      )}
      <div className="composer-box">
        {show && (
          <Suspense>
            <ShowCard
              key={show}
              kind={show}
              onFrame={(frame) => attach.add([frame])}
              onClose={() => setOpened(null)}
            />
          </Suspense>
        )}
        <FileChips files={draft.files} uploads={attach.uploads} onDrop={attach.drop} onRetry={attach.retry} />
        <label className="visually-hidden" htmlFor={id}>
          {label}
        </label>
        <textarea
          ref={area}
          id={id}
          data-composer=""
          className="composer-text"
          rows={1}
          value={draft.text}
          placeholder={label}
          aria-autocomplete="list"
          aria-controls={open ? `${id}-names` : undefined}
          aria-activedescendant={open ? `${id}-names-${pick}` : undefined}
          aria-invalid={tooLong || undefined}
          onChange={(event) => {
            change({ text: event.target.value });
            setWished(false);
            setCaret(event.target.selectionStart);
            setChosen(0);
            setClosed(null);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const files = [...event.clipboardData.files];
            if (files.length === 0) return;
            event.preventDefault();
            attach.add(files);
          }}
        />
        <div className="composer-tools">
          <IconButton small icon="clip" label={t("chat.attach")} onClick={() => picker.current?.click()} />
          {(["camera", "screen"] as const).map((kind) => (
            <IconButton
              key={kind}
              small
              icon={kind}
              label={t(`show.${kind}.open`)}
              pressed={show === kind}
              onClick={() => setOpened(show === kind ? null : { kind, placeKey })}
            />
          ))}
          <IconButton
            small
            icon="at"
            label={t("chat.mention")}
            onClick={() => begin(area.current, draft.text, change, setCaret)}
          />
          <input
            ref={picker}
            type="file"
            multiple
            hidden
            tabIndex={-1}
            aria-label={t("chat.attach")}
            onChange={(event) => {
              attach.add([...(event.target.files ?? [])]);
              event.target.value = "";
            }}
          />
          <p className="composer-hint" aria-live="polite">
            {tooLong ? (
              <span className="composer-wrong">{t("chat.tooLong")}</span>
            ) : wished && attach.failed > 0 ? (
              <span className="composer-wrong">{t("chat.files.missing")}</span>
            ) : wished ? (
              t("chat.files.sendsThen")
            ) : stranger !== null ? (
              t("chat.nobody", { name: stranger })
            ) : line === "live" ? (
              (hint ?? <Keys />)
            ) : (
              t("chat.awayHint")
            )}
          </p>
          <IconButton
            icon="send"
            label={t("chat.send")}
            keys="enter"
            className={cx("composer-send", ready && "composer-send-ready")}
            disabled={!full || tooLong}
            onClick={send}
          />
        </div>
      </div>
    </div>
  );
}

function Keys() {
  const { t } = useTranslation();
  return (
    <span className="composer-keys wide-only">
      <Kbd keys="shift+enter" /> {t("chat.newLine")}
    </span>
  );
}

// Esc gives the keys back to the posts: the one that was selected, else the list.
function leave(area: HTMLTextAreaElement): void {
  area.blur();
  const place = area.closest("[data-place]");
  const to =
    place?.querySelector<HTMLElement>("article[tabindex='0']") ?? place?.querySelector(".posts-scroll");
  (to as HTMLElement | null | undefined)?.focus({ preventScroll: true });
}

function begin(
  area: HTMLTextAreaElement | null,
  text: string,
  change: (to: { text: string }) => void,
  setCaret: (caret: number) => void,
): void {
  const at = area?.selectionStart ?? text.length;
  const space = at === 0 || /\s/.test(text.charAt(at - 1)) ? "" : " ";
  const caret = at + space.length + 1;
  flushSync(() => {
    change({ text: `${text.slice(0, at)}${space}@${text.slice(at)}` });
    setCaret(caret);
  });
  putCaret(area, caret);
}

// At once: put a frame later, it would move under the next letters of somebody who types on.
function putCaret(area: HTMLTextAreaElement | null, caret: number): void {
  area?.focus({ preventScroll: true });
  area?.setSelectionRange(caret, caret);
}
