// The files that an entity changed, newest first, with what changed in them. Changes are taken back all at once: a part
// of them alone could leave files that do not fit each other.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { EmptyState } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { calls } from "../calls.ts";
import { DiffView } from "../parts/diff-view.tsx";
import { Pending } from "../parts/pending.tsx";
import { Revealed } from "../parts/revealed.tsx";
import { useLoad } from "../parts/use-load.ts";
import { UndoConfirm } from "../processes/undo-confirm.tsx";
import "./memory.css";

/** The changes of one entity. */
export function FilesTab({ row }: { row: ProcessRow }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const changes = useLoad(`changes ${row.pid}`, () => calls.changes(row.pid), row.lastAt);
  if (changes.value === null) return <Pending error={changes.error} again={changes.again} />;
  if (changes.value.length === 0)
    return <EmptyState icon="file" title={t("control.files.none")} about={t("control.files.noneText")} />;
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "medium", hourCycle: "h23" });
  const standing = changes.value.filter((change) => !change.undone).length;
  return (
    <div className="ctl-files">
      <div className="ctl-row">
        <span>{t("control.files.count", { count: changes.value.length })}</span>
        <span className="ctl-spacer" />
        {standing > 0 && (
          <Button icon="undo" onClick={() => setAsking(true)}>
            {t("control.do.undo")}
          </Button>
        )}
        {asking && <UndoConfirm row={row} onClose={() => setAsking(false)} onDone={changes.again} />}
      </div>
      <ul className="ctl-changes">
        {[...changes.value].reverse().map((change, index) => {
          const key = `${change.path} ${change.at} ${index}`;
          const isOpen = open.has(key);
          return (
            <li key={key} className="ctl-change" data-undone={change.undone || undefined}>
              <button
                type="button"
                className="ctl-change-head"
                aria-expanded={isOpen}
                disabled={change.diff === null}
                onClick={() =>
                  setOpen((old) => {
                    const next = new Set(old);
                    if (!next.delete(key)) next.add(key);
                    return next;
                  })
                }
              >
                <span className="ctl-change-sign" data-change={change.change} aria-hidden="true">
                  {{ new: "+", gone: "−" }[change.change] ?? "~"}
                </span>
                <span className="ctl-path">
                  <Revealed text={change.path} />
                </span>
                <span className="ctl-muted">
                  {t(`control.files.${change.change}`, { defaultValue: change.change })}
                </span>
                {change.undone && <span className="ctl-tag">{t("control.files.undone")}</span>}
                <span className="ctl-spacer" />
                <span className="ctl-muted ctl-number">{time.format(change.at)}</span>
              </button>
              {isOpen && change.diff !== null && <DiffView diff={change.diff} names={false} />}
              {change.diff === null && (
                <p className="ctl-muted ctl-change-note">{t("control.files.noDiff")}</p>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
