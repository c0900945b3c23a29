// One post that was found: who, where, when, and its words around those that were searched for.

import { memo } from "react";
import { useTranslation } from "react-i18next";
import { toSafeLine } from "../control/view/reveal.ts";
import { ago } from "../home/place.tsx";
import { toGist } from "../post/gist.ts";
import { toChannelPath, toThreadPath } from "../router.ts";
import { channelTitle } from "../store/select.ts";
import { useHum } from "../store/store.ts";
import { Avatar } from "../ui/avatar.tsx";
import { Icon } from "../ui/icon.tsx";
import { type Found, type Piece, toHighlights } from "./view.ts";

/** Where a post is opened: its thread beside the search, or the channel at its place. */
function toPath({ post }: Found, direct: boolean, begins: boolean, query: string): string {
  const search = `?q=${encodeURIComponent(query)}`;
  if (post.thread !== null) return toThreadPath("/search", post.thread, post.seq) + search;
  if (begins && !direct) return toThreadPath("/search", post.id) + search;
  return toChannelPath(post.channel, post.seq);
}

/** Words with those that were searched for marked. */
export function Highlights({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <>
      {pieces.map((piece, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no other identity and never move
        piece.hit ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
      )}
    </>
  );
}

/** The row: a link. */
export const SearchRow = memo(function SearchRow({
  found,
  terms,
  query,
  now,
}: {
  found: Found;
  terms: readonly string[];
  query: string;
  now: number;
}) {
  const { i18n } = useTranslation();
  const { post } = found;
  const channel = useHum((state) => state.channels[post.channel]);
  const title = useHum((state) => state.threads[post.thread ?? post.id]?.title ?? null);
  const direct = channel?.kind === "direct";
  return (
    <a className="search-row" href={`#${toPath(found, direct, title !== null, query)}`}>
      <Avatar name={post.from.name} kind={post.from.kind} size={30} />
      <span className="search-row-top">
        <span className="search-row-name">{toSafeLine(post.from.name, 40)}</span>
        <span className="search-row-where">
          {channel ? channelTitle(channel) : post.channel}
          {title !== null && !direct && (
            <>
              <Icon name="thread" size={12} />
              <span className="search-row-thread">{toGist(title, 80)}</span>
            </>
          )}
        </span>
        <time className="search-row-time" dateTime={new Date(post.at).toISOString()}>
          {ago(post.at, now, i18n.language)}
        </time>
      </span>
      <span className="search-row-text">
        <Highlights pieces={toHighlights(post.text, terms)} />
      </span>
      {post.files.length > 0 && (
        <span className="search-row-files">
          <Icon name="clip" size={13} />
          {post.files
            .slice(0, 3)
            .map((file) => toSafeLine(file.path, 40))
            .join(", ")}
        </span>
      )}
    </a>
  );
});
