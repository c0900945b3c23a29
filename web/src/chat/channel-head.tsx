// The head of a channel or a direct line: where one is, what for, and who is at work here.

import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Channel, ProcessRow } from "../../../os/src/workplace/contract.ts";
import { changeChannel } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { toChannelPath, toThreadPath } from "../router.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { IconButton } from "../ui/button.tsx";
import { Confirm } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { useLivingPids } from "./living.ts";
import { copyLink } from "./post-tools.tsx";
import { toAbout } from "./view/about.ts";
import { toDoing, toLight } from "./view/task.ts";
import { WorkTools } from "./work-tools.tsx";

/** The head. */
export function ChannelHead({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const programs = useHum((state) => state.programs);
  const [asking, setAsking] = useState(false);
  const direct = channel.kind === "direct";
  const program = direct ? (channel.members.find((name) => name in programs) ?? channel.name) : "";
  const about = direct ? (programs[program]?.description ?? "") : toAbout(channel, t);
  const pids = useLivingPids(channel.id);
  return (
    <header className="screen-head chat-head">
      <h1 className="screen-title">
        {direct ? <Avatar name={program} kind="entity" size={26} /> : <Icon name="hash" />}
        <span>{channel.name}</span>
      </h1>
      <p className="screen-about">{about}</p>
      <div className="screen-tools">
        {direct ? <WorkTools pids={pids} /> : <Presence channel={channel.id} />}
        <Menu
          trigger={<IconButton icon="more" label={t("chat.do.more")} />}
          items={[
            {
              label: t("chat.do.link"),
              icon: "link",
              run: () => copyLink(toChannelPath(channel.id), t("chat.linkCopied")),
            },
            ...(direct
              ? []
              : [
                  "line" as const,
                  channel.archived
                    ? {
                        label: t("chat.do.unarchive"),
                        icon: "undo" as const,
                        run: () => act(changeChannel(channel.id, { archived: false })),
                      }
                    : {
                        label: t("chat.do.archive"),
                        icon: "folder" as const,
                        danger: true,
                        run: () => setAsking(true),
                      },
                ]),
          ]}
        />
      </div>
      <Confirm
        open={asking}
        title={t("chat.archive.title", { name: channel.name })}
        about={t("chat.archive.about")}
        yes={t("chat.do.archive")}
        onYes={() => changeChannel(channel.id, { archived: true })}
        onClose={() => setAsking(false)}
      />
    </header>
  );
}

/** Faces of those who work in the threads of a channel, each a way to its thread. */
function Presence({ channel }: { channel: string }) {
  const { t } = useTranslation();
  const processes = useHum((state) => state.processes);
  const threads = useHum((state) => state.threads);
  const rows = useMemo(
    () => toPresent(Object.values(processes), (thread) => threads[thread]?.channel === channel),
    [processes, threads, channel],
  );
  if (rows.length === 0) return null;
  return (
    <ul className="presence" aria-label={t("chat.presence")}>
      {rows.slice(0, 4).map((row) => {
        const doing = toDoing(row, undefined);
        const said = t("chat.worksOn", { name: row.name, task: threads[row.thread ?? ""]?.title ?? "" });
        return (
          <li key={row.pid}>
            <a href={`#${toThreadPath(toChannelPath(channel), row.thread ?? "")}`} title={said}>
              <Avatar name={row.program} kind="entity" size={24} light={toLight(doing)} />
              <span className="visually-hidden">{said}</span>
            </a>
          </li>
        );
      })}
      {rows.length > 4 && <li className="presence-more">+{rows.length - 4}</li>}
    </ul>
  );
}

// The first of each tree: what it has started is part of its work.
function toPresent(rows: readonly ProcessRow[], here: (thread: string) => boolean): ProcessRow[] {
  return rows
    .filter((row) => !row.ended && row.parent === null && row.thread !== null && here(row.thread))
    .sort((a, b) => b.lastAt - a.lastAt);
}
