// One entry of the list: who, where, what it says, and how long ago.

// biome-ignore-all lint/a11y/noNoninteractiveElementToInteractiveRole: a row of a list that is walked by key; the list has the focus and the keys
// biome-ignore-all lint/a11y/useFocusableInteractive: a row of a list that is walked by key; the list has the focus and the keys
// biome-ignore-all lint/a11y/useKeyWithClickEvents: a row of a list that is walked by key; the list has the focus and the keys

import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { InboxItem } from "../../../os/src/workplace/contract.ts";
import { toShortSpan } from "../control/view/numbers.ts";
import { toSafeLine } from "../control/view/reveal.ts";
import { toGist } from "../post/gist.ts";
import { toApprovalWords, toOwnWords } from "../post/own-words.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import type { Entry } from "./view.ts";

const icons: Record<InboxItem["kind"], IconName> = {
  approval: "shield",
  question: "question",
  mention: "at",
  result: "check",
  direct: "thread",
  trouble: "warning",
};

/** What kind of author a name is. */
export function useAuthorKind(name: string, pid: number | null): "person" | "entity" | "kernel" {
  return useHum((state) => {
    if (name === "Hum") return "kernel";
    const known =
      Object.hasOwn(state.programs, name) || (pid !== null && state.processes[pid]?.name === name);
    return known ? "entity" : "person";
  });
}

/** Id of the row in the page. */
export const toRowId = (key: string): string => `inbox-${key.replace(/[^\w-]/g, "_")}`;

/** The row. */
export const InboxRow = memo(function InboxRow({
  entry,
  current,
  now,
  onPick,
}: {
  entry: Entry;
  current: boolean;
  now: number;
  onPick: (key: string) => void;
}) {
  const { t, i18n } = useTranslation();
  const { item } = entry;
  const { name, place } = item;
  const kind = useAuthorKind(name, item.pid);
  const title = useHum((state) =>
    item.thread === null ? null : (state.threads[item.thread]?.title ?? null),
  );
  const approval = useHum((state) => (item.approval === null ? undefined : state.approvals[item.approval]));
  const direct = useHum((state) => state.channels[item.channel ?? ""]?.kind === "direct");
  const sink = approval && approval.kind !== "budget" && approval.sink !== "" ? ` → ${approval.sink}` : "";
  const where = item.kind === "approval" ? `${place}${sink}` : direct ? t("inbox.direct") : (title ?? place);
  return (
    <div
      id={toRowId(entry.key)}
      role="option"
      aria-selected={current}
      className={cx("inbox-row", entry.unread && "inbox-row-unread", `inbox-row-${entry.group}`)}
      data-kind={item.kind}
      onClick={() => onPick(entry.key)}
    >
      <Avatar name={name} kind={kind} size={32} />
      <span className="inbox-row-top">
        <span className="inbox-row-name">{toSafeLine(name, 40)}</span>
        <span className="inbox-row-kind">
          <Icon name={icons[item.kind]} size={13} />
          {t(`inbox.kind.${item.kind}`)}
        </span>
        {entry.ids.length > 1 && (
          <span className="inbox-row-more">{t("inbox.more", { count: entry.ids.length - 1 })}</span>
        )}
        <span className="inbox-row-time">
          {now - item.at < 60_000 ? t("inbox.now") : toShortSpan(now - item.at, i18n.language)}
        </span>
      </span>
      <span className="inbox-row-where">{toGist(where, 100)}</span>
      <span className="inbox-row-text">
        {toGist(
          item.kind === "approval"
            ? toApprovalWords({ why: item.text, reasons: item.told?.reasons }, t)
            : toOwnWords(item, t),
        )}
      </span>
      {entry.unread && <span className="visually-hidden">{t("shell.unread")}</span>}
    </div>
  );
});
