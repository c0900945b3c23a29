// The question before the red switch.

import { useTranslation } from "react-i18next";
import { halt } from "../client/commands.ts";
import { tell } from "../client/rest.ts";
import { useHum } from "../store/store.ts";
import { Confirm } from "../ui/dialog.tsx";
import { closeDialog } from "./dialog-store.ts";

/** Asks whether everything is to be stopped. */
export function StopAll({ open }: { open: boolean }) {
  const { t } = useTranslation();
  const living = useHum((state) => Object.values(state.processes).filter((row) => !row.ended).length);
  return (
    <Confirm
      open={open}
      danger
      title={t("shell.stopTitle")}
      about={t("shell.stopAbout", { count: living })}
      yes={t("shell.stopYes")}
      onYes={() => halt(true).catch(tell)}
      onClose={closeDialog}
    />
  );
}
