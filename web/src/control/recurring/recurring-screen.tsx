// Recurring work: what starts by itself, when it comes next and how it ended last. A row is a small card, so that it
// reads the same on a phone.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Trigger } from "../../../../os/src/workplace/contract.ts";
import { EmptyState } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Switch } from "../../ui/field.tsx";
import { Icon } from "../../ui/icon.tsx";
import { calls } from "../calls.ts";
import { act, actAndWait } from "../parts/act.ts";
import { Page } from "../parts/page.tsx";
import { OutcomeMark } from "../parts/state-mark.tsx";
import { useNow } from "../parts/use-size.ts";
import { toShortSpan } from "../view/numbers.ts";
import { useTriggers, ways } from "../world.ts";
import { useCronWords } from "./cron-words.ts";
import { TriggerForm } from "./trigger-form.tsx";
import "./recurring.css";

const icons = { cron: "clock", file: "folder", message: "thread" } as const;

/** The screen. */
export function RecurringScreen() {
  const { t } = useTranslation();
  const triggers = useTriggers();
  const now = useNow(15_000);
  const [editing, setEditing] = useState<Trigger | "new" | null>(null);
  const sorted = [...triggers].sort(
    (a, b) =>
      Number(b.enabled) - Number(a.enabled) ||
      (a.nextAt ?? Number.MAX_SAFE_INTEGER) - (b.nextAt ?? Number.MAX_SAFE_INTEGER) ||
      a.name.localeCompare(b.name),
  );
  return (
    <Page
      title={t("control.recurring.title")}
      hint={t("control.recurring.hint")}
      tools={
        <Button kind="primary" small icon="plus" onClick={() => setEditing("new")}>
          {t("control.recurring.new")}
        </Button>
      }
    >
      {editing === "new" && <TriggerForm trigger={null} onClose={() => setEditing(null)} />}
      {sorted.length === 0 && editing === null && (
        <EmptyState
          icon="clock"
          title={t("control.recurring.none")}
          about={t("control.recurring.noneText")}
        />
      )}
      <ul className="ctl-cards">
        {sorted.map((trigger) => (
          <li key={trigger.id}>
            {editing !== "new" && editing?.id === trigger.id ? (
              <TriggerForm trigger={trigger} onClose={() => setEditing(null)} />
            ) : (
              <TriggerCard trigger={trigger} now={now} onEdit={() => setEditing(trigger)} />
            )}
          </li>
        ))}
      </ul>
    </Page>
  );
}

function TriggerCard({ trigger, now, onEdit }: { trigger: Trigger; now: number; onEdit: () => void }) {
  const { t, i18n } = useTranslation();
  const locale = i18n.language;
  const [asking, setAsking] = useState(false);
  const { when } = trigger;
  const cronWords = useCronWords(when.kind === "cron" ? when.cron : "* * * * *", locale);
  const words =
    when.kind === "cron"
      ? (cronWords ?? when.cron)
      : when.kind === "file"
        ? t("control.recurring.onFile", { glob: when.glob, folder: when.folder })
        : t("control.recurring.onMessage", { channel: when.channel, contains: when.contains });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" });
  const enable = (enabled: boolean) =>
    act(async () => {
      const { name, program, task, channel } = trigger;
      await calls.saveTrigger(trigger.id, { name, when, program, task, channel, enabled });
    });
  return (
    <article
      className="ctl-card ctl-trigger"
      data-off={!trigger.enabled || undefined}
      aria-label={trigger.name}
    >
      <div className="ctl-row ctl-trigger-head">
        <Icon name={icons[when.kind]} />
        <h2 className="ctl-card-title">
          <bdi>{trigger.name}</bdi>
        </h2>
        <span className="ctl-spacer" />
        <Switch
          checked={trigger.enabled}
          label={t("control.recurring.enabled", { name: trigger.name })}
          hideLabel
          onChange={enable}
        />
      </div>
      <p className="ctl-trigger-when">
        <bdi>{words}</bdi>
      </p>
      <p className="ctl-trigger-task">
        <span className="ctl-tag">
          <bdi>{trigger.program}</bdi>
        </span>{" "}
        <bdi>{trigger.task}</bdi>
      </p>
      <dl className="ctl-trigger-facts">
        <div>
          <dt>{t("control.recurring.next")}</dt>
          <dd
            className="ctl-number"
            title={trigger.nextAt === null ? undefined : date.format(trigger.nextAt)}
          >
            {trigger.enabled && trigger.nextAt !== null
              ? t("control.recurring.in", { span: toShortSpan(trigger.nextAt - now, locale) })
              : "–"}
          </dd>
        </div>
        <div>
          <dt>{t("control.recurring.last")}</dt>
          <dd className="ctl-number">
            {trigger.lastOutcome && <OutcomeMark outcome={trigger.lastOutcome} />}
            {trigger.lastAt === null
              ? t("control.recurring.never")
              : t("control.ago", { span: toShortSpan(now - trigger.lastAt, locale) })}
          </dd>
        </div>
        <div>
          <dt>{t("control.recurring.runs")}</dt>
          <dd className="ctl-number">{trigger.runs}</dd>
        </div>
      </dl>
      <div className="ctl-row ctl-actions">
        <Button
          onClick={() =>
            act(async () => {
              const thread = await calls.runTrigger(trigger.id);
              ways.thread(thread.id);
            })
          }
        >
          {t("control.recurring.runNow")}
        </Button>
        <Button onClick={onEdit}>{t("control.edit")}</Button>
        <Button kind="quiet" onClick={() => setAsking(true)}>
          {t("control.delete")}
        </Button>
      </div>
      <Confirm
        open={asking}
        title={t("control.recurring.deleteTitle", { name: trigger.name })}
        about={t("control.recurring.deleteText")}
        yes={t("control.delete")}
        danger
        onYes={() => actAndWait(() => calls.deleteTrigger(trigger.id))}
        onClose={() => setAsking(false)}
      />
    </article>
  );
}
