// Settings of this browser: who you are, colours, language, density, notices.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type Language, languages, setLanguage } from "../../i18n/texts.ts";
import { VoiceSettings } from "../../senses/voice-settings.tsx";
import { useHum } from "../../store/store.ts";
import { setTheme, type Theme, useTheme } from "../../theme.ts";
import { Switch } from "../../ui/field.tsx";
import { act } from "../parts/act.ts";
import { Choice } from "../parts/choice.tsx";
import { Page } from "../parts/page.tsx";
import { type Density, setDensity, setNotices, usePreferences } from "./preferences.ts";
import "../machine/machine.css";

const themes: readonly Theme[] = ["system", "light", "dark"];
const densities: readonly Density[] = ["calm", "compact"];

/** The screen. */
export function SettingsScreen() {
  const { t, i18n } = useTranslation();
  const person = useHum((state) => state.person);
  const version = useHum((state) => state.version);
  const theme = useTheme((state) => state.theme);
  const { density, notices } = usePreferences();
  const [denied, setDenied] = useState(false);
  return (
    <Page title={t("control.settings.title")} hint={t("control.settings.hint")} className="ctl-settings">
      <section className="ctl-setting">
        <h2>{t("control.settings.person")}</h2>
        <div>
          <p className="ctl-setting-value">
            <bdi>{person}</bdi>
          </p>
          <p className="ctl-muted">
            {t("control.settings.personText")} <code className="ctl-command">hum start --as NAME</code>
          </p>
        </div>
      </section>
      <section className="ctl-setting">
        <h2>{t("control.settings.theme")}</h2>
        <Choice
          label={t("control.settings.theme")}
          options={themes.map((value) => ({ value, label: t(`control.settings.themes.${value}`) }))}
          value={theme}
          onChange={setTheme}
        />
      </section>
      <section className="ctl-setting">
        <h2>{t("control.settings.language")}</h2>
        <Choice
          label={t("control.settings.language")}
          options={(Object.keys(languages) as Language[]).map((value) => ({
            value,
            label: languages[value],
          }))}
          value={i18n.language as Language}
          onChange={(value) => act(() => setLanguage(value))}
        />
      </section>
      <section className="ctl-setting">
        <h2>{t("control.settings.density")}</h2>
        <Choice
          label={t("control.settings.density")}
          options={densities.map((value) => ({ value, label: t(`control.settings.densities.${value}`) }))}
          value={density}
          onChange={setDensity}
        />
      </section>
      <section className="ctl-setting">
        <h2>{t("control.settings.notify")}</h2>
        <div>
          <Switch
            label={t("control.settings.notify")}
            hideLabel
            hint={t("control.settings.notifyText")}
            checked={notices}
            onChange={(on) => act(async () => setDenied(!(await setNotices(on)) && on))}
          />
          {denied && (
            <p className="ctl-note ctl-note-warn" role="status">
              {t("control.settings.notifyDenied")}
            </p>
          )}
        </div>
      </section>
      <VoiceSettings />
      <p className="ctl-muted ctl-version">Hum {version}</p>
    </Page>
  );
}
