// Keys of a list of posts: j and k walk, enter and o open the thread, r replies, e resolves, l copies the link.

import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import type { ListHandle } from "../ui/virtual-list.tsx";
import type { RowActions } from "./post-row.tsx";
import { copyLink } from "./post-tools.tsx";
import { usePlaceKeys } from "./use-place-keys.ts";
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

/** The composer that belongs to an element of a conversation. */
export function composerOf(element: Element | null): HTMLTextAreaElement | null {
  return (
    element?.closest("[data-place]")?.querySelector<HTMLTextAreaElement>("textarea[data-composer]") ?? null
  );
}

/** Listens while the list is there. */
export function useListKeys(parts: KeyParts): void {
  const { t } = useTranslation();
  const { root, list, rows, flat, selected, actions, onSelect, onResolve } = parts;
  usePlaceKeys(root, (key, target) => {
    const walk = toWalk(rows);
    const index = walk.find((one) => one.id === selected)?.index;
    const row = index === undefined ? undefined : rows[index];
    const post = row?.kind === "post" || row?.kind === "root" ? row.post : null;
    if (key === "j" || key === "k") {
      const next = step(walk, selected, key === "j" ? 1 : -1);
      if (!next) return true;
      list.current?.toIndex(next.index, "auto");
      onSelect(next.id);
    } else if (key === "e" && (post || flat)) onResolve(flat ? null : post);
    else if (post === null) return false;
    else if (key === "r") {
      if (flat) composerOf(root.current)?.focus();
      else actions.open(post, true);
    } else if ((key === "o" || (key === "Enter" && target === articleOf(post))) && !flat)
      actions.open(post, false);
    else if (key === "l") copyLink(actions.link(post), t("chat.linkCopied"));
    else return false;
    return true;
  });
}

const articleOf = (post: Post): Element | null =>
  document.querySelector(`article[data-post="${CSS.escape(post.id)}"]`);
