// The search screen.

import { EmptyState } from "../ui/badge.tsx";

/** The screen. */
export function SearchScreen() {
  return <EmptyState icon="wave" title="Hum" />;
}
