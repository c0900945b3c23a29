// Keys of a list of posts: j and k walk, enter and o open the thread, r replies, e resolves, l copies the link, c writes.
// Where two lists stand side by side, the one with the focus hears them, else the thread.

import { type RefObject, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { isCovered, isWriting } from "../shell/focus.ts";
import type { ListHandle } from "../ui/virtual-list.tsx";
import type { RowActions } from "./post-row.tsx";
import { copyLink } from "./post-tools.tsx";
import { type Row, step, toWalk } from "./view/rows.ts";

interface KeyParts {
  root: RefObject<HTMLElement | null>;
  list: RefObject<ListHandle | null>;
  rows: readonly Row[];
  flat: boolean;
  selected: string | null;
  actions: RowActions;
  onSelect: (id: string) => void;
  /** Of the thread of a post, or of the thread that this list is. */
  onResolve: (post: Post | null) => void;
}

/** The letter after `g` belongs to the page for so long. */
const ledMs = 1_200;

/** The composer that belongs to an element of a conversation. */
export function composerOf(element: Element | null): HTMLTextAreaElement | null {
  return (
    element?.closest("[data-place]")?.querySelector<HTMLTextAreaElement>("textarea[data-composer]") ?? null
  );
}

/** Listens while the list is there. */
export function useListKeys(parts: KeyParts): void {
  const { t } = useTranslation();
  const now = useRef(parts);
  now.current = parts;
  useEffect(() => {
    let led = Number.NEGATIVE_INFINITY;
    const onKey = (event: KeyboardEvent) => {
      const { root, list, rows, flat, selected, actions, onSelect, onResolve } = now.current;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isWriting(event.target) || isCovered() || !isMine(root.current)) return;
      const { key } = event;
      const follows = event.timeStamp - led < ledMs;
      led = key === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (follows || key === "g") return;
      const walk = toWalk(rows);
      const index = walk.find((one) => one.id === selected)?.index;
      const row = index === undefined ? undefined : rows[index];
      const post = row?.kind === "post" || row?.kind === "root" ? row.post : null;
      const done = () => event.preventDefault();
      if (key === "j" || key === "k") {
        done();
        const next = step(walk, selected, key === "j" ? 1 : -1);
        if (!next) return;
        list.current?.toIndex(next.index, "auto");
        onSelect(next.id);
      } else if (key === "c") {
        done();
        composerOf(root.current)?.focus();
      } else if (key === "e" && (post || flat)) {
        done();
        onResolve(flat ? null : post);
      } else if (post === null) return;
      else if (key === "r") {
        done();
        if (flat) composerOf(root.current)?.focus();
        else actions.open(post, true);
      } else if ((key === "o" || (key === "Enter" && event.target === articleOf(post))) && !flat) {
        done();
        actions.open(post, false);
      } else if (key === "l") {
        done();
        copyLink(actions.link(post), t("chat.linkCopied"));
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [t]);
}

const articleOf = (post: Post): Element | null =>
  document.querySelector(`article[data-post="${CSS.escape(post.id)}"]`);

function isMine(root: HTMLElement | null): boolean {
  const places = [...document.querySelectorAll("[data-place]")];
  const mine = root?.closest("[data-place]");
  const focused = places.find((place) => place.contains(document.activeElement));
  return mine !== undefined && mine !== null && (focused ?? places.at(-1)) === mine;
}
