// Whether there is a talk, for those who give way to it; the talk itself is loaded when it is first used (store.ts).

import { create } from "zustand";

/** True while there is a talk in this tab. */
export const useTalking = create<{ on: boolean }>(() => ({ on: false }));
