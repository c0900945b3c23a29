// A thread beside a screen: a task with those who work on it. Its head says how it stands and lets a person hold, stop and
// resolve it; below are the posts from the first one on, and where one writes.

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { changeThread, readThread } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { toThreadPath } from "../router.ts";
import { keepThreads, useHum } from "../store/store.ts";
import { Posts } from "./channel-screen.tsx";
import { Composer } from "./composer.tsx";
import { takeFocusWish } from "./focus-wish.ts";
import { PostList, type PostListHandle } from "./post-list.tsx";
import { ThreadHead } from "./thread-head.tsx";
import { composerOf } from "./use-list-keys.ts";
import { useOpenedSeen } from "./use-opened-seen.ts";
import { usePlace, useSeen } from "./use-place.ts";
import "./chat.css";
import "./post.css";
import "./composer.css";
import "./thread.css";

/** The pane. `base` is the path of the screen that it stands beside. */
export function ThreadPane({ id, at, base }: { id: string; at: number | null; base: string }) {
  const { t } = useTranslation();
  const thread = useHum((state) => state.threads[id]);
  const place = useMemo(() => ({ thread: id }), [id]);
  const open = usePlace(place, at);
  const seenAt = useOpenedSeen(id);
  const see = useSeen(id);
  const list = useRef<PostListHandle>(null);
  const root = open.window?.root ?? null;

  const pane = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (takeFocusWish(place)) composerOf(pane.current)?.focus({ preventScroll: true });
  }, [place]);

  // A thread that is older than those that the tab began with.
  useEffect(() => {
    if (useHum.getState().threads[id]) return;
    readThread(id).then(
      (found) => keepThreads([found]),
      () => undefined,
    );
  }, [id]);

  const linkOf = useCallback((post: Post) => toThreadPath(base, id, post.seq), [base, id]);
  const onResolve = useCallback(() => {
    const now = useHum.getState().threads[id];
    if (now) act(changeThread(id, { resolved: !now.resolved }));
  }, [id]);
  return (
    <aside ref={pane} className="pane chat thread" data-place={open.key} aria-label={t("chat.thread")}>
      <ThreadHead id={id} root={root} base={base} />
      <Posts open={open}>
        {(ready) => (
          <PostList
            key={open.id}
            ref={list}
            {...{ place, at, seenAt, linkOf, onResolve }}
            open={ready}
            home={toThreadPath(base, id)}
            label={t("chat.postsOf", { place: thread?.title ?? t("chat.thread") })}
            flat
            living={id}
            begin={null}
            onOpen={noThread}
            onSeen={see}
            lastSeq={thread?.lastSeq ?? 0}
          />
        )}
      </Posts>
      <Composer
        place={place}
        label={t("chat.reply")}
        onSent={() => list.current?.toEnd()}
        onEditLast={() => list.current?.editLast() ?? false}
      />
    </aside>
  );
}

const noThread = () => undefined;
