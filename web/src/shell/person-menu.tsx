// Who one is, and how the page looks: theme, language, keys.

import { cloneElement, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Language, languages, setLanguage } from "../i18n/texts.ts";
import { useHum } from "../store/store.ts";
import { setTheme, type Theme, useTheme } from "../theme.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { lazily } from "../ui/load.ts";
import { openDialog } from "./dialog-store.ts";

// Few open it, so its code comes when it is first pressed.
const Menu = lazily(() => import("../ui/menu.tsx"), "Menu");

const themes: Record<Theme, IconName> = { system: "screen", light: "sun", dark: "moon" };

/** The foot of the sidebar. */
export function PersonMenu() {
  const { t, i18n } = useTranslation();
  const person = useHum((state) => state.person);
  const version = useHum((state) => state.version);
  const theme = useTheme((state) => state.theme);
  const [asked, setAsked] = useState(false);
  const button = (
    <button type="button" className="person-button">
      <Avatar name={person} kind="person" size={26} />
      <span className="sidebar-name" aria-hidden="true">
        {person}
      </span>
      <span className="visually-hidden">{t("shell.personMenu", { person })}</span>
      <Icon name="more" size={16} />
    </button>
  );
  const waiting = cloneElement(button, { "aria-haspopup": "menu", onClick: () => setAsked(true) });
  if (!asked) return waiting;
  return (
    <Suspense fallback={waiting}>
      <Menu
        begins
        align="start"
        side="top"
        head={`Hum ${version}`}
        trigger={button}
        items={[
          ...(Object.keys(themes) as Theme[]).map((one) => ({
            label: t(`shell.theme.${one}`),
            icon: themes[one],
            checked: theme === one,
            run: () => setTheme(one),
          })),
          "line",
          ...(Object.keys(languages) as Language[]).map((one) => ({
            label: languages[one],
            icon: "globe" as const,
            checked: i18n.language === one,
            run: () => void setLanguage(one),
          })),
          "line",
          { label: t("shell.help"), icon: "keyboard", keys: "?", run: () => openDialog("help") },
        ]}
      />
    </Suspense>
  );
}
