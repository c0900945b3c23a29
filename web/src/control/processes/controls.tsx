// What can be done to processes: the same buttons above the table and on the page of one process. Kill asks once and then
// works at once; all else can be taken back and is done without asking.

import { useTranslation } from "react-i18next";
import type { ProcessRow } from "../../../../os/src/workplace/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Menu } from "../../ui/menu.tsx";
import { calls } from "../calls.ts";
import { act, actAndWait } from "../parts/act.ts";
import { canDo } from "../view/rows.ts";
import { ways } from "../world.ts";
import { BudgetDialog } from "./budget-dialog.tsx";
import { ReniceDialog } from "./renice-dialog.tsx";
import { UndoConfirm } from "./undo-confirm.tsx";

/** A question that is open. */
export type Asking = "kill" | "renice" | "budget" | "undo" | null;

interface ControlsProps {
  rows: readonly ProcessRow[];
  asking: Asking;
  onAsk: (asking: Asking) => void;
  /** After something was done. */
  onDone?: () => void;
  small?: boolean;
}

/** The buttons and their questions. */
export function Controls({ rows, asking, onAsk, onDone, small = false }: ControlsProps) {
  const { t } = useTranslation();
  const can = canDo(rows);
  const alive = rows.filter((row) => !row.ended);
  const each = (some: readonly ProcessRow[], run: (pid: number) => Promise<unknown>) => async () => {
    await Promise.all(some.map((row) => run(row.pid)));
    onDone?.();
  };
  const [first] = rows;
  const names = alive.slice(0, 4).map((row) => `${row.name} (#${row.pid})`);
  const more = alive.length - names.length;
  return (
    <div className="ctl-controls">
      {can.pause && (
        <Button
          small={small}
          icon="pause"
          onClick={() =>
            act(
              each(
                alive.filter((row) => !row.paused),
                calls.pause,
              ),
            )
          }
        >
          {t("control.do.pause")}
        </Button>
      )}
      {can.resume && (
        <Button
          small={small}
          icon="play"
          onClick={() =>
            act(
              each(
                alive.filter((row) => row.paused),
                calls.resume,
              ),
            )
          }
        >
          {t("control.do.resume")}
        </Button>
      )}
      {can.kill && (
        <Button small={small} kind="danger" icon="stop" onClick={() => onAsk("kill")}>
          {t("control.do.kill")}
        </Button>
      )}
      {(can.renice || can.undo) && (
        <Menu
          trigger={
            <Button small={small} icon="more">
              {t("control.do.more")}
            </Button>
          }
          items={[
            {
              label: t("control.do.renice"),
              icon: "bolt",
              keys: "n",
              disabled: !can.renice,
              run: () => onAsk("renice"),
            },
            {
              label: t("control.do.budget"),
              icon: "plus",
              keys: "b",
              disabled: !can.budget,
              run: () => onAsk("budget"),
            },
            {
              label: t("control.do.fork"),
              icon: "fork",
              disabled: !can.fork,
              run: () =>
                act(async () => {
                  if (!first) return;
                  const made = await calls.fork(first.pid);
                  onDone?.();
                  if (made && typeof made.pid === "number") ways.process(made.pid);
                }),
            },
            "line",
            {
              label: t("control.do.undo"),
              icon: "undo",
              disabled: !can.undo,
              danger: true,
              run: () => onAsk("undo"),
            },
          ]}
        />
      )}
      <Confirm
        open={asking === "kill" && alive.length > 0}
        title={t(alive.length === 1 ? "control.kill.one" : "control.kill.many", {
          count: alive.length,
          name: alive[0]?.name ?? "",
        })}
        about={`${names.join(", ")}${more > 0 ? ` ${t("control.more", { count: more })}` : ""}. ${t("control.kill.about")}`}
        yes={t("control.do.kill")}
        danger
        onYes={() => actAndWait(each(alive, calls.kill))}
        onClose={() => onAsk(null)}
      />
      {asking === "undo" && first && <UndoConfirm row={first} onClose={() => onAsk(null)} onDone={onDone} />}
      {asking === "renice" && <ReniceDialog rows={alive} onClose={() => onAsk(null)} onDone={onDone} />}
      {asking === "budget" && <BudgetDialog rows={alive} onClose={() => onAsk(null)} onDone={onDone} />}
    </div>
  );
}
