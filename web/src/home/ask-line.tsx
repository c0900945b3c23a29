// One line to say what you would like done. It goes to the guide on a direct line, and you are taken to where the answer
// will stand. What you are writing outlives a reload.

import { type FormEvent, type KeyboardEvent, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { openDirect, writePost } from "../client/commands.ts";
import { newKey, tell } from "../client/rest.ts";
import { IconButton } from "../ui/button.tsx";

const draftKey = "hum.home.draft";

/** The input; `colleague` is who is asked, `onSent` takes you there. */
export function AskLine({ colleague, onSent }: { colleague: string; onSent: (channel: string) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(() => localStorage.getItem(draftKey) ?? "");
  const [busy, setBusy] = useState(false);
  // One key for one wish: pressed twice, or sent again after the line broke, it is done once.
  const key = useRef(newKey());
  const change = (next: string) => {
    setText(next);
    localStorage.setItem(draftKey, next);
  };
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    const words = text.trim();
    if (words === "" || busy) return;
    setBusy(true);
    try {
      const channel = await openDirect(colleague);
      await writePost({ channel: channel.id }, { text: words }, key.current);
      key.current = newKey();
      change("");
      onSent(channel.id);
    } catch (error) {
      try {
        tell(error);
      } catch {
        // Told; the words are still there.
      }
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    void send();
  };
  return (
    <form className="home-ask" onSubmit={(event) => void send(event)}>
      <label className="home-ask-label" htmlFor={id}>
        {t("home.ask.label")}
      </label>
      <div className="home-ask-box">
        <textarea
          id={id}
          rows={1}
          value={text}
          placeholder={t("home.ask.example")}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <IconButton
          icon="send"
          label={t("home.ask.send")}
          type="submit"
          disabled={busy || text.trim() === ""}
        />
      </div>
    </form>
  );
}
