// The boxes of dialogs and questions; they are shown by dialog.tsx.

import { Dialog as Base } from "@base-ui/react/dialog";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";
import type { ConfirmProps, DialogProps } from "./dialog.tsx";

/** A dialog. Esc and a click beside it close it; the focus goes back to where it was. */
export function DialogBox({ open, onClose, title, about, wide, bare, first, children }: DialogProps) {
  const { t } = useTranslation();
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Popup
          className={cx("dialog", wide && "dialog-wide", bare && "dialog-bare")}
          {...(first ? { initialFocus: first } : {})}
        >
          {bare ? (
            <Base.Title className="visually-hidden">{title}</Base.Title>
          ) : (
            <header className="dialog-head">
              <Base.Title className="dialog-title">{title}</Base.Title>
              <Base.Close render={<IconButton icon="close" label={t("common.close")} keys="esc" small />} />
            </header>
          )}
          {about && <Base.Description className="dialog-about">{about}</Base.Description>}
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** Asks before an action. Closes when it is done; stays when it failed (the toast says why). */
export function ConfirmBox({ open, title, about, yes, danger, onYes, onClose }: ConfirmProps) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState(false);
  const act = async () => {
    setBusy(true);
    try {
      await onYes();
      onClose();
    } catch {
      // Whoever acts tells the person.
    } finally {
      setBusy(false);
    }
  };
  return (
    <DialogBox open={open} onClose={onClose} title={title} about={about}>
      <footer className="dialog-foot">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button kind={danger ? "danger" : "primary"} busy={busy} onClick={() => void act()}>
          {yes}
        </Button>
      </footer>
    </DialogBox>
  );
}
