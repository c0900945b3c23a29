// Programs: those that came with Hum and those that people wrote, and an editor beside the list. A shipped program is not
// changed by saving it: a copy of one's own lies over it, and goes away again when it is deleted.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Page } from "../parts/page.tsx";
import { usePrograms } from "../world.ts";
import { ProgramEditor } from "./program-editor.tsx";
import "../approvals/approvals.css";
import "./programs.css";

/** What a new program begins with. */
const template = `---
name: my-program
description: Says in one sentence what it is for.
extends: worker
---
- What it is to mind beside what a worker minds, one line each.
`;

/** The screen. */
export function ProgramsScreen() {
  const { t } = useTranslation();
  const programs = usePrograms();
  const [picked, setPicked] = useState<string | null>(null);
  const sorted = useMemo(
    () => [...programs].sort((a, b) => Number(a.shipped) - Number(b.shipped) || a.name.localeCompare(b.name)),
    [programs],
  );
  const isNew = picked === "";
  const current = isNew ? null : (sorted.find((program) => program.name === picked) ?? sorted[0] ?? null);
  return (
    <Page
      title={t("control.programs.title")}
      hint={t("control.programs.hint")}
      tools={
        <Button kind="primary" small icon="plus" onClick={() => setPicked("")}>
          {t("control.programs.new")}
        </Button>
      }
    >
      <div className="ctl-columns">
        <nav className="ctl-side" aria-label={t("control.programs.title")}>
          {isNew && (
            <span className="ctl-side-row" data-current={true}>
              {t("control.programs.unsaved")}
            </span>
          )}
          {sorted.map((program) => (
            <button
              key={program.name}
              type="button"
              className="ctl-side-row"
              aria-current={program === current || undefined}
              onClick={() => setPicked(program.name)}
            >
              <span className="ctl-side-title">
                <bdi>{program.name}</bdi>
                {program.wrong !== null && (
                  <span className="ctl-tag ctl-tag-bad">{t("control.programs.wrong")}</span>
                )}
                <span className="ctl-tag">
                  {t(program.shipped ? "control.programs.shipped" : "control.programs.own")}
                </span>
              </span>
              <span className="ctl-side-text">
                <bdi>{program.description}</bdi>
              </span>
            </button>
          ))}
        </nav>
        {isNew || current ? (
          <ProgramEditor
            key={isNew ? "" : current?.name}
            program={current}
            text={current?.text ?? template}
            onSaved={setPicked}
            onGone={() => setPicked(null)}
          />
        ) : (
          <EmptyState icon="file" title={t("control.programs.none")} />
        )}
      </div>
    </Page>
  );
}
