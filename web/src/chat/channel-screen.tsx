// A channel, or a direct line to one colleague: a head, the posts, and where one writes.

import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Channel, Post } from "../../../os/src/workplace/contract.ts";
import { changeThread } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { go, toChannelPath, toThreadPath } from "../router.ts";
import type { ScreenProps } from "../screens.tsx";
import { channelTitle } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { EmptyState, Spinner } from "../ui/badge.tsx";
import { ChannelHead } from "./channel-head.tsx";
import { Composer } from "./composer.tsx";
import { takeFocusWish, wantFocus } from "./focus-wish.ts";
import { PlaceBegin } from "./place-begin.tsx";
import { PostList, type PostListHandle } from "./post-list.tsx";
import { composerOf } from "./use-list-keys.ts";
import { useOpenedSeen } from "./use-opened-seen.ts";
import { type OpenPlace, usePlace, useSeen } from "./use-place.ts";
import "./chat.css";
import "./post.css";
import "./composer.css";

/** The screen. */
export function ChannelScreen({ params }: ScreenProps) {
  const { t } = useTranslation();
  const id = params.id ?? "";
  const channel = useHum((state) => state.channels[id]);
  if (!channel)
    return (
      <>
        <h1 className="visually-hidden">{t("chat.noChannel")}</h1>
        <EmptyState icon="hash" title={t("chat.noChannel")} about={t("chat.noChannelAbout")}>
          <a href="#/">{t("shell.home")}</a>
        </EmptyState>
      </>
    );
  const at = params.seq === undefined ? null : Number(params.seq);
  return <ChannelView key={id} channel={channel} at={Number.isSafeInteger(at) ? at : null} />;
}

function ChannelView({ channel, at }: { channel: Channel; at: number | null }) {
  const { t } = useTranslation();
  const { id } = channel;
  const place = useMemo(() => ({ channel: id }), [id]);
  const open = usePlace(place, at);
  const seenAt = useOpenedSeen(id);
  const see = useSeen(id);
  const list = useRef<PostListHandle>(null);
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (takeFocusWish(place)) composerOf(root.current)?.focus({ preventScroll: true });
  }, [place]);
  const direct = channel.kind === "direct";
  const home = toChannelPath(id);
  const title = channelTitle(channel);

  const linkOf = useCallback((post: Post) => toChannelPath(id, post.seq), [id]);
  const onOpen = useCallback(
    (post: Post, write: boolean) => {
      if (write) wantFocus({ thread: post.id });
      go(toThreadPath(toChannelPath(id), post.id));
    },
    [id],
  );
  const onResolve = useCallback((post: Post | null) => {
    const thread = post && useHum.getState().threads[post.id];
    if (thread) act(changeThread(thread.id, { resolved: !thread.resolved }));
  }, []);
  return (
    <div className="chat" data-place={open.key} ref={root}>
      <ChannelHead channel={channel} />
      <Posts open={open}>
        {(ready) => (
          <PostList
            key={open.id}
            ref={list}
            {...{ place, at, seenAt, home, linkOf, onOpen, onResolve }}
            open={ready}
            label={t("chat.postsOf", { place: title })}
            flat={direct}
            living={direct ? id : null}
            begin={<PlaceBegin channel={channel} />}
            onSeen={see}
            lastSeq={channel.lastSeq}
          />
        )}
      </Posts>
      {channel.archived ? (
        <p className="chat-archived">{t("chat.archived")}</p>
      ) : (
        <Composer
          key={id}
          place={place}
          label={t(direct ? "chat.writeTo" : "chat.write", { place: title })}
          onSent={() => list.current?.toEnd()}
          onEditLast={() => list.current?.editLast() ?? false}
        />
      )}
    </div>
  );
}

/** The posts of a place when they are there; before, that they come or why they do not. */
export function Posts({
  open,
  children,
}: {
  open: OpenPlace;
  children: (ready: OpenPlace & { window: NonNullable<OpenPlace["window"]> }) => ReactNode;
}) {
  const { t } = useTranslation();
  const { window } = open;
  if (window) return children({ ...open, window });
  return (
    <div className="posts posts-wait">
      {open.failed ? (
        <EmptyState icon="warning" title={t("chat.notRead")} about={open.failed.message} />
      ) : (
        <Spinner />
      )}
    </div>
  );
}
