// A task, told in plain words: who is to do it and where it is talked about. It is a post that mentions the colleague, or
// a word on the direct line to it; what is being written outlives a reload.

import { type FormEvent, type KeyboardEvent, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { openDirect, writePost } from "../client/commands.ts";
import { newKey, tell } from "../client/rest.ts";
import { go, matchPath, readRoute, toChannelPath, toThreadPath } from "../router.ts";
import { useChannels } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Select, TextArea } from "../ui/field.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { closeDialog } from "./dialog-store.ts";
import "./dialogs.css";

const draftKey = "hum.task.draft";
const direct = "direct line";

/** Who is asked unless told otherwise. */
const first = ["guide", "clerk", "worker"];

/** The dialog; `program` and `text` are what it begins with. */
export function NewTask({ program, text }: { program: string; text: string }) {
  const { t } = useTranslation();
  const programs = useHum((state) => state.programs);
  const { channels } = useChannels();
  const names = useMemo(
    () =>
      Object.values(programs)
        .filter((one) => one.wrong === null)
        .map((one) => one.name)
        .sort((a, b) => a.localeCompare(b)),
    [programs],
  );
  const here = matchPath("/c/:id", readRoute().path)?.id;
  const [words, setWords] = useState(() => text || (localStorage.getItem(draftKey) ?? ""));
  const [who, setWho] = useState(program || (first.find((name) => names.includes(name)) ?? names[0] ?? ""));
  const [where, setWhere] = useState(channels.some((one) => one.id === here) ? (here as string) : direct);
  const [busy, setBusy] = useState(false);
  const key = useRef(newKey());
  const field = useRef<HTMLTextAreaElement>(null);

  const change = (next: string) => {
    setWords(next);
    localStorage.setItem(draftKey, next);
  };
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (words.trim() === "" || busy) return;
    setBusy(true);
    try {
      if (where === direct) {
        const channel = await openDirect(who);
        await writePost({ channel: channel.id }, { text: words.trim() }, key.current);
        go(toChannelPath(channel.id));
      } else {
        const post = await writePost({ channel: where }, { text: `@${who} ${words.trim()}` }, key.current);
        go(toThreadPath(toChannelPath(where), post.id));
      }
      localStorage.removeItem(draftKey);
      closeDialog();
    } catch (error) {
      setBusy(false);
      try {
        tell(error);
      } catch {
        // Told; the words are still there, and the same key is sent again.
      }
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void send();
  };
  return (
    <Dialog open wide onClose={closeDialog} title={t("shell.newTask")} first={field}>
      <form className="form" onSubmit={(event) => void send(event)}>
        <TextArea
          ref={field}
          label={t("task.words")}
          rows={5}
          value={words}
          placeholder={t("home.ask.example")}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
        />
        <div className="form-row">
          <Select
            label={t("task.who")}
            hint={programs[who]?.description}
            value={who}
            onChange={setWho}
            options={names.map((name) => ({ value: name, label: name }))}
          />
          <Select
            label={t("task.where")}
            hint={t(where === direct ? "task.whereDirect" : "task.whereChannel")}
            value={where}
            onChange={setWhere}
            options={[
              { value: direct, label: t("inbox.directWith", { name: who }) },
              ...channels.map((one) => ({ value: one.id, label: `#${one.name}` })),
            ]}
          />
        </div>
        <footer className="dialog-foot">
          <Button onClick={closeDialog}>{t("common.cancel")}</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={words.trim() === "" || who === ""}>
            {t("task.begin")} <Kbd keys="mod+enter" />
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
