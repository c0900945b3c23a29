// What can be done with a post: a small bar at its corner, and a menu with the rest.

import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { changeThread, deletePost, react } from "../client/commands.ts";
import { act, tell } from "../client/rest.ts";
import { useHum } from "../store/store.ts";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Menu, type MenuItem } from "../ui/menu.tsx";
import { toast } from "../ui/toast.tsx";
import type { RowActions } from "./post-row.tsx";
import { quickEmoji } from "./reactions.tsx";
import { isOwn } from "./view/rows.ts";

/** Puts the address of a post into the clipboard. */
export function copyLink(path: string, said: string): void {
  act(
    navigator.clipboard.writeText(`${location.origin}${location.pathname}#${path}`).then(() => toast(said)),
  );
}

/** The bar. */
export function PostTools({ post, flat, actions }: { post: Post; flat: boolean; actions: RowActions }) {
  const { t } = useTranslation();
  const person = useHum((state) => state.person);
  const thread = useHum((state) => (flat ? undefined : state.threads[post.id]));
  const [asking, setAsking] = useState(false);
  const own = isOwn(post, person);
  const mine = (emoji: string) => post.reactions[emoji]?.includes(person) ?? false;
  const more: (MenuItem | "line")[] = [
    {
      label: t("chat.do.copyText"),
      icon: "copy",
      run: () => act(navigator.clipboard.writeText(post.text).then(() => toast(t("common.copied")))),
    },
  ];
  if (own)
    more.push(
      { label: t("chat.do.edit"), icon: "pencil", keys: "up", run: () => actions.edit(post.id) },
      "line",
      { label: t("chat.do.delete"), icon: "trash", danger: true, run: () => setAsking(true) },
    );
  return (
    <div className="post-tools" role="toolbar" aria-label={t("chat.do.label")}>
      <Menu
        trigger={<IconButton small icon="smile" label={t("chat.do.react")} />}
        items={quickEmoji.map((emoji) => ({
          label: emoji,
          checked: mine(emoji),
          run: () => act(react(post.id, emoji, !mine(emoji))),
        }))}
      />
      {!flat && (
        <IconButton
          small
          icon="thread"
          label={t("chat.do.reply")}
          keys="r"
          onClick={() => actions.open(post, true)}
        />
      )}
      {thread && (
        <IconButton
          small
          icon={thread.resolved ? "undo" : "check"}
          label={t(thread.resolved ? "chat.do.reopen" : "chat.do.resolve")}
          keys="e"
          onClick={() => act(changeThread(thread.id, { resolved: !thread.resolved }))}
        />
      )}
      <IconButton
        small
        icon="link"
        label={t("chat.do.link")}
        keys="l"
        onClick={() => copyLink(actions.link(post), t("chat.linkCopied"))}
      />
      <Menu trigger={<IconButton small icon="more" label={t("chat.do.more")} />} items={more} />
      <Confirm
        open={asking}
        title={t("chat.delete.title")}
        about={t("chat.delete.about")}
        yes={t("chat.do.delete")}
        danger
        onYes={() => deletePost(post.id).catch(tell)}
        onClose={() => setAsking(false)}
      />
    </div>
  );
}
