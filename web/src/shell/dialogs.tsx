// The dialogs that can be opened from anywhere: palette, help, stop everything, new channel, new task. One at a time;
// the larger ones are loaded when they are first opened.

import { lazy, Suspense } from "react";
import { useDialog } from "./dialog-store.ts";
import { StopAll } from "./stop-all.tsx";

const Palette = lazy(() => import("./palette.tsx").then((module) => ({ default: module.Palette })));
const Help = lazy(() => import("./help.tsx").then((module) => ({ default: module.Help })));
const NewChannel = lazy(() => import("./new-channel.tsx").then((module) => ({ default: module.NewChannel })));
const NewTask = lazy(() => import("./new-task.tsx").then((module) => ({ default: module.NewTask })));

/** Where they appear; once in the page. */
export function Dialogs() {
  const { name, about } = useDialog();
  return (
    <Suspense fallback={null}>
      <StopAll open={name === "stop"} />
      {name === "palette" && <Palette />}
      {name === "help" && <Help />}
      {name === "channel" && <NewChannel />}
      {name === "task" && <NewTask program={about.program ?? ""} text={about.text ?? ""} />}
    </Suspense>
  );
}
