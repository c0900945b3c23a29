// A new place to talk and work in.

import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { createChannel } from "../client/commands.ts";
import { ApiError, tell } from "../client/rest.ts";
import { go, toChannelPath } from "../router.ts";
import { useHum } from "../store/store.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { TextField } from "../ui/field.tsx";
import { closeDialog } from "./dialog-store.ts";

/** The dialog. */
export function NewChannel() {
  const { t } = useTranslation();
  const channels = useHum((state) => state.channels);
  const [name, setName] = useState("");
  const [about, setAbout] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const clean = name.trim().replace(/^#/, "");
  const taken = Object.values(channels).some(
    (one) => one.kind === "channel" && one.name.toLowerCase() === clean.toLowerCase(),
  );

  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (clean === "" || taken || busy) return;
    setBusy(true);
    try {
      const channel = await createChannel({ name: clean, about: about.trim() });
      closeDialog();
      go(toChannelPath(channel.id));
    } catch (error) {
      setBusy(false);
      // What is wrong with a name stands by it.
      if (error instanceof ApiError && (error.status === 400 || error.status === 409))
        return setRefused(error.message);
      try {
        tell(error);
      } catch {
        // Told.
      }
    }
  };
  return (
    <Dialog open onClose={closeDialog} title={t("shell.newChannel")} about={t("channel.about")} first={field}>
      <form className="form" onSubmit={(event) => void send(event)}>
        <TextField
          ref={field}
          label={t("channel.name")}
          value={name}
          maxLength={80}
          placeholder={t("channel.nameExample")}
          error={taken ? t("channel.taken", { name: clean }) : refused}
          onChange={(event) => {
            setName(event.target.value);
            setRefused(null);
          }}
        />
        <TextField
          label={t("channel.purpose")}
          hint={t("channel.purposeHint")}
          value={about}
          maxLength={400}
          onChange={(event) => setAbout(event.target.value)}
        />
        <footer className="dialog-foot">
          <Button onClick={closeDialog}>{t("common.cancel")}</Button>
          <Button type="submit" kind="primary" busy={busy} disabled={clean === "" || taken}>
            {t("channel.make")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
