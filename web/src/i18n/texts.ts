// Languages. All texts of the page stand in en.json and zh.json under one key for each area (common, shell, chat …);
// only the language in use is loaded. Texts of people and colleagues are never translated.

import i18next from "i18next";
import { initReactI18next } from "react-i18next";

/** Languages of the page, by their own names. */
export const languages = { en: "English", zh: "简体中文" } as const;

/** A language of the page. */
export type Language = keyof typeof languages;

const name = "hum.language";
const files: Record<Language, () => Promise<{ default: object }>> = {
  en: () => import("./en.json"),
  zh: () => import("./zh.json"),
};

const wanted = (): Language => {
  const kept = localStorage.getItem(name);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
};

/** Loads the language of this browser. Called once, before the first paint. */
export async function beginTexts(): Promise<void> {
  const language = wanted();
  const { default: texts } = await files[language]();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: { translation: texts } },
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
}

/** Changes the language, at once. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(name, language);
  const { default: texts } = await files[language]();
  i18next.addResourceBundle(language, "translation", texts, true, true);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language === "zh" ? "zh-Hans" : "en";
}
