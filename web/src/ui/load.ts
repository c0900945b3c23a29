// Code that is loaded when it is first needed. The server may be away at that moment: then it is asked for again until it
// comes, and whoever waits sees the same as for a slow line.

import { type ComponentType, type LazyExoticComponent, lazy } from "react";

const firstWaitMs = 300;
const longestWaitMs = 4_000;

/** Loads a module, again and again until it is there. */
export async function load<M>(from: () => Promise<M>): Promise<M> {
  for (let failures = 0; ; failures++) {
    try {
      return await from();
    } catch {
      await new Promise((resolve) =>
        setTimeout(resolve, Math.min(longestWaitMs, firstWaitMs * 1.6 ** failures)),
      );
    }
  }
}

/** A component by its name in a module that is loaded when it is first shown. */
export function lazily<M, N extends keyof M>(
  from: () => Promise<M>,
  name: N,
): LazyExoticComponent<Component<M[N]>> {
  return lazy(() => load(from).then((module) => ({ default: module[name] as Component<M[N]> })));
}

type Component<C> = C extends ComponentType<infer P> ? ComponentType<P> : never;
