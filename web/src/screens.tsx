// The screens of the workplace, one line each; their code is loaded when they are first opened. Add yours here: a path
// (`:name` is a value, given to the screen in `params`), the key of its title, and in which group of the sidebar it
// stands, if in any.

import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import type { IconName } from "./ui/icon.tsx";
import { load } from "./ui/load.ts";

/** What a screen is given. */
export interface ScreenProps {
  params: Record<string, string>;
  query: Readonly<Record<string, string>>;
}

/** A screen. */
export interface Screen {
  path: string;
  /** Key of its title in the texts. */
  title: string;
  view: LazyExoticComponent<ComponentType<ScreenProps>>;
  /** Its line in the sidebar and the palette: the main group, or those who look after the machine. */
  nav?: { icon: IconName; group: "main" | "control"; keys?: string };
}

// The views are named exports; lazy wants a default.
function view<M, N extends keyof M>(from: () => Promise<M>, name: N): Screen["view"] {
  return lazy(() => load(from).then((module) => ({ default: module[name] as ComponentType<ScreenProps> })));
}

const channel = view(() => import("./chat/channel-screen.tsx"), "ChannelScreen");

/** All screens, in the order of the sidebar. */
export const screens: Screen[] = [
  {
    path: "/",
    title: "shell.home",
    view: view(() => import("./home/home-screen.tsx"), "HomeScreen"),
    nav: { icon: "home", group: "main", keys: "g h" },
  },
  {
    path: "/inbox",
    title: "shell.inbox",
    view: view(() => import("./screens/inbox-screen.tsx"), "InboxScreen"),
    nav: { icon: "inbox", group: "main", keys: "g i" },
  },
  {
    path: "/threads",
    title: "shell.threads",
    view: view(() => import("./screens/threads-screen.tsx"), "ThreadsScreen"),
    nav: { icon: "tasks", group: "main", keys: "g t" },
  },
  {
    path: "/search",
    title: "shell.search",
    view: view(() => import("./screens/search-screen.tsx"), "SearchScreen"),
  },
  {
    path: "/approvals",
    title: "control.approvals.title",
    view: view(() => import("./control/approvals/approvals-screen.tsx"), "ApprovalsScreen"),
    nav: { icon: "shield", group: "control", keys: "g a" },
  },
  {
    path: "/processes",
    title: "control.processes.title",
    view: view(() => import("./control/processes/processes-screen.tsx"), "ProcessesScreen"),
    nav: { icon: "cpu", group: "control", keys: "g p" },
  },
  {
    path: "/processes/:pid",
    title: "control.process.title",
    view: view(() => import("./control/process/process-screen.tsx"), "ProcessScreen"),
  },
  {
    path: "/memory",
    title: "control.memories.title",
    view: view(() => import("./control/memory/memory-screen.tsx"), "MemoryScreen"),
    nav: { icon: "people", group: "control", keys: "g k" },
  },
  {
    path: "/programs",
    title: "control.programs.title",
    view: view(() => import("./control/programs/programs-screen.tsx"), "ProgramsScreen"),
    nav: { icon: "book", group: "control", keys: "g o" },
  },
  {
    path: "/recurring",
    title: "control.recurring.title",
    view: view(() => import("./control/recurring/recurring-screen.tsx"), "RecurringScreen"),
    nav: { icon: "clock", group: "control", keys: "g r" },
  },
  {
    path: "/machine",
    title: "control.machine.title",
    view: view(() => import("./control/machine/machine-screen.tsx"), "MachineScreen"),
    nav: { icon: "screen", group: "control", keys: "g m" },
  },
  {
    path: "/settings",
    title: "control.settings.title",
    view: view(() => import("./control/settings/settings-screen.tsx"), "SettingsScreen"),
    nav: { icon: "gear", group: "control", keys: "g s" },
  },
  { path: "/c/:id", title: "shell.channel", view: channel },
  { path: "/c/:id/p/:seq", title: "shell.channel", view: channel },
];
