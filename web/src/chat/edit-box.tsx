// Changing an own post in place: Enter saves, Esc leaves it as it was.

import { type KeyboardEvent, useId, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { editPost } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { Button } from "../ui/button.tsx";

/** The box. */
export function EditBox({ post, onEnd }: { post: Post; onEnd: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [text, setText] = useState(post.text);
  const [busy, setBusy] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  useLayoutEffect(() => {
    area.current?.focus({ preventScroll: true });
    area.current?.setSelectionRange(post.text.length, post.text.length);
  }, [post.text.length]);
  const save = () => {
    const words = text.trim();
    if (busy) return;
    if (words === "" || words === post.text) return onEnd();
    setBusy(true);
    act(
      editPost(post.id, words)
        .then(onEnd)
        .finally(() => setBusy(false)),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onEnd();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  };
  return (
    <div className="edit-box">
      <label className="visually-hidden" htmlFor={id}>
        {t("chat.editLabel")}
      </label>
      <textarea
        ref={area}
        id={id}
        className="edit-text"
        value={text}
        rows={1}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="edit-foot">
        <Button small kind="quiet" onClick={onEnd}>
          {t("common.cancel")}
        </Button>
        <Button small kind="primary" busy={busy} onClick={save}>
          {t("common.save")}
        </Button>
      </div>
    </div>
  );
}
