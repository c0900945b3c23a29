// The way into talking: a button in the top bar, and a key. A tap of the key begins and ends a talk; while it is held down
// the microphone is open, and letting it go ends the turn. All the rest is loaded when it is first used.

import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { isCovered, isWriting } from "../shell/focus.ts";
import { IconButton } from "../ui/button.tsx";

const TalkCard = lazy(() => import("./talk-card.tsx").then((module) => ({ default: module.TalkCard })));

/** The key. */
export const talkKey = "v";

/** A press shorter than this is a tap. */
const tapMs = 350;

/** The button, and the card once there is one. */
export function TalkEntry() {
  const { t, i18n } = useTranslation();
  const [used, setUsed] = useState(false);
  const [on, setOn] = useState(false);
  useEffect(() => {
    let pressedAt: number | null = null;
    let wasOn = false;
    const store = () => import("./store.ts");
    const onDown = async (event: KeyboardEvent) => {
      if (
        event.key.toLowerCase() !== talkKey ||
        event.repeat ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey
      )
        return;
      if (event.defaultPrevented || isWriting(event.target) || isCovered()) return;
      pressedAt = performance.now();
      setUsed(true);
      const { useTalk, startTalk, setListening } = await store();
      wasOn = useTalk.getState().phase !== "off";
      if (!wasOn) void startTalk(i18n.language);
      else setListening(true);
    };
    const onUp = async (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== talkKey || pressedAt === null) return;
      const tapped = performance.now() - pressedAt < tapMs;
      pressedAt = null;
      const { stopTalk, setListening } = await store();
      if (!tapped) setListening(false);
      else if (wasOn) stopTalk();
    };
    addEventListener("keydown", onDown);
    addEventListener("keyup", onUp);
    return () => {
      removeEventListener("keydown", onDown);
      removeEventListener("keyup", onUp);
    };
  }, [i18n]);
  const toggle = async () => {
    setUsed(true);
    const { useTalk, startTalk, stopTalk } = await import("./store.ts");
    if (useTalk.getState().phase === "off") void startTalk(i18n.language);
    else stopTalk();
  };
  return (
    <>
      <IconButton
        icon="mic"
        label={on ? t("talk.end") : t("talk.begin")}
        keys={talkKey}
        pressed={on}
        onClick={() => void toggle()}
      />
      {used && (
        <Suspense fallback={null}>
          <TalkCard onPhase={(phase) => setOn(phase !== "off")} />
        </Suspense>
      )}
    </>
  );
}
