// Starts an entity that runs a program, with a task, and shows it at work: its state, what it writes, and how it ended.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ProcessRow, ProgramInfo } from "../../../../os/src/workplace/contract.ts";
import { startProcess } from "../../client/commands.ts";
import { toOwnWords } from "../../post/own-words.ts";
import { Button } from "../../ui/button.tsx";
import { calls } from "../calls.ts";
import { act } from "../parts/act.ts";
import { ProcessLink, ThreadLink } from "../parts/links.tsx";
import { Revealed } from "../parts/revealed.tsx";
import { StateMark } from "../parts/state-mark.tsx";
import { toCount } from "../view/numbers.ts";
import { useProcess, useRowWhy, useWriting } from "../world.ts";

/** Characters of what an entity writes that are shown: its last ones. */
const shownChars = 1_200;

/** The form, and below it the entity. */
export function TryIt({ program, changed }: { program: ProgramInfo; changed: boolean }) {
  const { t } = useTranslation();
  const [task, setTask] = useState("");
  const [pid, setPid] = useState<number | null>(null);
  const start = () =>
    act(async () => {
      const row = await startProcess({ task: task.trim(), program: program.name });
      setPid(row.pid);
    });
  return (
    <section className="ctl-card ctl-try">
      <h2 className="ctl-heading">{t("control.try.title")}</h2>
      <form
        className="ctl-try-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (task.trim() !== "") start();
        }}
      >
        <textarea
          className="input input-area"
          rows={2}
          value={task}
          placeholder={t("control.try.placeholder")}
          aria-label={t("control.try.task")}
          onChange={(event) => setTask(event.target.value)}
        />
        <Button type="submit" kind="primary" disabled={task.trim() === "" || program.wrong !== null}>
          {t("control.try.start")}
        </Button>
      </form>
      {changed && <p className="ctl-muted">{t("control.try.unsaved")}</p>}
      {pid !== null && <Tried pid={pid} />}
    </section>
  );
}

function Tried({ pid }: { pid: number }) {
  const { t, i18n } = useTranslation();
  const row = useProcess(pid);
  const live = useWriting(pid);
  if (!row) return null;
  return (
    <div className="ctl-tried" aria-live="polite">
      <div className="ctl-row">
        <StateMark row={row} />
        <ProcessLink pid={pid}>#{pid}</ProcessLink>
        {row.thread !== null && <ThreadLink thread={row.thread} />}
        <span className="ctl-spacer" />
        <span className="ctl-muted ctl-number">
          {t("control.tokens", { count: row.tokens, text: toCount(row.tokens, i18n.language) })}
        </span>
        {!row.ended && <Button onClick={() => act(() => calls.kill(pid))}>{t("control.do.kill")}</Button>}
      </div>
      {live !== null && live !== "" && !row.ended && (
        <pre className="ctl-live">
          <Revealed text={live.slice(-shownChars)} />
        </pre>
      )}
      {row.outcome && (
        <p className="ctl-quote">
          <Revealed text={toOwnWords(row.outcome, t)} />
        </p>
      )}
      {!row.ended && <TriedWhy row={row} />}
    </div>
  );
}

function TriedWhy({ row }: { row: ProcessRow }) {
  return <p className="ctl-muted">{useRowWhy(row)}</p>;
}
