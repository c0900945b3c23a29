// The dialogs that can be opened from anywhere: palette, help, stop everything, new channel, new task. One at a time;
// the larger ones are loaded when they are first opened.

import { Suspense } from "react";
import { lazily } from "../ui/load.ts";
import { useDialog } from "./dialog-store.ts";
import { StopAll } from "./stop-all.tsx";

const Palette = lazily(() => import("./palette.tsx"), "Palette");
const Help = lazily(() => import("./help.tsx"), "Help");
const NewChannel = lazily(() => import("./new-channel.tsx"), "NewChannel");
const NewTask = lazily(() => import("./new-task.tsx"), "NewTask");

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
