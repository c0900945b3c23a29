// What comes with a post beside its words: files, how a piece of work ended and what it cost, a question for a yes.

import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { toCount, toSpan } from "../control/view/numbers.ts";
import { useHum } from "../store/store.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { ApprovalCard } from "./approval-card.tsx";
import { FileCard } from "./file-card.tsx";
import { toFileThread } from "./files.ts";
import "./attachments.css";

/** Files of one post that stand open. */
const shownFiles = 6;

/** All that comes with a post; nothing for most. */
export function Attachments({ post }: { post: Post }) {
  if (post.deleted) return null;
  const asks = post.kind === "approval" && post.approval !== undefined;
  const ended = post.kind === "result" && post.outcome !== undefined;
  if (post.files.length === 0 && !asks && !ended) return null;
  return (
    <div className="post-attachments">
      {post.files.length > 0 && <Files post={post} />}
      {asks && <ApprovalCard id={post.approval as string} />}
      {ended && <Outcome post={post} />}
    </div>
  );
}

function Files({ post }: { post: Post }) {
  const { t } = useTranslation();
  const direct = useHum((state) => state.channels[post.channel]?.kind === "direct");
  const thread = toFileThread(post, direct);
  return (
    <ul className="post-files" aria-label={t("post.files", { count: post.files.length })}>
      {post.files.slice(0, shownFiles).map((file) => (
        <li key={file.path}>
          <FileCard thread={thread} file={file} />
        </li>
      ))}
      {post.files.length > shownFiles && (
        <li>
          <details className="post-files-more">
            <summary>{t("post.moreFiles", { count: post.files.length - shownFiles })}</summary>
            <ul className="post-files">
              {post.files.slice(shownFiles).map((file) => (
                <li key={file.path}>
                  <FileCard thread={thread} file={file} />
                </li>
              ))}
            </ul>
          </details>
        </li>
      )}
    </ul>
  );
}

const endIcons: Record<NonNullable<Post["outcome"]>, IconName> = {
  done: "check",
  failed: "warning",
  killed: "stop",
};

// How it ended and what it cost, in one quiet line; the numbers lead to the process.
function Outcome({ post }: { post: Post }) {
  const { t, i18n } = useTranslation();
  const { outcome = "done", usage, votes } = post;
  const pid = post.from.kind === "entity" ? post.from.pid : (post.child ?? null);
  const stands = useHum((state) => state.threads[post.thread ?? post.channel]?.state === "error");
  const facts = usage
    ? [
        toSpan(usage.activeMs, i18n.language),
        t("post.tokens", { count: usage.tokens, shown: toCount(usage.tokens, i18n.language) }),
        t("post.calls", { count: usage.deviceCalls }),
      ]
    : [];
  // Nothing went on since it failed: it is said what can be done.
  const next = outcome === "failed" && stands;
  return (
    <>
      <p className="post-outcome">
        <span className="post-outcome-word" data-outcome={outcome}>
          <Icon name={endIcons[outcome]} size={15} />
          {t(`post.outcome.${outcome}`)}
        </span>
        {votes && votes.of > 1 && (
          <span className={votes.for > 1 ? undefined : "post-outcome-doubt"}>
            {t(votes.for > 1 ? "post.agreed" : "post.disagreed", { ...votes })}
          </span>
        )}
        {facts.length > 0 &&
          (pid === null ? (
            <span>{facts.join(" · ")}</span>
          ) : (
            <a className="post-outcome-facts" href={`#/processes/${pid}`} title={t("post.lookInto")}>
              {facts.join(" · ")}
            </a>
          ))}
      </p>
      {next && <p className="post-outcome">{t("post.tryAgain")}</p>}
    </>
  );
}
