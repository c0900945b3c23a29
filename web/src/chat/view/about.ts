// What a channel is for: words of a person, or of Hum for the first channels of a home, which it says in their language. Pure.

import type { Channel } from "../../../../os/src/workplace/contract.ts";
import { firstChannels } from "../../../../os/src/workplace/first-channels.ts";

/** What a channel is for. */
export function toAbout({ id, about }: Pick<Channel, "id" | "about">, t: (key: string) => string): string {
  const own = firstChannels.some((first) => first.id === id && first.about === about);
  return own ? t(`chat.first.${id}`) : about;
}
