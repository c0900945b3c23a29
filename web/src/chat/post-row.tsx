// One post in a list: who, when, what, and below it the thread that it began. What can be done with it appears when the
// pointer or the keyboard is on it.

import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { Attachments } from "../post/attachments.tsx";
import { PostBody } from "../post/post-body.tsx";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { cx } from "../ui/cx.ts";
import { EditBox } from "./edit-box.tsx";
import { PostTools } from "./post-tools.tsx";
import { Reactions } from "./reactions.tsx";
import { ThreadFoot } from "./thread-foot.tsx";
import { isOwn, isQuiet } from "./view/rows.ts";
import { toClock, toMoment } from "./view/when.ts";

/** What rows ask of their list. */
export interface RowActions {
  select(id: string): void;
  /** Opens the thread of a post; `write` puts the caret into its composer. */
  open(post: Post, write: boolean): void;
  edit(id: string | null): void;
  link(post: Post): string;
}

interface PostRowProps {
  post: Post;
  head: boolean;
  /** Inside a thread or a direct line: no thread can begin below it. */
  flat: boolean;
  selected: boolean;
  /** The keyboard walked here. */
  focused: boolean;
  /** The link that was followed leads here. */
  linked: boolean;
  editing: boolean;
  actions: RowActions;
}

/** A post. */
export const PostRow = memo(function PostRow(props: PostRowProps) {
  const { post, head, selected, focused, actions } = props;
  const { t, i18n } = useTranslation();
  const [hot, setHot] = useState(false);
  const [within, focusProps] = useFocusWithin();
  const element = useRef<HTMLElement>(null);
  useEffect(() => {
    if (focused) element.current?.focus({ preventScroll: true });
  }, [focused]);
  const clock = toClock(post.at, i18n.language);
  const quiet = isQuiet(post);
  const tools = (hot || within) && !props.editing && !post.deleted && post.kind !== "status";
  return (
    <article
      ref={element}
      className={cx(
        "post",
        quiet ? "post-quiet" : head ? "post-head" : "post-more",
        within && "post-selected",
        props.linked && "post-linked",
      )}
      data-post={post.id}
      data-author={post.from.kind}
      tabIndex={selected ? 0 : -1}
      aria-label={t("chat.postBy", { name: post.from.name, time: clock })}
      onFocus={() => {
        focusProps.onFocus();
        actions.select(post.id);
      }}
      onBlur={focusProps.onBlur}
      // A row that appears below a pointer which rests is not entered, so the move counts.
      onPointerMove={() => setHot(true)}
      onPointerLeave={() => setHot(false)}
    >
      <div className="post-side">
        {quiet ? (
          <span className="post-dot" aria-hidden="true" />
        ) : head ? (
          <Avatar name={toFace(post)} kind={post.from.kind} size={36} />
        ) : (
          <span className="post-clock" aria-hidden="true">
            {clock}
          </span>
        )}
      </div>
      <div className="post-main">
        {head && !quiet && <PostHead post={post} />}
        {props.editing ? (
          <EditBox post={post} onEnd={() => actions.edit(null)} />
        ) : (
          <>
            <div className="post-words">
              <PostBody post={post} />
              {quiet && (
                <time className="post-when" dateTime={new Date(post.at).toISOString()}>
                  {clock}
                </time>
              )}
              {post.editedAt !== null && !post.deleted && (
                <span className="post-edited" title={toMoment(post.editedAt, i18n.language)}>
                  {t("chat.edited")}
                </span>
              )}
            </div>
            <Attachments post={post} />
            <Reactions post={post} />
          </>
        )}
        {!props.flat && <ThreadFoot id={post.id} onOpen={() => actions.open(post, false)} />}
      </div>
      {tools && <PostTools post={post} flat={props.flat} actions={actions} />}
    </article>
  );
});

// A menu of the post lies elsewhere in the document but belongs to it: its focus comes here as an event of the post, a
// moment after the post lost its own.
function useFocusWithin() {
  const [within, setWithin] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const onFocus = () => {
    clearTimeout(timer.current);
    setWithin(true);
  };
  const onBlur = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setWithin(false), 30);
  };
  return [within, { onFocus, onBlur }] as const;
}

/** What a face is made from: a colleague has that of its program, whatever it is called. */
const toFace = (post: Post): string => (post.from.kind === "entity" ? post.from.program : post.from.name);

function PostHead({ post }: { post: Post }) {
  const { t, i18n } = useTranslation();
  const person = useHum((state) => state.person);
  const { from } = post;
  return (
    <header className="post-who">
      {from.kind === "entity" ? (
        <a className="post-name" href={`#/processes/${from.pid}`} tabIndex={-1}>
          <bdi>{from.name}</bdi>
        </a>
      ) : (
        <bdi className="post-name">{from.name}</bdi>
      )}
      {from.kind === "entity" && (
        <span className="post-kind" title={`#${from.pid}`}>
          {from.program === from.name ? t("chat.entity") : from.program}
        </span>
      )}
      {isOwn(post, person) && <span className="visually-hidden">{t("chat.you")}</span>}
      <time
        className="post-when"
        dateTime={new Date(post.at).toISOString()}
        title={toMoment(post.at, i18n.language)}
      >
        {toClock(post.at, i18n.language)}
      </time>
    </header>
  );
}
