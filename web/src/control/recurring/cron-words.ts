// A cron line in words of the reader's language. The words are loaded when they are first needed.

import { useEffect, useState } from "react";

type Words = (cron: string, options: object) => string;

const loaders: Record<"en" | "zh", () => Promise<Words>> = {
  en: async () => (await import("cronstrue")).toString,
  zh: async () => (await import("cronstrue/locales/zh_CN")).toString,
};

const loaded = new Map<string, Words>();

/** The words of a line that can be read; null until they are there, and for a line that cannot be read. */
export function useCronWords(cron: string, locale: string): string | null {
  const language = locale.startsWith("zh") ? "zh" : "en";
  const [, redraw] = useState(0);
  useEffect(() => {
    if (loaded.has(language)) return;
    let stopped = false;
    loaders[language]().then(
      (words) => {
        loaded.set(language, words);
        if (!stopped) redraw((count) => count + 1);
      },
      () => undefined,
    );
    return () => {
      stopped = true;
    };
  }, [language]);
  const words = loaded.get(language);
  if (!words) return null;
  try {
    return words(cron, { use24HourTimeFormat: true, locale: language === "zh" ? "zh_CN" : "en" });
  } catch {
    return null;
  }
}
