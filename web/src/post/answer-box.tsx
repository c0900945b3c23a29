// One line to answer in the place of a post. The words stay until the server has taken them.

import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Place, writePost } from "../client/commands.ts";
import { newKey, tell } from "../client/rest.ts";
import { Button } from "../ui/button.tsx";
import "./attachments.css";

/** The line. `id` names the field for whoever wants to give it the focus. */
export function AnswerBox({
  place,
  label,
  send,
  id,
  onSent,
}: {
  place: Place;
  label: string;
  send: string;
  id?: string;
  onSent?: () => void;
}) {
  const { t } = useTranslation();
  const own = useId();
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const [key, setKey] = useState(newKey);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    try {
      await writePost(place, { text: text.trim() }, key);
      setText("");
      setKey(newKey());
      onSent?.();
    } catch (error) {
      try {
        tell(error);
      } catch {
        // Told; the words are still there, and the same key is sent again.
      }
    }
    setBusy(false);
  };
  return (
    <form className="post-answer" onSubmit={(event) => void submit(event)}>
      <label className="visually-hidden" htmlFor={id ?? own}>
        {label}
      </label>
      <textarea
        id={id ?? own}
        className="input post-answer-words"
        rows={1}
        value={text}
        placeholder={label}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          event.currentTarget.form?.requestSubmit();
        }}
      />
      <Button type="submit" kind="primary" icon="send" busy={busy} disabled={text.trim() === ""}>
        {send}
        <span className="visually-hidden">{t("post.enterSends")}</span>
      </Button>
    </form>
  );
}
