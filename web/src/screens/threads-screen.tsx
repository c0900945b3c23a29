// The threads screen.

import { EmptyState } from "../ui/badge.tsx";

/** The screen. */
export function ThreadsScreen() {
  return <EmptyState icon="wave" title="Hum" />;
}
