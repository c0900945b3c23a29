// The form of a trigger. A cron line is explained in words with its next three times while it is typed, so that nobody
// has to know the five fields by heart.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Trigger } from "../../../../os/src/workplace/contract.ts";
import { Button } from "../../ui/button.tsx";
import { Select, TextArea, TextField } from "../../ui/field.tsx";
import { calls } from "../calls.ts";
import { act } from "../parts/act.ts";
import { Choice } from "../parts/choice.tsx";
import { useNow } from "../parts/use-size.ts";
import { commonCrons, readCron, toTriggerId } from "../view/schedule.ts";
import { useChannels, usePrograms, useTriggers } from "../world.ts";
import { useCronWords } from "./cron-words.ts";

const kinds = ["cron", "file", "message"] as const;

/** Times that are shown of a schedule. */
const shownTimes = 3;

/** Who keeps watch, else whoever is there. */
const toFirst = (programs: readonly { name: string }[]): string =>
  (programs.find((program) => program.name === "watcher") ?? programs[0])?.name ?? "";

/** The form; null makes a new trigger. */
export function TriggerForm({ trigger, onClose }: { trigger: Trigger | null; onClose: () => void }) {
  const { t } = useTranslation();
  const programs = usePrograms().filter((program) => program.wrong === null);
  const channels = useChannels().filter((channel) => !channel.archived && channel.kind === "channel");
  const taken = useTriggers();
  const now = useNow(30_000);
  const [name, setName] = useState(trigger?.name ?? "");
  const [kind, setKind] = useState<Trigger["when"]["kind"]>(trigger?.when.kind ?? "cron");
  const [cron, setCron] = useState(trigger?.when.kind === "cron" ? trigger.when.cron : "0 8 * * 1-5");
  const [folder, setFolder] = useState(trigger?.when.kind === "file" ? trigger.when.folder : "");
  const [glob, setGlob] = useState(trigger?.when.kind === "file" ? trigger.when.glob : "*");
  const [place, setPlace] = useState(trigger?.when.kind === "message" ? trigger.when.channel : "");
  const [contains, setContains] = useState(trigger?.when.kind === "message" ? trigger.when.contains : "");
  const [program, setProgram] = useState(trigger?.program ?? toFirst(programs));
  const [channel, setChannel] = useState(trigger?.channel ?? channels[0]?.id ?? "");
  const [task, setTask] = useState(trigger?.task ?? "");
  const reading = readCron(cron, { now, count: shownTimes });
  const heard = place || (channels[0]?.id ?? "");
  const when: Trigger["when"] =
    kind === "cron"
      ? { kind, cron: cron.trim() }
      : kind === "file"
        ? { kind, folder: folder.trim(), glob: glob.trim() }
        : { kind, channel: heard, contains: contains.trim() };
  const whole =
    name.trim() !== "" &&
    task.trim() !== "" &&
    program !== "" &&
    channel !== "" &&
    (kind !== "cron" || reading.ok) &&
    (kind !== "file" || (folder.trim() !== "" && glob.trim() !== "")) &&
    (kind !== "message" || contains.trim() !== "");
  const save = () =>
    act(async () => {
      const to = trigger?.id ?? toTriggerId(name, new Set(taken.map((one) => one.id)));
      await calls.saveTrigger(to, {
        ...{
          name: name.trim(),
          when,
          program,
          task: task.trim(),
          channel,
          enabled: trigger?.enabled ?? true,
        },
      });
      onClose();
    });
  return (
    <form
      className="ctl-card ctl-form"
      aria-label={t(trigger ? "control.recurring.editTitle" : "control.recurring.new")}
      onSubmit={(event) => {
        event.preventDefault();
        if (whole) save();
      }}
    >
      <TextField
        autoFocus
        label={t("control.recurring.name")}
        value={name}
        maxLength={80}
        required
        onChange={(event) => setName(event.target.value)}
      />
      <div>
        <p className="field-label">{t("control.recurring.when")}</p>
        <Choice
          label={t("control.recurring.when")}
          options={kinds.map((one) => ({ value: one, label: t(`control.recurring.kinds.${one}`) }))}
          value={kind}
          onChange={setKind}
        />
      </div>
      {kind === "cron" && <CronField cron={cron} onChange={setCron} reading={reading} />}
      {kind === "file" && (
        <div className="ctl-pair">
          <TextField
            label={t("control.recurring.folder")}
            value={folder}
            spellCheck={false}
            onChange={(event) => setFolder(event.target.value)}
          />
          <TextField
            label={t("control.recurring.glob")}
            hint={t("control.recurring.globHint")}
            value={glob}
            spellCheck={false}
            onChange={(event) => setGlob(event.target.value)}
          />
        </div>
      )}
      {kind === "message" && (
        <div className="ctl-pair">
          <Select
            label={t("control.recurring.heardIn")}
            options={channels.map((one) => ({ value: one.id, label: one.name }))}
            value={heard}
            onChange={setPlace}
          />
          <TextField
            label={t("control.recurring.contains")}
            hint={t("control.recurring.containsHint")}
            value={contains}
            onChange={(event) => setContains(event.target.value)}
          />
        </div>
      )}
      <div className="ctl-pair">
        <Select
          label={t("control.recurring.program")}
          options={programs.map((one) => ({ value: one.name, label: one.name }))}
          value={program}
          onChange={setProgram}
        />
        <Select
          label={t("control.recurring.channel")}
          options={channels.map((one) => ({ value: one.id, label: one.name }))}
          value={channel}
          onChange={setChannel}
        />
      </div>
      <TextArea
        label={t("control.recurring.task")}
        rows={3}
        value={task}
        onChange={(event) => setTask(event.target.value)}
      />
      <div className="ctl-row ctl-actions">
        <Button type="submit" kind="primary" disabled={!whole}>
          {t("control.save")}
        </Button>
        <Button kind="quiet" onClick={onClose}>
          {t("control.cancel")}
        </Button>
      </div>
    </form>
  );
}

interface CronProps {
  cron: string;
  reading: ReturnType<typeof readCron>;
  onChange: (cron: string) => void;
}

function CronField({ cron, reading, onChange }: CronProps) {
  const { t, i18n } = useTranslation();
  const words = useCronWords(cron, i18n.language);
  const date = new Intl.DateTimeFormat(i18n.language, {
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const wrong = reading.ok
    ? null
    : reading.why === "fields" || reading.why === "never"
      ? t(`control.recurring.cronWrong.${reading.why}`)
      : reading.why;
  return (
    <div className="ctl-cron">
      <div className="ctl-row ctl-wrap">
        {commonCrons.map((one) => (
          <button
            key={one.key}
            type="button"
            className="ctl-chip"
            aria-pressed={one.cron === cron}
            onClick={() => onChange(one.cron)}
          >
            {t(`control.recurring.common.${one.key}`)}
          </button>
        ))}
      </div>
      <TextField
        label={t("control.recurring.cron")}
        value={cron}
        spellCheck={false}
        error={wrong}
        onChange={(event) => onChange(event.target.value)}
      />
      <div className="ctl-cron-says" aria-live="polite">
        {wrong === null && <strong>{words ?? ""}</strong>}
        {reading.ok && (
          <ol className="ctl-times">
            {reading.next.map((at) => (
              <li key={at} className="ctl-number">
                {date.format(at)}
              </li>
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}
