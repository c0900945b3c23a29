// Reactions below a post: an emoji and how many; who they are is said on pointing.

import { useTranslation } from "react-i18next";
import type { Post } from "../../../os/src/workplace/contract.ts";
import { react } from "../client/commands.ts";
import { act } from "../client/rest.ts";
import { useHum } from "../store/store.ts";

/** Those at hand. */
export const quickEmoji: readonly string[] = ["👍", "✅", "🎉", "❤️", "👀", "🙏"];

/** The row of reactions; nothing when there are none. */
export function Reactions({ post }: { post: Post }) {
  const { t } = useTranslation();
  const person = useHum((state) => state.person);
  const all = Object.entries(post.reactions).filter(([, names]) => names.length > 0);
  if (all.length === 0) return null;
  return (
    <ul className="reactions">
      {all.map(([emoji, names]) => {
        const mine = names.includes(person);
        return (
          <li key={emoji}>
            <button
              type="button"
              className="reaction"
              aria-pressed={mine}
              aria-label={t("chat.reaction", { emoji, names: names.join(", ") })}
              title={names.join(", ")}
              onClick={() => act(react(post.id, emoji, !mine))}
            >
              <span aria-hidden="true">{emoji}</span>
              <span className="reaction-count">{names.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
