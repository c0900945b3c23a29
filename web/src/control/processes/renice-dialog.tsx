// Class and niceness of processes: who goes first. A step of niceness is a factor of 1.25.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Class } from "../../../../os/src/entity/entity.ts";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { calls } from "../calls.ts";
import { act } from "../parts/act.ts";
import "./dialogs.css";

const classes: readonly Class[] = ["interactive", "normal", "background"];
const least = -10;
const most = 10;

/** The dialog. */
export function ReniceDialog({
  rows,
  onClose,
  onDone,
}: {
  rows: readonly ProcessRow[];
  onClose: () => void;
  onDone: (() => void) | undefined;
}) {
  const { t } = useTranslation();
  const [first] = rows;
  const [cls, setClass] = useState<Class>(first?.class ?? "normal");
  const [nice, setNice] = useState(first?.nice ?? 0);
  const save = () =>
    act(async () => {
      await Promise.all(rows.map((row) => calls.renice(row.pid, { class: cls, nice })));
      onDone?.();
      onClose();
    });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(rows.length === 1 ? "control.renice.one" : "control.renice.many", {
        count: rows.length,
        name: first?.name ?? "",
      })}
    >
      <form
        className="ctl-dialog"
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <fieldset className="ctl-options">
          <legend>{t("control.renice.class")}</legend>
          {classes.map((one) => (
            <label key={one} className="ctl-option">
              <input type="radio" name="class" checked={cls === one} onChange={() => setClass(one)} />
              <span>
                <strong>{t(`control.class.${one}`)}</strong>
                <span className="ctl-muted">{t(`control.renice.${one}`)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <label className="ctl-range">
          <span>
            {t("control.renice.nice")} <output className="ctl-number">{nice > 0 ? `+${nice}` : nice}</output>
          </span>
          <input
            type="range"
            min={least}
            max={most}
            step={1}
            value={nice}
            onChange={(event) => setNice(Number(event.target.value))}
          />
          <span className="ctl-row ctl-muted">
            <span>{t("control.renice.first")}</span>
            <span className="ctl-spacer" />
            <span>{t("control.renice.last")}</span>
          </span>
        </label>
        <footer className="dialog-foot">
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" kind="primary">
            {t("control.renice.save")}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
