// A cron line in words of the reader's language. The words are loaded when they are first needed.

import { useEffect, useState } from "react";

type Words = (cron: string) => string;

/** Loads the words of a language. The Chinese ones add themselves to those of the library; they have no function of their own. */
export async function loadCronWords(language: "en" | "zh"): Promise<Words> {
  const [library] = await Promise.all([
    import("cronstrue"),
    language === "zh" ? import("cronstrue/locales/zh_CN.js") : null,
  ]);
  const options = { use24HourTimeFormat: true, locale: language === "zh" ? "zh_CN" : "en" };
  return (cron) => library.toString(cron, options);
}

const loaded = new Map<string, Words>();

/** The words of a line that can be read; null until they are there, and for a line that cannot be read. */
export function useCronWords(cron: string, locale: string): string | null {
  const language = locale.startsWith("zh") ? "zh" : "en";
  const [, redraw] = useState(0);
  useEffect(() => {
    if (loaded.has(language)) return;
    let stopped = false;
    loadCronWords(language).then(
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
    return words(cron);
  } catch {
    return null;
  }
}
