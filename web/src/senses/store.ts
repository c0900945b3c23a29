// How Hum hears and speaks and when it is quiet, as the machine keeps it. Read when the page is there and looked at again
// when it comes to the front; another tab or the command line may have changed it.

import { create } from "zustand";
import { isQuiet, isUrgent } from "../../../os/src/device/senses/quiet.ts";
import { get, request } from "../client/rest.ts";
import { useHum } from "../store/store.ts";

/** What the machine tells. */
export interface SenseSettings {
  language: string | null;
  voice: string | null;
  speed: number;
  patience: "quick" | "usual" | "patient";
  moment: boolean;
  quiet: { on: boolean; hours: { from: string; to: string } | null };
  quietNow: boolean;
  voices: string[];
  remote: { hearing: string | null; speaking: string | null; sight: string | null };
  here: Record<string, boolean>;
}

/** What can be changed from here. */
export type SenseChange = Partial<
  Pick<SenseSettings, "language" | "voice" | "speed" | "patience" | "moment">
> & { quiet?: Partial<SenseSettings["quiet"]> };

const path = "/api/v1/senses";

/** The settings; null until they were read. */
export const useSenses = create<{ settings: SenseSettings | null }>(() => ({ settings: null }));

/** Reads them. */
export async function readSenses(): Promise<void> {
  useSenses.setState({ settings: await get<SenseSettings>(path) });
}

/** Changes them. */
export async function changeSenses(change: SenseChange): Promise<void> {
  const settings = await request<SenseSettings>("PATCH", path, { body: change });
  useSenses.setState({ settings });
}

/** Whether it is quiet at a moment. */
export function isQuietAt(at: Date): boolean {
  const { settings } = useSenses.getState();
  return settings !== null && isQuiet(settings.quiet, at);
}

/** Whether something may be told of at a moment: when it is quiet, only what waits for a yes. */
export const mayTell = (kind: string, at: Date): boolean => isUrgent(kind) || !isQuietAt(at);

/** Keeps them read. Called once. */
export function beginSenses(): void {
  const read = () => {
    readSenses().catch(() => undefined);
  };
  let was = useHum.getState().phase;
  useHum.subscribe(({ phase }) => {
    if (phase === "ready" && was !== "ready") read();
    was = phase;
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && useHum.getState().phase === "ready") read();
  });
}
