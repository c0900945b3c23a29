// The sidebar: where one can go, what is unread, who is at work.

import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Channel } from "../../../os/src/workplace/contract.ts";
import { openDirect } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { go, matchPath, toChannelPath, useRoute } from "../router.ts";
import { type Screen, screens } from "../screens.tsx";
import { isUnread, lightOf, useChannels, useInboxCounts } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Count } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { cx } from "../ui/cx.ts";
import { Icon } from "../ui/icon.tsx";
import { openDialog } from "./dialog-store.ts";
import { PersonMenu } from "./person-menu.tsx";

/** The sidebar; on a phone a page of its own. `onClose` puts it away there, also when the path stays. */
export function Sidebar({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const { path } = useRoute();
  const { channels, direct } = useChannels();
  const here = matchPath("/c/:id", path)?.id ?? matchPath("/c/:id/p/:seq", path)?.id;
  return (
    <nav className="sidebar" aria-label={t("shell.places")}>
      <div className="sidebar-scroll">
        <Button className="new-task" icon="plus" onClick={() => openDialog("task")}>
          {t("shell.newTask")}
        </Button>
        <Links group="main" onClose={onClose} />
        <Section
          title={t("shell.channels")}
          action={
            <IconButton
              icon="plus"
              small
              label={t("shell.newChannel")}
              onClick={() => openDialog("channel")}
            />
          }
        >
          {channels.map((channel) => (
            <ChannelLink key={channel.id} channel={channel} here={channel.id === here} onClose={onClose} />
          ))}
        </Section>
        <Section title={t("shell.colleagues")}>
          <Colleagues direct={direct} here={here} onClose={onClose} />
        </Section>
        {screens.some((screen) => screen.nav?.group === "control") && (
          <Section title={t("shell.machine")}>
            <Links group="control" onClose={onClose} />
          </Section>
        )}
      </div>
      <PersonMenu />
    </nav>
  );
}

function Section({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  return (
    <section className="sidebar-section" aria-label={title}>
      <div className="sidebar-head">
        <h2>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}

function Links({ group, onClose }: { group: NonNullable<Screen["nav"]>["group"]; onClose: () => void }) {
  const { t } = useTranslation();
  const { path } = useRoute();
  const counts = useInboxCounts();
  return (
    <ul className="sidebar-list">
      {screens.map((screen) => {
        if (screen.nav?.group !== group) return null;
        const current = screen.path === path || (screen.path !== "/" && path.startsWith(`${screen.path}/`));
        return (
          <li key={screen.path}>
            <a
              href={`#${screen.path}`}
              className={cx("sidebar-link", current && "sidebar-link-here")}
              aria-current={current ? "page" : undefined}
              onClick={onClose}
            >
              <Icon name={screen.nav.icon} />
              <span className="sidebar-name">{t(screen.title)}</span>
              {screen.path === "/inbox" && (
                <Count
                  value={counts.unread}
                  loud={counts.needsYou > 0}
                  label={t("shell.inboxCount", { count: counts.unread })}
                />
              )}
            </a>
          </li>
        );
      })}
    </ul>
  );
}

function ChannelLink({ channel, here, onClose }: { channel: Channel; here: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const unread = useHum((state) => isUnread(state, channel));
  return (
    <a
      href={`#${toChannelPath(channel.id)}`}
      className={cx("sidebar-link", here && "sidebar-link-here", unread && "sidebar-link-unread")}
      aria-current={here ? "page" : undefined}
      onClick={onClose}
    >
      <Icon name="hash" size={16} />
      <span className="sidebar-name">{channel.name}</span>
      {unread && <Unread text={t("shell.unread")} />}
    </a>
  );
}

function Unread({ text }: { text: string }) {
  return (
    <span className="unread-dot">
      <span className="visually-hidden">{text}</span>
    </span>
  );
}

// Colleagues with a direct line first, as last used; the others below, ready to be written to.
function Colleagues({
  direct,
  here,
  onClose,
}: {
  direct: Channel[];
  here: string | undefined;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const programs = useHum((state) => state.programs);
  const processes = useHum((state) => state.processes);
  const state = useHum((now) => now.seen);
  const known = new Map(direct.map((channel) => [programOf(channel, programs), channel]));
  const names = [
    ...known.keys(),
    ...Object.values(programs)
      .filter((program) => program.wrong === null && !known.has(program.name))
      .map((program) => program.name),
  ].sort((a, b) => Number(b === "guide") - Number(a === "guide"));
  return (
    <ul className="sidebar-list">
      {names.map((name) => {
        const channel = known.get(name);
        const light = lightOf(Object.values(processes).filter((row) => row.program === name));
        const unread = channel !== undefined && isUnread({ seen: state }, channel);
        const current = channel !== undefined && channel.id === here;
        const inside = (
          <>
            <Avatar name={name} kind="entity" size={20} light={light} />
            <span className="sidebar-name">{name}</span>
            {light && <span className="visually-hidden">{t(`shell.light.${light}`)}</span>}
            {unread && <Unread text={t("shell.unread")} />}
          </>
        );
        const look = cx("sidebar-link", current && "sidebar-link-here", unread && "sidebar-link-unread");
        return (
          <li key={name}>
            {channel ? (
              <a
                href={`#${toChannelPath(channel.id)}`}
                className={look}
                aria-current={current ? "page" : undefined}
                onClick={onClose}
              >
                {inside}
              </a>
            ) : (
              <button
                type="button"
                className={look}
                onClick={() => act(openDirect(name).then((made) => go(toChannelPath(made.id))))}
              >
                {inside}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}

function programOf(channel: Channel, programs: Readonly<Record<string, unknown>>): string {
  return channel.members.find((name) => name in programs) ?? channel.name;
}
