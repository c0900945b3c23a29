// Settings of talking: the voice, how fast, which language, how patient; do not disturb; and what sees.

import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { act } from "../control/parts/act.ts";
import { Choice } from "../control/parts/choice.tsx";
import { Select, Switch } from "../ui/field.tsx";
import { changeSenses, readSenses, type SenseSettings, useSenses } from "./store.ts";

const speeds = ["0.8", "1", "1.2", "1.5"];
const patiences: readonly SenseSettings["patience"][] = ["quick", "usual", "patient"];
/** What Whisper hears best. */
const spoken = ["en", "zh", "de", "es", "fr", "it", "ja", "nl", "pt", "ru"];

/** The sections. */
export function VoiceSettings() {
  const settings = useSenses((state) => state.settings);
  useEffect(() => act(readSenses), []);
  if (!settings) return null;
  return (
    <>
      <QuietSetting quiet={settings.quiet} now={settings.quietNow} />
      <TalkSetting settings={settings} />
      <SightSetting settings={settings} />
    </>
  );
}

function QuietSetting({ quiet, now }: { quiet: SenseSettings["quiet"]; now: boolean }) {
  const { t } = useTranslation();
  const change = (part: Partial<SenseSettings["quiet"]>) => act(() => changeSenses({ quiet: part }));
  const hours = quiet.hours ?? { from: "22:00", to: "07:00" };
  return (
    <section className="ctl-setting">
      <h2>{t("senses.quiet")}</h2>
      <div className="ctl-voice">
        <Switch
          label={t("senses.quietOn")}
          hint={t("senses.quietText")}
          checked={quiet.on}
          onChange={(on) => change({ on })}
        />
        <Switch
          label={t("senses.quietHours")}
          checked={quiet.hours !== null}
          onChange={(on) => change({ hours: on ? hours : null })}
        />
        {quiet.hours && (
          <div className="ctl-voice-hours">
            {(["from", "to"] as const).map((end) => (
              <label key={end}>
                {t(`senses.${end}`)}{" "}
                <input
                  type="time"
                  className="input"
                  value={hours[end]}
                  onChange={({ target }) =>
                    target.value !== "" && change({ hours: { ...hours, [end]: target.value } })
                  }
                />
              </label>
            ))}
          </div>
        )}
        {now && (
          <p className="ctl-muted" role="status">
            {t("senses.quietNow")}
          </p>
        )}
      </div>
    </section>
  );
}

function TalkSetting({ settings }: { settings: SenseSettings }) {
  const { t, i18n } = useTranslation();
  const { voices, voice, speed, language, patience, remote } = settings;
  const names = new Intl.DisplayNames(i18n.language, { type: "language" });
  return (
    <section className="ctl-setting">
      <h2>{t("senses.talk")}</h2>
      <div className="ctl-voice">
        <Select
          label={t("senses.voice")}
          value={voice ?? ""}
          options={[
            { value: "", label: t("senses.usualVoice") },
            ...voices.map((name) => ({ value: name, label: name })),
          ]}
          {...(settings.here["piper-joe"] ? {} : { hint: t("senses.betterVoice") })}
          onChange={(value) => act(() => changeSenses({ voice: value === "" ? null : value }))}
        />
        <Select
          label={t("senses.speed")}
          value={String(speed)}
          options={[...new Set([...speeds, String(speed)])].map((value) => ({ value, label: `${value} ×` }))}
          onChange={(value) => act(() => changeSenses({ speed: Number(value) }))}
        />
        <Select
          label={t("senses.language")}
          value={language ?? ""}
          options={[
            { value: "", label: t("senses.pageLanguage") },
            ...[...new Set([...spoken, ...(language ? [language] : [])])].map((value) => ({
              value,
              label: names.of(value) ?? value,
            })),
          ]}
          onChange={(value) => act(() => changeSenses({ language: value === "" ? null : value }))}
        />
        <div>
          <p className="ctl-voice-label">{t("senses.patience")}</p>
          <Choice
            label={t("senses.patience")}
            options={patiences.map((value) => ({ value, label: t(`senses.patiences.${value}`) }))}
            value={patience}
            onChange={(value) => act(() => changeSenses({ patience: value }))}
          />
        </div>
        <Switch
          label={t("senses.moment")}
          checked={settings.moment}
          onChange={(moment) => act(() => changeSenses({ moment }))}
        />
        <p className="ctl-muted">
          {remote.hearing === null && remote.speaking === null
            ? t("senses.local")
            : t("senses.remote", {
                hosts: [remote.hearing, remote.speaking].filter(Boolean).join(", "),
              })}
        </p>
        <p className="ctl-muted">{t("senses.program")}</p>
      </div>
    </section>
  );
}

function SightSetting({ settings: { here, remote } }: { settings: SenseSettings }) {
  const { t } = useTranslation();
  return (
    <section className="ctl-setting">
      <h2>{t("senses.pictures")}</h2>
      {remote.sight !== null ? (
        <p className="ctl-muted">{t("senses.seesRemote", { host: remote.sight })}</p>
      ) : here.sight ? (
        <p className="ctl-muted">{t("senses.seesHere")}</p>
      ) : (
        <p className="ctl-muted">
          {t("senses.seesWords")} <code className="ctl-command">hum senses pull sight</code>
        </p>
      )}
    </section>
  );
}
