// The words of a post. Plain words are drawn at once; Markdown is read by code that is loaded when the first post needs
// it. A long post is folded, and stays open once it was opened.

import { Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { Button } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { lazily } from "../ui/load.ts";
import { Piece } from "./chips.tsx";
import { toOwnWords } from "./own-words.ts";
import { isPlain, toFolded, toPieces } from "./pieces.ts";
import { UntrustedSign } from "./untrusted-sign.tsx";
import "./post.css";

const PostMarkdown = lazily(() => import("./markdown.tsx"), "PostMarkdown");

/** Posts that were opened; a row of a long list is made anew each time it comes into view. */
const opened = new Set<string>();

function PlainText({ text, mentions }: { text: string; mentions: readonly string[] }) {
  return (
    <p className="post-plain">
      {toPieces(text, mentions).map((piece, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity and never move
        <Piece key={index} piece={piece} />
      ))}
    </p>
  );
}

/** Words with their Markdown, whole: also for what is being written at this moment. */
export function PostText({ text, mentions = [] }: { text: string; mentions?: readonly string[] }) {
  const plain = <PlainText text={text} mentions={mentions} />;
  return (
    <div className="post-text">
      {isPlain(text) ? (
        plain
      ) : (
        <Suspense fallback={plain}>
          <PostMarkdown text={text} mentions={mentions} />
        </Suspense>
      )}
    </div>
  );
}

/** The words of a post. `whole` shows a long one unfolded; `sign` leaves the sign of untrusted words to the caller. */
export function PostBody({ post, whole, sign = true }: { post: Post; whole?: boolean; sign?: boolean }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(() => opened.has(post.id));
  const text = toOwnWords(post, t);
  const folded = whole ? null : toFolded(text);
  const isFolded = folded !== null && !open;
  const turn = () => {
    if (open) opened.delete(post.id);
    else opened.add(post.id);
    setOpen(!open);
  };
  if (post.deleted) return <p className="post-gone">{t("post.deleted")}</p>;
  return (
    <div className={cx("post-body", `post-of-${post.kind}`)}>
      <div className={cx(isFolded && "post-folded")}>
        <PostText text={isFolded ? folded : text} mentions={post.mentions} />
      </div>
      {folded !== null && (
        <Button
          small
          kind="quiet"
          icon={open ? "up" : "down"}
          className="post-fold"
          aria-expanded={open}
          onClick={turn}
        >
          {open ? t("post.less") : t("post.more", { count: text.split("\n").length })}
        </Button>
      )}
      {sign && <UntrustedSign post={post} />}
    </div>
  );
}
