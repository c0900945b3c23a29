// Runs what a button stands for. A failure is shown to the person, with what to do.

import { act as begin, tell } from "../../client/rest.ts";

/** For buttons and keys: nobody waits for the end. */
export function act(work: () => Promise<unknown> | unknown): void {
  begin(Promise.resolve().then(work));
}

/** For questions, which stay open when it fails. */
export async function actAndWait<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    return tell(error);
  }
}
