// Light, dark or as the system: kept in localStorage, set as an attribute of the root, which the tokens follow.

import { create } from "zustand";

/** What a person chose. */
export type Theme = "system" | "light" | "dark";

const name = "hum.theme";
const dark = () => matchMedia("(prefers-color-scheme: dark)");

const read = (): Theme => {
  const kept = localStorage.getItem(name);
  return kept === "light" || kept === "dark" ? kept : "system";
};

/** The choice and what it comes to now. */
export const useTheme = create<{ theme: Theme; dark: boolean }>(() => ({ theme: "system", dark: false }));

/** Sets the theme and keeps it. */
export function setTheme(theme: Theme): void {
  localStorage.setItem(name, theme);
  apply();
}

function apply(): void {
  const theme = read();
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  useTheme.setState({ theme, dark: theme === "system" ? dark().matches : theme === "dark" });
}

/** Applies the kept theme and follows the system and other tabs. Called once, before the first paint. */
export function beginTheme(): void {
  apply();
  dark().addEventListener("change", apply);
  addEventListener("storage", (event) => event.key === name && apply());
}
