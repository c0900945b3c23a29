// What the camera or the shared screen sees, with the sign that it is on. One frame goes to the post with each click on "Show
// this"; nothing else is taken. It ends with its button, with Esc, with the place that it stands in, and a camera also when
// the page is hidden, because then its sign is not to be seen.

import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "../ui/button.tsx";
import { openSource, type ShowKind, type ShowTrouble, type Source, takeFrame } from "./source.ts";
import "./show.css";

interface ShowCardProps {
  kind: ShowKind;
  onFrame(frame: File): void;
  onClose(): void;
}

/** The card, from the question for permission to the end. */
export function ShowCard({ kind, onFrame, onClose }: ShowCardProps) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  const [source, setSource] = useState<Source | null>(null);
  const [trouble, setTrouble] = useState<ShowTrouble | null>(null);
  const [shown, setShown] = useState(0);
  const [tries, setTries] = useState(0);

  useEffect(() => {
    let open: Source | null = null;
    let gone = tries < 0;
    const end = () => {
      open = null;
      setSource(null);
      setTrouble("ended");
    };
    openSource(kind, end).then(
      (opened) => {
        // It was closed while the person was still being asked.
        if (gone) return opened.close();
        open = opened;
        setSource(opened);
      },
      (why: ShowTrouble) => {
        if (!gone) setTrouble(why);
      },
    );
    const onHidden = () => {
      if (document.visibilityState !== "hidden" || kind !== "camera" || !open) return;
      open.close();
      end();
    };
    document.addEventListener("visibilitychange", onHidden);
    return () => {
      gone = true;
      open?.close();
      document.removeEventListener("visibilitychange", onHidden);
    };
  }, [kind, tries]);

  useEffect(() => {
    if (video.current) video.current.srcObject = source?.stream ?? null;
  }, [source]);

  const show = async () => {
    const frame = video.current && (await takeFrame(video.current, kind));
    if (!frame) return;
    setShown((count) => count + 1);
    onFrame(frame);
  };
  const again = () => {
    setTrouble(null);
    setTries((count) => count + 1);
  };
  if (trouble !== null)
    return (
      <section className="show" role="alert" aria-label={t(`show.${kind}.name`)}>
        <div className="show-head">
          <strong>{t(`show.trouble.${trouble}`, { what: t(`show.${kind}.name`) })}</strong>
          <IconButton icon="close" small label={t("show.close")} onClick={onClose} />
        </div>
        <p>{t(`show.${kind}.about.${trouble}`)}</p>
        <Button small onClick={again}>
          {t("show.again")}
        </Button>
      </section>
    );
  return (
    <section
      className="show"
      aria-label={t(`show.${kind}.name`)}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        onClose();
      }}
    >
      <div className="show-head">
        <span className={source ? "show-light show-light-on" : "show-light"} aria-hidden="true" />
        <strong role="status">{t(source ? `show.${kind}.on` : "show.opening")}</strong>
      </div>
      <video ref={video} className="show-video" autoPlay playsInline muted aria-label={t("show.seen")} />
      <div className="show-foot">
        <Button small kind="primary" disabled={source === null} onClick={() => void show()}>
          {t("show.take")}
        </Button>
        <Button small onClick={onClose}>
          {t("show.stop")}
        </Button>
        <p className="show-hint" aria-live="polite">
          {shown === 0 ? t("show.hint") : t("show.shown", { count: shown })}
        </p>
      </div>
    </section>
  );
}
