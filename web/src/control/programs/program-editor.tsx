// The editor of one program. What is typed is checked by the machine itself, the same check that saving makes.

import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProgramInfo } from "../../../../os/src/workplace/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { calls } from "../calls.ts";
import { act, actAndWait } from "../parts/act.ts";
import { LineEditor } from "../parts/line-editor.tsx";
import { Revealed } from "../parts/revealed.tsx";
import { TryIt } from "./try-it.tsx";

/** After so many milliseconds without a key the text is checked. */
const checkAfterMs = 350;

/** Fields of the head, in the order in which they are explained. */
const fields = [
  "name",
  "description",
  "extends",
  "tools",
  "only-when",
  "redundancy",
  "model",
  "budget",
] as const;

interface EditorProps {
  program: ProgramInfo | null;
  text: string;
  onSaved: (name: string) => void;
  onGone: () => void;
}

/** The editor. */
export function ProgramEditor({ program, text: saved, onSaved, onGone }: EditorProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(saved);
  const [asking, setAsking] = useState(false);
  const check = useCheck(text, program === null || text !== saved, program?.wrong ?? null);
  const name = /^name:[ \t]*([a-z][a-z0-9-]{0,63})[ \t]*$/m.exec(text)?.[1] ?? null;
  const changed = text !== saved;
  const save = () =>
    act(async () => {
      if (name === null) return;
      const made = await calls.saveProgram(name, text);
      onSaved(made.name);
    });
  const remove = () =>
    actAndWait(async () => {
      if (program === null) return;
      await calls.deleteProgram(program.name);
      onGone();
    });
  return (
    <section className="ctl-program" aria-label={t("control.programs.editor", { name: program?.name ?? "" })}>
      <LineEditor
        value={text}
        label={t("control.programs.text")}
        describedBy="program-check"
        onChange={setText}
        onSave={save}
      />
      <p id="program-check" className="ctl-check-line" data-state={check.state} role="status">
        {check.state === "wrong" ? (
          <Revealed text={check.wrong ?? ""} />
        ) : (
          t(`control.programs.check.${check.state}`)
        )}
      </p>
      <div className="ctl-row ctl-actions">
        <Button kind="primary" disabled={check.state !== "right" || !changed || name === null} onClick={save}>
          {t(program?.shipped ? "control.programs.saveOwn" : "control.save")}
        </Button>
        {changed && program !== null && (
          <Button kind="quiet" onClick={() => setText(saved)}>
            {t("control.programs.revert")}
          </Button>
        )}
        <span className="ctl-spacer" />
        {program && !program.shipped && (
          <Button kind="quiet" onClick={() => setAsking(true)}>
            {t("control.delete")}
          </Button>
        )}
      </div>
      <details className="ctl-details">
        <summary>{t("control.programs.help")}</summary>
        <dl className="ctl-list">
          {fields.map((field) => (
            <div key={field} className="ctl-list-pair">
              <dt>
                <code>{field}</code>
              </dt>
              <dd>{t(`control.programs.fields.${field}`)}</dd>
            </div>
          ))}
        </dl>
        <p className="ctl-muted">{t("control.programs.exampleHelp")}</p>
      </details>
      {program && <TryIt program={program} changed={changed} />}
      <Confirm
        open={asking}
        title={t("control.programs.deleteTitle", { name: program?.name ?? "" })}
        about={t("control.programs.deleteText")}
        yes={t("control.delete")}
        danger
        onYes={remove}
        onClose={() => setAsking(false)}
      />
    </section>
  );
}

/** What is known of the text that is typed. */
interface Check {
  state: "right" | "wrong" | "checking" | "unknown";
  wrong: string | null;
}

function useCheck(text: string, changed: boolean, wrong: string | null): Check {
  const [check, setCheck] = useState<Check>({ state: wrong === null ? "right" : "wrong", wrong });
  useEffect(() => {
    if (!changed) {
      setCheck({ state: wrong === null ? "right" : "wrong", wrong });
      return;
    }
    setCheck((old) => (old.state === "wrong" ? old : { state: "checking", wrong: null }));
    const abort = new AbortController();
    const timer = setTimeout(() => {
      calls.checkProgram(text, abort.signal).then(
        (answer) => {
          if (!abort.signal.aborted)
            setCheck({ state: answer.wrong === null ? "right" : "wrong", wrong: answer.wrong });
        },
        () => {
          // The server says what is wrong with a text; that it does not answer says nothing about the text.
          if (!abort.signal.aborted) setCheck({ state: "unknown", wrong: null });
        },
      );
    }, checkAfterMs);
    return () => {
      abort.abort();
      clearTimeout(timer);
    };
  }, [text, changed, wrong]);
  return check;
}
