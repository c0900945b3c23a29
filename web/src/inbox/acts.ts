// What is done with an entry of the inbox, and how it is taken back.

import { t } from "i18next";
import type { InboxItem } from "../../../os/src/workplace/contract.ts";
import { changeThread, markSeen } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { go, toChannelPath, toThreadPath } from "../router.ts";
import { useHum } from "../store/store.ts";
import { toast } from "../ui/toast.tsx";
import type { Entry } from "./view.ts";

/** The thread that is resolved with an entry: that of a result which is complete; null for most. */
export function toResolved(entry: Entry): string | null {
  const { kind, thread } = entry.item;
  if (kind !== "result" || thread === null) return null;
  const row = useHum.getState().threads[thread];
  return row && !row.resolved && row.state === "complete" && row.id !== row.channel ? row.id : null;
}

/** Puts entries away: they are read, and the task of a result is resolved. Returns what takes that back. */
export function putAway(entries: readonly Entry[], onBack: (ids: readonly string[]) => void): () => void {
  const ids = entries.flatMap((entry) => entry.ids);
  const threads = entries.map(toResolved).filter((thread) => thread !== null);
  const resolve = (resolved: boolean) =>
    Promise.all([...new Set(threads)].map((thread) => changeThread(thread, { resolved })));
  const back = () => {
    onBack(ids);
    act(Promise.all([markSeen({ unread: ids }), resolve(false)]));
  };
  act(
    Promise.all([markSeen({ ids }), resolve(true)]).then(() => {
      const text = threads.length > 0 ? "inbox.resolved" : "inbox.putAway";
      toast(t(text, { count: entries.length }), { action: { label: t("common.undo"), run: back } });
    }),
  );
  return back;
}

/** Marks an entry as new again. */
export function makeNew(entry: Entry): void {
  act(markSeen({ unread: entry.ids }));
}

/** Goes to where an item stands: a thread beside the inbox, or the direct line, or the process. */
export function openItem(item: InboxItem): void {
  const { thread, channel, pid } = item;
  if (thread !== null && thread !== channel) go(toThreadPath("/inbox", thread, item.seq || undefined));
  else if (channel !== null) go(toChannelPath(channel, item.seq || undefined));
  else if (pid !== null) go(`/processes/${pid}`);
}
