// Takes back what an entity changed in files. Where somebody changed the same files since, that is said, and only a second
// yes takes their changes back as well.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Confirm } from "../../ui/dialog.tsx";
import { calls, isConflict } from "../calls.ts";
import { actAndWait } from "../parts/act.ts";

/** The question. */
export function UndoConfirm({
  row,
  onClose,
  onDone,
}: {
  row: ProcessRow;
  onClose: () => void;
  onDone?: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const [conflict, setConflict] = useState<string | null>(null);
  const [open, setOpen] = useState(true);
  async function undo() {
    try {
      await calls.undo(row.pid, conflict !== null);
      onDone?.();
    } catch (error) {
      if (conflict !== null || !isConflict(error)) return actAndWait(() => Promise.reject(error));
      setConflict(error instanceof Error ? error.message : String(error));
      throw error;
    }
  }
  return (
    <Confirm
      open={open}
      title={t("control.undo.title", { name: row.name })}
      about={conflict === null ? t("control.undo.about") : `${conflict} ${t("control.undo.force")}`}
      yes={t(conflict === null ? "control.do.undo" : "control.undo.all")}
      danger
      onYes={undo}
      onClose={() => {
        setOpen(false);
        onClose();
      }}
    />
  );
}
