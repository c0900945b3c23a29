// What Hum remembers, by person and project: each fact with since when, from whom and where it was told; to put right, to
// add to, to forget. It says plainly what forgetting leaves on the disk.

import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { FactRow } from "../../../../os/src/inbox/remembered.ts";
import { EmptyState } from "../../ui/badge.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Switch, TextArea, TextField } from "../../ui/field.tsx";
import { toast } from "../../ui/toast.tsx";
import { calls } from "../calls.ts";
import { act, actAndWait } from "../parts/act.ts";
import { ProcessLink, ThreadLink } from "../parts/links.tsx";
import { Page } from "../parts/page.tsx";
import { Pending } from "../parts/pending.tsx";
import { useLoad } from "../parts/use-load.ts";
import { useNow } from "../parts/use-size.ts";
import { toSubjects } from "../view/memories.ts";
import "./memories.css";

/** What is remembered changes while one looks; it is asked for again so often. */
const everyMs = 10_000;

/** What is to be forgotten: one fact, or all about a subject. */
type Wish = { fact: FactRow } | { about: string };

/** The screen. */
export function MemoryScreen() {
  const { t } = useTranslation();
  const [past, setPast] = useState(false);
  const [words, setWords] = useState("");
  const [adding, setAdding] = useState<string | null>(null);
  const [wish, setWish] = useState<Wish | null>(null);
  const now = useNow(everyMs);
  const { value, error, again } = useLoad(past ? "past" : "now", () => calls.memory(past), now);
  const subjects = toSubjects(value ?? [], words);
  const forget = async (what: Wish) => {
    const done = await ("fact" in what ? calls.forgetFact(what.fact.id) : calls.forgetAbout(what.about));
    const still =
      done.still.length > 0 ? ` ${t("control.memories.still", { count: done.still.length })}` : "";
    toast(t("control.memories.forgotten", { count: done.pages }) + still);
    again();
  };
  return (
    <Page
      title={t("control.memories.title")}
      hint={t("control.memories.hint")}
      tools={
        <Button kind="primary" small icon="plus" onClick={() => setAdding("")}>
          {t("control.memories.add")}
        </Button>
      }
    >
      <div className="ctl-row mem-tools">
        <TextField
          label={t("control.memories.find")}
          hideLabel
          type="search"
          placeholder={t("control.memories.find")}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
        <Switch label={t("control.memories.past")} checked={past} onChange={setPast} />
      </div>
      {adding !== null && (
        <AddForm
          key={adding}
          about={adding}
          onClose={() => {
            setAdding(null);
            again();
          }}
        />
      )}
      {value === null && <Pending error={error} again={again} />}
      {value !== null && subjects.length === 0 && adding === null && (
        <EmptyState
          icon="people"
          title={t(words === "" ? "control.memories.none" : "control.memories.noneFound")}
          about={t("control.memories.noneText")}
        />
      )}
      <ul className="mem-subjects">
        {subjects.map(({ key, subject, facts }) => (
          <li key={key} className="ctl-card mem-subject">
            <div className="ctl-row">
              <h2 className="ctl-card-title">
                <bdi>{subject}</bdi>
              </h2>
              <span className="ctl-spacer" />
              <IconButton
                icon="plus"
                label={t("control.memories.addTo", { subject })}
                onClick={() => setAdding(subject)}
              />
              <IconButton
                icon="trash"
                label={t("control.memories.forgetAll", { subject })}
                onClick={() => setWish({ about: subject })}
              />
            </div>
            <ul className="mem-facts">
              {facts.map((fact) => (
                <FactLine key={fact.id} fact={fact} again={again} onForget={() => setWish({ fact })} />
              ))}
            </ul>
          </li>
        ))}
      </ul>
      <p className="ctl-muted mem-disk">{t("control.memories.disk")}</p>
      <Confirm
        open={wish !== null}
        title={
          wish !== null && "about" in wish
            ? t("control.memories.forgetAllTitle", { subject: wish.about })
            : t("control.memories.forgetTitle")
        }
        about={t("control.memories.forgetText")}
        yes={t("control.memories.forget")}
        danger
        onYes={() => actAndWait(async () => (wish ? forget(wish) : undefined))}
        onClose={() => setWish(null)}
      />
    </Page>
  );
}

function FactLine({ fact, again, onForget }: { fact: FactRow; again: () => void; onForget: () => void }) {
  const { t, i18n } = useTranslation();
  const [text, setText] = useState<string | null>(null);
  // Who comes back from the form is where it was.
  const [back, setBack] = useState(false);
  const close = () => {
    setText(null);
    setBack(true);
  };
  const day = new Intl.DateTimeFormat(i18n.language, { dateStyle: "medium", timeZone: "UTC" });
  const what = fact.relation === "" ? fact.value : `${fact.relation}: ${fact.value}`;
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (text === null || text.trim() === "") return;
    act(async () => {
      await calls.correctFact(fact.id, text.trim());
      close();
      again();
    });
  };
  if (text !== null)
    return (
      <li className="mem-fact">
        <form className="mem-edit" aria-label={t("control.memories.edit", { what })} onSubmit={save}>
          <TextField
            label={fact.relation === "" ? t("control.memories.remark") : fact.relation}
            value={text}
            maxLength={400}
            autoFocus
            required
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === "Escape") close();
            }}
          />
          <div className="ctl-row">
            <Button kind="primary" small type="submit">
              {t("control.save")}
            </Button>
            <Button small onClick={close}>
              {t("control.cancel")}
            </Button>
          </div>
        </form>
      </li>
    );
  return (
    <li className="mem-fact" data-past={fact.until !== null || undefined}>
      <div className="mem-words">
        <p className="mem-what">
          {fact.relation !== "" && (
            <span className="ctl-muted">
              <bdi>{fact.relation}</bdi>:{" "}
            </span>
          )}
          <bdi>{fact.value}</bdi>
          {!fact.trusted && (
            <span className="ctl-tag ctl-tag-warn" title={fact.origins.join(", ")}>
              {t("control.memories.strange")}
            </span>
          )}
        </p>
        <p className="ctl-muted mem-about">
          {fact.until === null
            ? t("control.memories.since", { day: day.format(fact.from) })
            : t("control.memories.until", { from: day.format(fact.from), until: day.format(fact.until) })}
          {" · "}
          {t("control.memories.by", { name: fact.by })}
          {fact.thread !== null && (
            <>
              {" · "}
              <ThreadLink thread={fact.thread} />
            </>
          )}
          {fact.source !== null && (
            <>
              {" · "}
              <ProcessLink pid={fact.source.pid}>
                {t("control.memories.source", { page: fact.source.page, pid: fact.source.pid })}
              </ProcessLink>
            </>
          )}
        </p>
      </div>
      <IconButton
        icon="pencil"
        autoFocus={back}
        label={t("control.memories.edit", { what })}
        onClick={() => setText(fact.value)}
      />
      <IconButton icon="trash" label={t("control.memories.forgetOne", { what })} onClick={onForget} />
    </li>
  );
}

function AddForm({ about, onClose }: { about: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [subject, setSubject] = useState(about);
  const [text, setText] = useState("");
  const whole = subject.trim() !== "" && text.trim() !== "";
  return (
    <form
      className="ctl-card ctl-form"
      aria-label={t("control.memories.add")}
      onSubmit={(event) => {
        event.preventDefault();
        if (!whole) return;
        act(async () => {
          await calls.remember(subject.trim(), text.trim());
          onClose();
        });
      }}
    >
      <TextField
        label={t("control.memories.subject")}
        value={subject}
        maxLength={80}
        autoFocus={about === ""}
        required
        onChange={(event) => setSubject(event.target.value)}
      />
      <TextArea
        label={t("control.memories.facts")}
        hint={t("control.memories.factsHint")}
        rows={3}
        value={text}
        maxLength={4000}
        autoFocus={about !== ""}
        required
        onChange={(event) => setText(event.target.value)}
      />
      <div className="ctl-row ctl-actions">
        <Button kind="primary" type="submit" disabled={!whole}>
          {t("control.save")}
        </Button>
        <Button onClick={onClose}>{t("control.cancel")}</Button>
      </div>
    </form>
  );
}
