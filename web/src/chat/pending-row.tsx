// A post on its way: it stands where it will stand, and says so when the way is long or when it was refused.

import { memo } from "react";
import { useTranslation } from "react-i18next";
import { PostText } from "../post/post-body.tsx";
import { type Pending, retryPending } from "../store/outbox.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import { takeBack } from "./use-draft.ts";
import { toClock } from "./view/when.ts";

/** The row. */
export const PendingRow = memo(function PendingRow({ pending, head }: { pending: Pending; head: boolean }) {
  const { t, i18n } = useTranslation();
  const person = useHum((state) => state.person);
  const away = useHum((state) => state.line !== "live");
  return (
    <article
      className={cx("post", "post-pending", head ? "post-head" : "post-more")}
      aria-label={t("chat.pending.label")}
    >
      <div className="post-side">{head && <Avatar name={person} kind="person" size={36} />}</div>
      <div className="post-main">
        {head && (
          <header className="post-who">
            <bdi className="post-name">{person}</bdi>
            <span className="post-when">{toClock(pending.at, i18n.language)}</span>
          </header>
        )}
        <div className="post-words">
          <PostText text={pending.text} />
          {pending.files.length > 0 && (
            <p className="pending-files">{pending.files.map((file) => file.path).join(", ")}</p>
          )}
        </div>
        {pending.refused === null ? (
          <p className="pending-state">
            <Icon name="clock" size={13} />
            {t(away ? "chat.pending.away" : "chat.pending.sending")}
          </p>
        ) : (
          <p className="pending-state pending-refused" role="alert">
            <Icon name="warning" size={14} />
            <span>{t("chat.pending.refused", { why: pending.refused })}</span>
            <Button small onClick={() => retryPending(pending.key)}>
              {t("common.retry")}
            </Button>
            <Button small kind="quiet" onClick={() => takeBack(pending)}>
              {t("chat.pending.back")}
            </Button>
          </p>
        )}
      </div>
    </article>
  );
});
