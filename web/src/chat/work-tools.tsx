// Holding and stopping those who work in a thread: one button each for all of them.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { signal } from "../client/commands.ts";
import { act, tell } from "../client/rest.ts";
import { useHum } from "../store/store.ts";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";

/** The buttons; nothing when nobody works. Pausing or stopping the first of a tree holds for all that it started. */
export function WorkTools({ pids }: { pids: readonly number[] }) {
  const { t } = useTranslation();
  const processes = useHum((state) => state.processes);
  const [asking, setAsking] = useState(false);
  const living = pids.flatMap((pid) => processes[pid] ?? []);
  const heads = living.filter((row) => !living.some((other) => other.pid === row.parent));
  if (heads.length === 0 && !asking) return null;
  const paused = heads.length > 0 && heads.every((row) => row.paused);
  const each = (verb: "pause" | "resume" | "kill", rows = heads) =>
    Promise.all(rows.map((row) => signal(row.pid, verb)));
  return (
    <>
      {paused ? (
        <IconButton icon="play" label={t("chat.work.resume")} onClick={() => act(each("resume"))} />
      ) : (
        <IconButton
          icon="pause"
          label={t("chat.work.pause")}
          onClick={() =>
            act(
              each(
                "pause",
                heads.filter((row) => !row.paused),
              ),
            )
          }
        />
      )}
      <IconButton
        icon="square"
        className="work-stop"
        label={t("chat.work.stop")}
        onClick={() => setAsking(true)}
      />
      <Confirm
        open={asking}
        title={t("chat.work.stopTitle")}
        about={t("chat.work.stopAbout", { names: heads.map((row) => row.name).join(", ") })}
        yes={t("chat.work.stopYes")}
        danger
        onYes={() => each("kill").catch(tell)}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
