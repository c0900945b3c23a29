// The page without a valid token: how to get in.

import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { keepToken } from "../client/token.ts";
import { begin } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";

/** Asks for the token. */
export function Locked() {
  const { t } = useTranslation();
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const enter = async (event: FormEvent) => {
    event.preventDefault();
    if (token.trim() === "") return;
    setBusy(true);
    keepToken(/[#&]token=([^&\s]+)/.exec(token)?.[1] ?? token);
    await begin();
    setBusy(false);
  };
  return (
    <main className="locked">
      <form className="locked-card" onSubmit={(event) => void enter(event)}>
        <Avatar name="Hum" kind="kernel" size={52} />
        <h1>{t("shell.lockedTitle")}</h1>
        <p className="locked-about">{t("shell.lockedAbout")}</p>
        <code className="locked-command">hum web</code>
        <TextField
          label={t("shell.token")}
          hideLabel
          placeholder={t("shell.tokenHint")}
          value={token}
          onChange={(event) => setToken(event.target.value)}
        />
        <Button kind="primary" type="submit" busy={busy}>
          {t("shell.enter")}
        </Button>
      </form>
    </main>
  );
}
