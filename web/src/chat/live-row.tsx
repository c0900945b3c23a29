// An entity at work, at the end of its conversation: what it does in one quiet line that can be unfolded, and below it
// the words that it writes, as they come.

import { memo, useDeferredValue, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TimelineBar } from "../../../os/src/workplace/contract.ts";
import { calls } from "../control/calls.ts";
import { PostText } from "../post/post-body.tsx";
import { type Live, useLive } from "../store/live.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import { useDoing } from "./doing-line.tsx";
import { type Step, toSpoken, toStepKey } from "./view/spoken.ts";
import { toLight, waitsForYou } from "./view/task.ts";

/** Steps that are shown when the line is unfolded. */
const mostSteps = 12;

/** An entity at work. `lastSeq` is that of its last post here: words that became a post are not shown twice. */
export const LiveRow = memo(function LiveRow({ pid, lastSeq }: { pid: number; lastSeq: number }) {
  const { t } = useTranslation();
  const row = useHum((state) => state.processes[pid]);
  const live = useLive((state) => state.entities[pid]);
  const [open, setOpen] = useState(false);
  // Words are drawn when there is time; whoever types goes first.
  const spoken = toSpoken(useDeferredValue(useText(live, lastSeq)));
  const { doing, text } = useDoing(row, live);
  if (!row) return null;
  return (
    <div className="live" data-live={pid} data-doing={doing}>
      <div className="post-side">
        <Avatar
          name={row.program}
          kind="entity"
          size={spoken.words === "" ? 24 : 36}
          light={toLight(doing)}
        />
      </div>
      <div className="post-main">
        <button
          type="button"
          className={cx("live-line", waitsForYou(doing) && "live-waits")}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <bdi className="post-name">{row.name}</bdi>
          <span className="live-doing">{text}</span>
          <span className="live-more">
            <Icon name={open ? "down" : "right"} size={13} />
            <span className="visually-hidden">{t("chat.steps.show")}</span>
          </span>
        </button>
        {spoken.words === "" && spoken.thought !== "" && (
          <div className="post-words live-thought">
            <PostText text={spoken.thought} />
          </div>
        )}
        {open && <Steps pid={pid} turn={row.turn} now={spoken.step} />}
        {spoken.words !== "" && (
          <div className="post-words live-words">
            <PostText text={spoken.words} />
            <span className="live-caret" aria-hidden="true" />
          </div>
        )}
        {live?.reading && (
          <span className="live-reading" aria-hidden="true">
            <i style={{ width: `${(live.reading.done / Math.max(1, live.reading.total)) * 100}%` }} />
          </span>
        )}
      </div>
    </div>
  );
});

// What it writes stays in view when it has stopped to write, until its post is there or it begins anew: nothing flickers.
function useText(live: Live | undefined, lastSeq: number): string {
  const kept = useRef({ text: "", seq: lastSeq });
  // Half a text says nothing: where its words begin is not known.
  const text = live?.whole === false ? "" : live?.text;
  if (text !== undefined) {
    const goesOn = text !== "" && kept.current.text !== "" && text.startsWith(kept.current.text);
    if (goesOn) kept.current.text = text;
    else if (!live?.running) kept.current = { text, seq: lastSeq };
  }
  return kept.current.seq === lastSeq ? kept.current.text : "";
}

function Steps({ pid, turn, now }: { pid: number; turn: number; now: Step | null }) {
  const { t } = useTranslation();
  const [bars, setBars] = useState<TimelineBar[]>([]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again with each turn
  useEffect(() => {
    let gone = false;
    calls.timeline(pid).then(
      (all) => gone || setBars(all.filter((bar) => bar.kind === "call").slice(-mostSteps)),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [pid, turn]);
  return (
    <div className="steps">
      {bars.length === 0 && !now && <p className="steps-none">{t("chat.steps.none")}</p>}
      <ol>
        {bars.map((bar) => (
          <li key={bar.seq} className={cx("step", !bar.ok && "step-failed")}>
            <Icon name={bar.ok ? "check" : "close"} size={13} />
            <span>{t(`chat.step.${toStepKey(bar.name)}`, { name: bar.name, head: "" })}</span>
            <code>{bar.text}</code>
          </li>
        ))}
      </ol>
      {now && now.body !== "" && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who scrolls with the keyboard must be able to stand here
        <pre className="steps-now" tabIndex={0}>
          {now.body}
        </pre>
      )}
      <a className="steps-all" href={`#/processes/${pid}`}>
        {t("chat.steps.all")}
      </a>
    </div>
  );
}
