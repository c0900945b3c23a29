// The inbox screen.

import { EmptyState } from "../ui/badge.tsx";

/** The screen. */
export function InboxScreen() {
  return <EmptyState icon="wave" title="Hum" />;
}
