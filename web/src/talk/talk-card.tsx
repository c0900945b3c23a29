// The card of a talk: that the microphone is open (always to be seen while it is), what was heard, what is said, and what to
// do when it does not work.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { act } from "../client/rest.ts";
import { toChannelPath } from "../router.ts";
import { ShowCard } from "../show/show-card.tsx";
import type { ShowKind } from "../show/source.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import {
  forgetTrouble,
  type Phase,
  setListening,
  showInTalk,
  startTalk,
  stopTalk,
  useTalk,
} from "./store.ts";
import "./talk.css";

/** The card; nothing while there is no talk and no trouble. */
export function TalkCard({ onPhase }: { onPhase: (phase: Phase) => void }) {
  const { t, i18n } = useTranslation();
  const { phase, listening, level, firm, words, said, channel, trouble, detail } = useTalk();
  const [show, setShow] = useState<ShowKind | null>(null);
  useEffect(() => onPhase(phase), [phase, onPhase]);
  // A camera never outlives the talk that it was opened in.
  useEffect(() => {
    if (phase === "off") setShow(null);
  }, [phase]);
  if (phase === "off" && trouble === null) return null;
  if (phase === "off")
    return (
      <section className="talk" role="alert" aria-label={t("talk.title")}>
        <div className="talk-head">
          <strong>{t(`talk.trouble.${trouble}`)}</strong>
          <IconButton icon="close" small label={t("talk.close")} onClick={forgetTrouble} />
        </div>
        <p>{t(`talk.troubleAbout.${trouble}`)}</p>
        {/* What is missing is named by its command above; the parts that it is made of help nobody. */}
        {detail !== "" && trouble !== "no-senses" && <p className="talk-detail">{detail}</p>}
        <Button small onClick={() => void startTalk(i18n.language)}>
          {t("talk.again")}
        </Button>
      </section>
    );
  return (
    <section className="talk" aria-label={t("talk.title")}>
      <div className="talk-head">
        <span className={cx("talk-light", listening && "talk-light-on")} aria-hidden="true">
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <circle className="talk-ring" cx="12" cy="12" r={4 + 7 * (listening ? level : 0)} />
            <circle cx="12" cy="12" r="4" />
          </svg>
        </span>
        <strong role="status">
          {t(listening || phase === "opening" ? `talk.phase.${phase}` : "talk.muted")}
        </strong>
        <IconButton
          icon={listening ? "pause" : "mic"}
          small
          label={t(listening ? "talk.mute" : "talk.unmute")}
          onClick={() => setListening(!listening)}
        />
        {channel !== null &&
          (["camera", "screen"] as const).map((kind) => (
            <IconButton
              key={kind}
              icon={kind}
              small
              label={t(`show.${kind}.open`)}
              pressed={show === kind}
              onClick={() => setShow(show === kind ? null : kind)}
            />
          ))}
        <IconButton icon="close" small label={t("talk.end")} onClick={stopTalk} />
      </div>
      {show && (
        <ShowCard
          key={show}
          kind={show}
          onFrame={(frame) => act(showInTalk(frame))}
          onClose={() => setShow(null)}
        />
      )}
      {words !== "" && (
        <p className="talk-heard">
          <span className="visually-hidden">{t("talk.you")} </span>
          {words.startsWith(firm) ? firm : ""}
          <span className="talk-open">{words.startsWith(firm) ? words.slice(firm.length) : words}</span>
        </p>
      )}
      {said !== "" && (
        <p className="talk-said" aria-live="polite">
          {said}
        </p>
      )}
      {detail !== "" && <p className="talk-detail">{detail}</p>}
      {channel !== null && (
        <p className="talk-foot">
          <span>{t("talk.program")}</span>
          <a className="talk-link" href={`#${toChannelPath(channel)}`}>
            {t("talk.written")}
          </a>
          <a className="talk-link" href="#/settings">
            {t("talk.settings")}
          </a>
        </p>
      )}
    </section>
  );
}
