// The entry that is looked at, whole: the words with their files, or the exact question; below it what can be done.

import { useTranslation } from "react-i18next";
import type { ShownApproval } from "../../../os/src/workplace/api.ts";
import { ApprovalFrame } from "../control/approvals/approval-frame.tsx";
import { toSafeLine } from "../control/view/reveal.ts";
import { ago } from "../home/place.tsx";
import { AnswerBox } from "../post/answer-box.tsx";
import { Attachments } from "../post/attachments.tsx";
import { toGist } from "../post/gist.ts";
import { toOwnWords } from "../post/own-words.ts";
import { PostBody, PostText } from "../post/post-body.tsx";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Spinner } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { openItem } from "./acts.ts";
import { useAuthorKind } from "./inbox-row.tsx";
import { usePost } from "./use-post.ts";
import type { Entry } from "./view.ts";
import "../control/approvals/approvals.css";

interface DetailProps {
  entry: Entry;
  approval: ShownApproval | null;
  now: number;
  onAnswer: (word: "approved" | "denied") => void;
  onDone: () => void;
  onNew: () => void;
  /** Goes back to the list, where the two do not stand beside each other. */
  onBack: () => void;
}

/** Id of the line to answer in. */
export const answerId = "inbox-answer";

/** The detail. */
export function InboxDetail(props: DetailProps) {
  const { t } = useTranslation();
  return (
    <section className="inbox-detail" aria-label={t("inbox.detail")}>
      <div className="inbox-back">
        <Button kind="quiet" small icon="left" onClick={props.onBack}>
          {t("shell.inbox")}
        </Button>
      </div>
      {props.approval ? <Asked {...props} approval={props.approval} /> : <Told {...props} />}
    </section>
  );
}

function Asked({ approval, now, onAnswer }: DetailProps & { approval: ShownApproval }) {
  const { t } = useTranslation();
  return (
    <ApprovalFrame approval={approval} now={now}>
      <div className="ctl-row ctl-actions">
        <Button kind="primary" onClick={() => onAnswer("approved")}>
          {t("control.approvals.approve")} <Kbd keys="a" />
        </Button>
        <Button onClick={() => onAnswer("denied")}>
          {t("control.approvals.deny")} <Kbd keys="d" />
        </Button>
      </div>
    </ApprovalFrame>
  );
}

function Told({ entry, now, onDone, onNew }: DetailProps) {
  const { t, i18n } = useTranslation();
  const { item } = entry;
  const { name } = item;
  const kind = useAuthorKind(name, item.pid);
  const thread = useHum((state) => (item.thread === null ? undefined : state.threads[item.thread]));
  const channel = useHum((state) => (item.channel === null ? undefined : state.channels[item.channel]));
  const { value: post, loading } = usePost(item);
  const place =
    item.thread !== null && item.thread !== item.channel
      ? { thread: item.thread }
      : item.channel === null
        ? null
        : { channel: item.channel };
  return (
    <article className="inbox-card">
      <header className="inbox-card-head">
        <h2 className="inbox-card-title">{toGist(thread?.title ?? item.place, 200)}</h2>
        {channel && (
          <p className="inbox-card-where">
            {channel.kind === "direct" ? t("inbox.directWith", { name: channel.name }) : `#${channel.name}`}
          </p>
        )}
        <span className="inbox-card-tools">
          <Button small kind="quiet" icon="thread" onClick={() => openItem(item)}>
            {t("inbox.open")} <Kbd keys="enter" />
          </Button>
          {!entry.unread && !item.needsYou && (
            <IconButton small icon="undo" label={t("inbox.makeNew")} keys="u" onClick={onNew} />
          )}
        </span>
      </header>
      <div className="inbox-card-post">
        <Avatar name={name} kind={kind} />
        <div className="inbox-card-words">
          <p className="inbox-card-from">
            <b>{toSafeLine(name, 60)}</b>
            <time dateTime={new Date(item.at).toISOString()}>{ago(item.at, now, i18n.language)}</time>
          </p>
          {post ? (
            <>
              <PostBody post={post} />
              <Attachments post={post} />
            </>
          ) : loading ? (
            <Spinner />
          ) : (
            <PostText text={toOwnWords(item, t)} />
          )}
        </div>
      </div>
      <footer className="inbox-card-foot">
        {place && (
          <AnswerBox
            key={entry.key}
            id={answerId}
            place={place}
            label={t(item.needsYou ? "inbox.answer" : "inbox.reply")}
            send={t("inbox.send")}
          />
        )}
        {item.needsYou ? (
          <p className="inbox-card-hint">
            <Icon name="clock" size={14} />
            {t("inbox.waits", { name: toSafeLine(name, 40) })}
          </p>
        ) : (
          entry.group === "fresh" && (
            <Button icon="check" onClick={onDone}>
              {t("inbox.done")} <Kbd keys="e" />
            </Button>
          )
        )}
      </footer>
    </article>
  );
}
