// The start screen.

import { EmptyState } from "../ui/badge.tsx";

/** The screen. */
export function StartScreen() {
  return <EmptyState icon="wave" title="Hum" />;
}
