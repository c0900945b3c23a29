// A dialog over the page, and the question before something that cannot be taken back.

import { Dialog as Base } from "@base-ui/react/dialog";
import { type ReactNode, type RefObject, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button, IconButton } from "./button.tsx";
import { cx } from "./cx.ts";

interface DialogProps {
  open: boolean;
  onClose: () => void;
  title: string;
  about?: string;
  wide?: boolean;
  /** Without a head and without space around: the title is only heard. */
  bare?: boolean;
  /** What has the focus first; else the first control. */
  first?: RefObject<HTMLElement | null>;
  children: ReactNode;
}

/** A dialog. Esc and a click beside it close it; the focus goes back to where it was. */
export function Dialog({ open, onClose, title, about, wide, bare, first, children }: DialogProps) {
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

interface ConfirmProps {
  open: boolean;
  title: string;
  about: string;
  yes: string;
  danger?: boolean;
  onYes: () => Promise<unknown> | unknown;
  onClose: () => void;
}

/** Asks before an action. Closes when it is done; stays when it failed (the toast says why). */
export function Confirm({ open, title, about, yes, danger, onYes, onClose }: ConfirmProps) {
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
    <Dialog open={open} onClose={onClose} title={title} about={about}>
      <footer className="dialog-foot">
        <Button onClick={onClose}>{t("common.cancel")}</Button>
        <Button kind={danger ? "danger" : "primary"} busy={busy} onClick={() => void act()}>
          {yes}
        </Button>
      </footer>
    </Dialog>
  );
}
