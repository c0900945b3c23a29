// One page of a window: its text, where it comes from, and what can be done to it. An edit makes a new page; the old one
// stays on disk, so nothing is lost by trying.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Pid } from "../../../../os/src/entity/entity.ts";
import type { MemoryPage } from "../../../../os/src/workplace/contract.ts";
import { Button } from "../../ui/button.tsx";
import { calls } from "../calls.ts";
import { act } from "../parts/act.ts";
import { Pending } from "../parts/pending.tsx";
import { Revealed, RevealedBlock } from "../parts/revealed.tsx";
import { useLoad } from "../parts/use-load.ts";
import { canEdit, canTakeOut } from "../view/memory.ts";

interface PanelProps {
  pid: Pid;
  page: MemoryPage;
  ended: boolean;
  onChanged: () => void;
  onClose: () => void;
}

/** The panel. */
export function PagePanel({ pid, page, ended, onChanged, onClose }: PanelProps) {
  const { t } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  const loaded = useLoad(`page ${pid} ${page.id}`, () => calls.page(pid, page.id));
  const change = (to: { pinned?: boolean; text?: string }) =>
    act(async () => {
      await calls.changePage(pid, page.id, to);
      setText(null);
      onChanged();
    });
  const takeOut = () =>
    act(async () => {
      await calls.dropPage(pid, page.id);
      onChanged();
    });
  return (
    <section className="ctl-panel" aria-label={t("control.memory.page", { id: page.id })}>
      <header className="ctl-row">
        <span className="ctl-swatch" data-page={page.kind} />
        <h2 className="ctl-panel-title">{t("control.memory.page", { id: page.id })}</h2>
        <span className="ctl-muted">{t(`control.page.${page.kind}`, { defaultValue: page.kind })}</span>
        <span className="ctl-spacer" />
        <Button kind="quiet" onClick={onClose}>
          {t("control.close")}
        </Button>
      </header>
      <dl className="ctl-list">
        <dt>{t("control.memory.trust")}</dt>
        <dd>{t(`control.trust.${page.integrity}`)}</dd>
        {page.origins.length > 0 && (
          <>
            <dt>{t("control.memory.origins")}</dt>
            <dd>
              {page.origins.map((origin) => (
                <span key={origin} className="ctl-path">
                  <Revealed text={origin} />
                </span>
              ))}
            </dd>
          </>
        )}
        <dt>{t("control.memory.lastUse")}</dt>
        <dd>{t("control.memory.turn", { turn: page.lastUse })}</dd>
      </dl>
      {loaded.value === null ? (
        <Pending error={loaded.error} again={loaded.again} />
      ) : text === null ? (
        <RevealedBlock text={loaded.value.text ?? ""} label={t("control.memory.text")} />
      ) : (
        <textarea
          className="input input-area"
          aria-label={t("control.memory.text")}
          value={text}
          rows={12}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {!ended && (
        <div className="ctl-row ctl-actions">
          {text === null ? (
            <>
              {page.resident && (
                <Button onClick={() => change({ pinned: !page.pinned })}>
                  {t(page.pinned ? "control.memory.unpin" : "control.memory.pin")}
                </Button>
              )}
              {canEdit(page) && loaded.value && (
                <Button onClick={() => setText(loaded.value?.text ?? "")}>{t("control.memory.edit")}</Button>
              )}
              {canTakeOut(page) && <Button onClick={takeOut}>{t("control.memory.takeOut")}</Button>}
            </>
          ) : (
            <>
              <Button kind="primary" onClick={() => change({ text })}>
                {t("control.save")}
              </Button>
              <Button kind="quiet" onClick={() => setText(null)}>
                {t("control.cancel")}
              </Button>
              <span className="ctl-muted">{t("control.memory.editNote")}</span>
            </>
          )}
        </div>
      )}
    </section>
  );
}
