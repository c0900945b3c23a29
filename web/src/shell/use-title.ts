// The title of the tab: what waits for the person, where they are.

import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { matchPath, useRoute } from "../router.ts";
import { screens } from "../screens.tsx";
import { isQuietAt, useSenses } from "../senses/store.ts";
import { channelTitle, useInboxCounts } from "../store/select.ts";
import { useHum } from "../store/store.ts";

/** Keeps the title of the tab. */
export function useTitle(): void {
  const { t } = useTranslation();
  const { path } = useRoute();
  const counts = useInboxCounts();
  const settings = useSenses((state) => state.settings);
  const quiet = settings !== null && isQuietAt(new Date());
  const unread = quiet ? counts.urgent : counts.unread;
  const channels = useHum((state) => state.channels);
  useEffect(() => {
    const screen = screens.find((one) => matchPath(one.path, path));
    const id = matchPath("/c/:id", path)?.id ?? matchPath("/c/:id/p/:seq", path)?.id;
    const channel = id === undefined ? undefined : channels[id];
    const place = channel ? channelTitle(channel) : screen ? t(screen.title) : "";
    document.title = `${unread > 0 ? `(${unread}) ` : ""}${place ? `${place} · ` : ""}Hum`;
  }, [t, path, unread, channels]);
}
