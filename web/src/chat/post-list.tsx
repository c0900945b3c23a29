// The posts of a place, however many: a list that stands at its end while others write, keeps its place while one reads
// elsewhere, opens at a linked post, and is walked through with j and k.

import {
  type ReactNode,
  type Ref,
  useCallback,
  useEffect,
  useImperativeHandle,
  useMemo,
  useRef,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import type { Place } from "../client/commands.ts";
import { go } from "../router.ts";
import { pendingOf, useOutbox } from "../store/outbox.ts";
import { useHum } from "../store/store.ts";
import { Icon } from "../ui/icon.tsx";
import { type ListHandle, VirtualList } from "../ui/virtual-list.tsx";
import { ListRow } from "./list-row.tsx";
import { useLivingPids } from "./living.ts";
import type { RowActions } from "./post-row.tsx";
import { useListKeys } from "./use-list-keys.ts";
import type { OpenPlace } from "./use-place.ts";
import { useStick } from "./use-stick.ts";
import { countNew, isOwn, type Row, toRows } from "./view/rows.ts";

/** What a list can be asked from outside. */
export interface PostListHandle {
  toEnd(): void;
  /** Begins to change the last own post; false when there is none in view's reach. */
  editLast(): boolean;
}

interface PostListProps {
  place: Place;
  open: OpenPlace & { window: NonNullable<OpenPlace["window"]> };
  at: number | null;
  seenAt: number | null;
  label: string;
  /** No threads begin below these posts. */
  flat: boolean;
  /** Thread whose entities stand at the end while they live. */
  living: string | null;
  /** The address without a post in it. */
  home: string;
  /** What stands before the first post. */
  begin: ReactNode;
  linkOf: (post: Post) => string;
  onOpen: (post: Post, write: boolean) => void;
  onResolve: (post: Post | null) => void;
  onSeen: (seq: number) => void;
  /** Seq of the last thing that belongs to the place, when its end is in view. */
  lastSeq: number;
  ref?: Ref<PostListHandle>;
}

/** The list. */
export function PostList(props: PostListProps) {
  const { place, open, at, seenAt, flat, onSeen, lastSeq, linkOf, onOpen } = props;
  const { window } = open;
  const { t } = useTranslation();
  const person = useHum((state) => state.person);
  const threads = useHum((state) => state.threads);
  const outbox = useOutbox((state) => state.pending);
  const living = useLivingPids(props.living ?? "");
  const list = useRef<ListHandle>(null);
  const root = useRef<HTMLDivElement>(null);
  const [selected, setSelected] = useState<{ id: string; focus: boolean } | null>(null);
  const [editing, setEditing] = useState<string | null>(null);
  const pending = useMemo(() => pendingOf(outbox, place, window.posts), [outbox, place, window.posts]);
  const begun = useMemo(
    () =>
      flat
        ? ""
        : window.posts
            .filter((post) => post.id in threads)
            .map((post) => post.id)
            .join(" "),
    [flat, threads, window.posts],
  );
  const rows = useMemo(() => {
    const ids = new Set(begun.split(" "));
    return toRows({
      ...{ posts: window.posts, whole: !window.before, current: !window.after, root: window.root },
      ...{ person, seenAt, pending, live: props.living === null ? [] : living },
      ends: (post) => ids.has(post.id),
    });
  }, [window, person, seenAt, pending, living, props.living, begun]);

  const [begin] = useState(() => toBegin(rows, at));
  const stick = useStick(list, rows, begin === "end");
  const lastSeen = useRef(0);
  const unseen = stick.atEnd || window.after ? 0 : countNew(window.posts, lastSeen.current, person);

  // Refs keep the callbacks of the list the same, so that it is not drawn anew for each post.
  const now = useRef({ rows, window, lastSeq });
  now.current = { rows, window, lastSeq };
  const onRange = useCallback(
    (_first: number, last: number, atEnd: boolean) => {
      const { rows: all, window: there, lastSeq: end } = now.current;
      const seq = Math.max(lastSeqOf(all, last), atEnd && !there.after ? end : 0);
      if (seq <= lastSeen.current) return;
      lastSeen.current = seq;
      onSeen(seq);
    },
    [onSeen],
  );
  // Also when the number of rows stays: an answer takes the place of what was being written, a reply in a thread counts here.
  const lastPost = window.posts.at(-1)?.seq ?? 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever something came to the end
  useEffect(() => {
    if (stick.atEnd && !window.after) onRange(0, rows.length - 1, true);
  }, [stick.atEnd, window.after, rows.length, lastPost, lastSeq, onRange]);

  const actions = useMemo<RowActions>(
    () => ({
      select: (id) => setSelected((before) => (before?.id === id ? before : { id, focus: false })),
      open: onOpen,
      edit(id) {
        setEditing(id);
        if (id === null) setSelected((before) => before && { ...before, focus: true });
      },
      link: linkOf,
    }),
    [onOpen, linkOf],
  );
  const toEnd = useCallback(() => {
    if (now.current.window.after || at !== null) go(props.home, { replace: true });
    stick.toEnd();
  }, [at, props.home, stick]);
  useImperativeHandle(
    props.ref,
    () => ({
      toEnd,
      editLast() {
        const own = now.current.window.posts.findLast((post) => isOwn(post, person) && !post.deleted);
        if (!own) return false;
        list.current?.toIndex(indexOf(now.current.rows, own.id), "auto");
        setSelected({ id: own.id, focus: false });
        setEditing(own.id);
        return true;
      },
    }),
    [toEnd, person],
  );
  useListKeys({
    ...{ root, list, rows, flat, actions, selected: selected?.id ?? null },
    onSelect: (id) => setSelected({ id, focus: true }),
    onResolve: props.onResolve,
  });

  const keyOf = useCallback((index: number) => rows[index]?.key ?? index, [rows]);
  const row = (index: number) => (
    <ListRow
      {...{ row: rows[index], flat, actions, begin: props.begin, at, window }}
      selected={selected}
      editing={editing}
    />
  );
  const said = useSaid(window.posts, person);
  const above = seenAt !== null && window.before && (window.posts[0]?.seq ?? 0) > seenAt;
  return (
    <div className="posts" ref={root} data-talk="">
      {above && (
        <a className="pill pill-top" href={`#${props.home}/p/${seenAt}`}>
          <Icon name="arrowDown" size={14} />
          {t("chat.newAbove")}
        </a>
      )}
      <VirtualList
        ref={list}
        className="posts-scroll"
        label={props.label}
        count={rows.length}
        keyOf={keyOf}
        row={row}
        estimate={64}
        anchor="end"
        begin={begin}
        onNear={open.grow}
        onRange={onRange}
      />
      <p className="visually-hidden" aria-live="polite">
        {said && t("chat.said", said)}
      </p>
      {(!stick.atEnd || window.after) && (
        <button type="button" className="pill pill-end" onClick={toEnd}>
          <Icon name="arrowDown" size={14} />
          {unseen > 0 ? t("chat.newBelow", { count: unseen }) : t("chat.toEnd")}
        </button>
      )}
    </div>
  );
}

/** Characters of a new post that are read out. */
const readOut = 240;

// What somebody else has just said here, for those who hear the page.
function useSaid(posts: readonly Post[], person: string): { name: string; text: string } | null {
  const [from] = useState(() => posts.at(-1)?.seq ?? 0);
  const last = posts.at(-1);
  if (!last || last.seq <= from || isOwn(last, person)) return null;
  return { name: last.from.name, text: last.text.slice(0, readOut) };
}

const indexOf = (rows: readonly Row[], id: string): number =>
  rows.findIndex((row) => (row.kind === "post" || row.kind === "root") && row.post.id === id);

function lastSeqOf(rows: readonly Row[], last: number): number {
  for (let index = Math.min(last, rows.length - 1); index >= 0; index--) {
    const row = rows[index];
    if (row?.kind === "post" || row?.kind === "root") return row.post.seq;
  }
  return 0;
}

// At the linked post; else at the line before what is new, when it is there; else at the end.
function toBegin(rows: readonly Row[], at: number | null) {
  if (at !== null) {
    const index = rows.findIndex(
      (row) => (row.kind === "post" || row.kind === "root") && row.post.seq === at,
    );
    if (index >= 0) return { index, align: "center" } as const;
  }
  const fresh = rows.findIndex((row) => row.kind === "new");
  return fresh >= 0 && at === null ? ({ index: fresh, align: "start" } as const) : ("end" as const);
}
