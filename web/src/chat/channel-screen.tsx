// A channel.

import type { ScreenProps } from "../screens.tsx";
import { EmptyState } from "../ui/badge.tsx";

/** The screen. */
export function ChannelScreen({ params }: ScreenProps) {
  return <EmptyState icon="hash" title={params.id ?? ""} />;
}
