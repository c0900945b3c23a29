// What a person set in this browser beside theme and language: how dense the page is, and whether the system tells of what
// waits. Kept in localStorage; nothing of it is sent anywhere.

import { t } from "i18next";
import { create } from "zustand";
import { toShownTitle } from "../../inbox/view.ts";
import { beginSenses, mayTell } from "../../senses/store.ts";
import { useHum } from "../../store/store.ts";
import { toSafeLine } from "../view/reveal.ts";

/** How much stands on the page. */
export type Density = "calm" | "compact";

const densityName = "hum.density";
const noticesName = "hum.notices";

/** The choices as they are now. */
export const usePreferences = create<{ density: Density; notices: boolean }>(() => ({
  density: "calm",
  notices: false,
}));

function apply(): void {
  const density = localStorage.getItem(densityName) === "compact" ? "compact" : "calm";
  document.documentElement.dataset.density = density;
  usePreferences.setState({ density, notices: localStorage.getItem(noticesName) === "on" });
}

/** Sets the density and keeps it. */
export function setDensity(density: Density): void {
  localStorage.setItem(densityName, density);
  apply();
}

/** Turns notices on or off. To turn them on asks the browser first; resolves to whether they are on. */
export async function setNotices(on: boolean): Promise<boolean> {
  const allowed =
    on && "Notification" in globalThis && (await Notification.requestPermission()) === "granted";
  localStorage.setItem(noticesName, allowed ? "on" : "off");
  apply();
  return allowed;
}

/** Applies what was kept, follows other tabs, and begins to tell of what waits. Called once, before the first paint. */
export function beginPreferences(): void {
  apply();
  beginSenses();
  addEventListener("storage", (event) => {
    if (event.key === densityName || event.key === noticesName) apply();
  });
  useHum.subscribe((state, before) => {
    if (state.inbox === before.inbox || before.phase !== "ready") return;
    if (!usePreferences.getState().notices || !document.hidden || Notification.permission !== "granted")
      return;
    for (const item of Object.values(state.inbox)) {
      if (before.inbox[item.id] || !item.needsYou || !mayTell(item.kind, new Date())) continue;
      const kind = item.kind === "approval" ? "approval" : "question";
      new Notification(
        t(`control.settings.notices.${kind}`, { name: toSafeLine(toShownTitle(item, t), 60) }),
        {
          tag: item.id,
        },
      );
    }
  });
}
