// Takes back what an entity changed in files and calendars. What somebody else changed since is left alone and named, and only
// a second yes takes that back as well.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Confirm } from "../../ui/dialog.tsx";
import { toast } from "../../ui/toast.tsx";
import { calls, type UndoReport } from "../calls.ts";
import { actAndWait } from "../parts/act.ts";
import { toSafeLine } from "../view/reveal.ts";

/** Reasons that the machine gives often, by their key. */
const reasons: Record<string, string> = {
  "it was changed since": "changed",
  "it is not there any more": "gone",
};

/** Things that are named. */
const named = 5;

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
  const [left, setLeft] = useState<string | null>(null);
  const [open, setOpen] = useState(true);
  const tell = (conflicts: UndoReport["conflicts"]): string => {
    const lines = conflicts.slice(0, named).map(({ path, why }) => {
      const key = reasons[why];
      return t("control.undo.left", {
        name: toSafeLine(path, 120),
        why: key ? t(`control.undo.why.${key}`) : why,
      });
    });
    const more = conflicts.length - lines.length;
    return [...lines, ...(more > 0 ? [t("control.more", { count: more })] : [])].join(" ");
  };
  async function undo() {
    const { conflicts } = await actAndWait(() => calls.undo(row.pid, left !== null));
    onDone?.();
    if (conflicts.length === 0) {
      toast(t("control.undo.done", { name: row.name }));
      return;
    }
    if (left === null) {
      setLeft(tell(conflicts));
      throw new Error("The question stays open.");
    }
    toast(tell(conflicts));
  }
  return (
    <Confirm
      open={open}
      title={t("control.undo.title", { name: row.name })}
      about={left === null ? t("control.undo.about") : `${left} ${t("control.undo.force")}`}
      yes={t(left === null ? "control.do.undo" : "control.undo.all")}
      danger
      onYes={undo}
      onClose={() => {
        setOpen(false);
        onClose();
      }}
    />
  );
}
