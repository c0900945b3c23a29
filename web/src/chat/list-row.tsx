// One row of a conversation, by its kind.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { PostWindow } from "../store/windows.ts";
import { LiveRow } from "./live-row.tsx";
import { PendingRow } from "./pending-row.tsx";
import { PostRow, type RowActions } from "./post-row.tsx";
import type { Row } from "./view/rows.ts";
import { toDay } from "./view/when.ts";

interface ListRowProps {
  row: Row | undefined;
  flat: boolean;
  actions: RowActions;
  begin: ReactNode;
  at: number | null;
  window: PostWindow;
  selected: { id: string; focus: boolean } | null;
  editing: string | null;
}

/** The row. */
export function ListRow({ row, flat, actions, begin, at, window, selected, editing }: ListRowProps) {
  const { t, i18n } = useTranslation();
  if (!row) return null;
  switch (row.kind) {
    case "begin":
      return begin;
    case "day":
      return (
        <p className="divider">
          <span>{toDay(row.at, Date.now(), i18n.language)}</span>
        </p>
      );
    case "new":
      return (
        <p className="divider divider-new">
          <span>{t("chat.new")}</span>
        </p>
      );
    case "pending":
      return <PendingRow pending={row.pending} head={row.head} />;
    case "live":
      return <LiveRow pid={row.pid} lastSeq={lastPostOf(window, row.pid)} />;
    default: {
      const { post } = row;
      const here = selected !== null && selected.id === post.id;
      return (
        <PostRow
          post={post}
          head={row.kind === "root" || row.head}
          flat={flat}
          selected={here}
          focused={here && selected.focus}
          linked={post.seq === at}
          editing={editing === post.id}
          actions={actions}
        />
      );
    }
  }
}

function lastPostOf({ posts }: PostWindow, pid: number): number {
  const last = posts.findLast((post) => post.from.kind === "entity" && post.from.pid === pid);
  return last?.seq ?? 0;
}
